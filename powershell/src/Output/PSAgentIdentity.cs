using System;

namespace AgentUsers.PowerShell;

/// <summary>An agent identity that can be the parent of an agent user.</summary>
public sealed class PSAgentIdentity
{
    private readonly AgentIdentity _identity;

    internal PSAgentIdentity(AgentIdentity identity) => _identity = identity;

    /// <summary>The object id.</summary>
    public Guid? Id => _identity.ObjectId;

    /// <summary>The display name.</summary>
    public string? DisplayName => _identity.DisplayName;

    /// <summary>Whether the account is enabled.</summary>
    public bool? AccountEnabled => _identity.AccountEnabled;

    /// <summary>The application (client) id.</summary>
    public Guid? AppId => _identity.AppId;

    /// <summary>The application id of its blueprint.</summary>
    public Guid? AgentIdentityBlueprintId => _identity.AgentIdentityBlueprintId;

    /// <summary><c>ServiceIdentity</c> for an agent identity.</summary>
    public string? ServicePrincipalType => _identity.ServicePrincipalType;

    /// <summary><c>NotDisabled</c>, or why Microsoft disabled it.</summary>
    public string? DisabledByMicrosoftStatus => _identity.DisabledByMicrosoftStatus;

    /// <summary>All members that Graph sent, those without a property included.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _identity.ToJson();

    /// <summary>The display name and the object id.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{DisplayName} ({Id})";
}
