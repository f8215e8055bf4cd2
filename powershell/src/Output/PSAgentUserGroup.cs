using System;

namespace AgentUsers.PowerShell;

/// <summary>A group that an agent user is a member of.</summary>
public sealed class PSAgentUserGroup
{
    private readonly Group? _group;

    /// <summary>Makes a group without members, for scripts and their tests.</summary>
    public PSAgentUserGroup()
    {
    }

    internal PSAgentUserGroup(string agentUser, Group group)
    {
        AgentUser = agentUser;
        _group = group;
        DisplayName = group.DisplayName;
        GroupTypes = new(group.GroupTypes);
        MailEnabled = group.IsMailEnabled;
        SecurityEnabled = group.IsSecurityEnabled;
        IsAssignableToRole = group.IsAssignableToRole;
        OnPremisesSyncEnabled = group.IsSynced;
        Id = group.ObjectId;
    }

    /// <summary>The agent user, as the input names it.</summary>
    public string AgentUser { get; set; } = "";

    /// <summary>The display name.</summary>
    public string? DisplayName { get; set; }

    /// <summary><c>Unified</c> for a Microsoft 365 group, <c>DynamicMembership</c> for a dynamic one.</summary>
    public JoinedList<string> GroupTypes { get; set; } = JoinedList<string>.Empty;

    /// <summary>Whether it has a mail address.</summary>
    public bool? MailEnabled { get; set; }

    /// <summary>Whether it can be given access.</summary>
    public bool? SecurityEnabled { get; set; }

    /// <summary>Whether directory roles can be assigned to it.</summary>
    public bool? IsAssignableToRole { get; set; }

    /// <summary>Whether it is synced from on-premises.</summary>
    public bool? OnPremisesSyncEnabled { get; set; }

    /// <summary>The object id.</summary>
    public Guid? Id { get; set; }

    /// <summary>All members that Graph sent; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _group?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The display name.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => DisplayName ?? Id?.ToString() ?? "";
}
