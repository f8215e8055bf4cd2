namespace AgentUsers.PowerShell;

/// <summary>A permission or a role that cmdlets need, for one kind of caller.</summary>
public sealed class PSAgentUserPermission
{
    /// <summary>Makes one without anything, for scripts and their tests.</summary>
    public PSAgentUserPermission()
    {
    }

    internal PSAgentUserPermission(string caller, string kind, string name, string need, string? when)
    {
        Caller = caller;
        Kind = kind;
        Permission = name;
        Need = need;
        When = when;
    }

    /// <summary><c>Application</c>, <c>Blueprint</c> or <c>Delegated</c>: a signed-in person.</summary>
    public string Caller { get; set; } = "";

    /// <summary><c>Permission</c>, or <c>Role</c>: an Entra role, of a person alone.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The name of the permission or role.</summary>
    public string Permission { get; set; } = "";

    /// <summary><c>Always</c>, <c>Sometimes</c>, or <c>Optional</c> for what the cmdlets can do without.</summary>
    public string Need { get; set; } = "";

    /// <summary>When it is needed, or what is missing without it; null where it is needed always.</summary>
    public string? When { get; set; }

    /// <summary>The permission.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Permission;
}
