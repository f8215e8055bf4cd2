using System;

namespace AgentUsers.PowerShell;

/// <summary>An agent identity that can be the parent of an agent user.</summary>
public sealed class PSAgentIdentity
{
    private readonly AgentIdentity _identity;

    internal PSAgentIdentity(AgentIdentity identity) => _identity = identity;

    /// <summary>The object id.</summary>
    public Guid? Id => _identity.ObjectId;

    /// <summary>The name people see.</summary>
    public string? DisplayName => _identity.DisplayName;

    /// <summary>Whether it can be used.</summary>
    public bool? AccountEnabled => _identity.AccountEnabled;

    /// <summary>The application (client) id.</summary>
    public Guid? AppId => _identity.AppId;

    /// <summary>The application id of its blueprint.</summary>
    public Guid? AgentIdentityBlueprintId => _identity.AgentIdentityBlueprintId;

    /// <summary><c>ServiceIdentity</c> for an agent identity.</summary>
    public string? ServicePrincipalType => _identity.ServicePrincipalType;

    /// <summary><c>NotDisabled</c>, or why Microsoft disabled it.</summary>
    public string? DisabledByMicrosoftStatus => _identity.DisabledByMicrosoftStatus;

    /// <summary>Everything that Graph sent, members without a property among them.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _identity.Json.ToString();

    /// <summary>Its name and id.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{DisplayName} ({Id})";
}
