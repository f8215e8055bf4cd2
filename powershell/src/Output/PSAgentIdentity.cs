using System;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>An agent identity, the parent of an agent user.</summary>
public sealed class PSAgentIdentity
{
    private readonly AgentIdentity? _identity;

    /// <summary>Makes an agent identity without members, for scripts and their tests.</summary>
    public PSAgentIdentity()
    {
    }

    internal PSAgentIdentity(AgentIdentity identity)
    {
        _identity = identity;
        Id = identity.ObjectId;
        DisplayName = identity.DisplayName;
        AccountEnabled = identity.AccountEnabled;
        AppId = identity.AppId;
        AgentIdentityBlueprintId = identity.AgentIdentityBlueprintId;
        ServicePrincipalType = identity.ServicePrincipalType;
        DisabledByMicrosoftStatus = identity.DisabledByMicrosoftStatus;
        CreatedDateTime = Moment.Of(identity.CreatedDateTime);
    }

    /// <summary>The object id.</summary>
    public Guid? Id { get; set; }

    /// <summary>The display name.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Whether the account is enabled.</summary>
    public bool? AccountEnabled { get; set; }

    /// <summary>The application (client) id.</summary>
    public Guid? AppId { get; set; }

    /// <summary>The application id of its blueprint.</summary>
    public Guid? AgentIdentityBlueprintId { get; set; }

    /// <summary><c>ServiceIdentity</c> for an agent identity.</summary>
    public string? ServicePrincipalType { get; set; }

    /// <summary><c>NotDisabled</c>, or why Microsoft disabled it.</summary>
    public string? DisabledByMicrosoftStatus { get; set; }

    /// <summary>When it was created, in UTC; null where it was read to be verified as a parent.</summary>
    public PSObject? CreatedDateTime { get; set; }

    /// <summary>Its sponsors; null unless -Property asks for them.</summary>
    public JoinedList<PSDirectoryObject>? Sponsors { get; set; }

    /// <summary>Its owners; null unless -Property asks for them.</summary>
    public JoinedList<PSDirectoryObject>? Owners { get; set; }

    /// <summary>The effect of lifecycle policies on it; null unless -Property asks for it.</summary>
    public PSAgentIdentityLifecycle? Lifecycle { get; set; }

    /// <summary>All members that Graph sent, those without a property included; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _identity?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The display name and the object id.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{DisplayName} ({Id})";
}

/// <summary>A person, a group or a service principal.</summary>
public sealed class PSDirectoryObject
{
    private readonly DirectoryObject? _one;

    /// <summary>Makes one without anything, for scripts and their tests.</summary>
    public PSDirectoryObject()
    {
    }

    internal PSDirectoryObject(DirectoryObject one)
    {
        _one = one;
        Id = one.ObjectId;
        DisplayName = one.DisplayName;
        UserPrincipalName = one.UserPrincipalName;
        Type = one.ODataType?.Split('.').Last();
    }

    /// <summary>The object id.</summary>
    public Guid? Id { get; set; }

    /// <summary>The display name.</summary>
    public string? DisplayName { get; set; }

    /// <summary>A user's sign-in name.</summary>
    public string? UserPrincipalName { get; set; }

    /// <summary>The type, such as <c>user</c> or <c>group</c>.</summary>
    public string? Type { get; set; }

    /// <summary>All members that Graph sent; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _one?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The sign-in name, else the display name, else the id; a group as a roster names it.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Type == "group" ? $"{PSAgentUserRelation.GroupPrefix}{Id}" : UserPrincipalName ?? DisplayName ?? Id?.ToString() ?? "";
}

/// <summary>The effect of Microsoft's lifecycle policies on an agent identity.</summary>
public sealed class PSAgentIdentityLifecycle
{
    private readonly AgentLifecycle? _lifecycle;

    /// <summary>Makes one without anything, for scripts and their tests.</summary>
    public PSAgentIdentityLifecycle()
    {
    }

    internal PSAgentIdentityLifecycle(AgentLifecycle lifecycle)
    {
        _lifecycle = lifecycle;
        NextAction = lifecycle.NextAction is null ? null : Plain.Pascal(lifecycle.NextAction);
        NextActionDateTime = Moment.Of(lifecycle.NextActionDateTime);
        Policies = new(lifecycle.Policies.Select(policy => policy.DisplayName ?? policy.PolicyId));
        Remarks = new(Words.Of(lifecycle.Remarks));
    }

    /// <summary>The next action of the policies that govern it, such as <c>Disable</c>; null if none is to come.</summary>
    public string? NextAction { get; set; }

    /// <summary>When that is, in UTC.</summary>
    public PSObject? NextActionDateTime { get; set; }

    /// <summary>The names of the policies of which it is a subject.</summary>
    public JoinedList<string> Policies { get; set; } = JoinedList<string>.Empty;

    /// <summary>Sentences about what comes and what helps.</summary>
    public JoinedList<string> Remarks { get; set; } = JoinedList<string>.Empty;

    /// <summary>The policies with their rules and verdicts; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _lifecycle?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The next action and its date.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => NextAction is null ? "no action" : $"{NextAction} {NextActionDateTime}";
}
