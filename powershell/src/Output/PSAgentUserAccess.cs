namespace AgentUsers.PowerShell;

/// <summary>One thing that an agent user has access to, and what gives it.</summary>
public sealed class PSAgentUserAccess
{
    /// <summary>Makes an access to nothing, for scripts and their tests.</summary>
    public PSAgentUserAccess()
    {
    }

    internal PSAgentUserAccess(string agentUser, string kind, AccessSource source, string? sourceName)
    {
        AgentUser = agentUser;
        Kind = kind;
        Source = source.ToString();
        SourceName = sourceName;
    }

    /// <summary>The agent user's sign-in name.</summary>
    public string AgentUser { get; set; } = "";

    /// <summary><c>Group</c>, <c>Role</c>, <c>EligibleRole</c>, <c>Delegated</c>, <c>AppRole</c> or <c>Inheritable</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Its name: the group, the role, the permissions.</summary>
    public string? Name { get; set; }

    /// <summary>Of a permission: the resource.</summary>
    public string? Resource { get; set; }

    /// <summary>Of a role: <c>/</c> for the whole tenant, or what it is confined to. Of a delegated permission: <c>Principal</c> or <c>AllPrincipals</c>.</summary>
    public string? Scope { get; set; }

    /// <summary>Of a group: whether directory roles can be assigned to it; null of anything else.</summary>
    public bool? IsAssignableToRole { get; set; }

    /// <summary>The giver: <c>Itself</c>, <c>Group</c>, <c>AllUsers</c> or <c>Blueprint</c>.</summary>
    public string Source { get; set; } = "";

    /// <summary>The name of the group or blueprint that gives it, where it is known.</summary>
    public string? SourceName { get; set; }

    /// <summary>The id of the group, the role's definition, the grant or the assignment.</summary>
    public string? Id { get; set; }

    /// <summary>Kind and name.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Kind} {Name}";
}
