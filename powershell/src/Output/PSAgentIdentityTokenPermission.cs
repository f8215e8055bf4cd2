namespace AgentUsers.PowerShell;

/// <summary>Whether the token of a connection carries a permission.</summary>
public sealed class PSAgentIdentityTokenPermission
{
    /// <summary>Makes one of no permission, for scripts and their tests.</summary>
    public PSAgentIdentityTokenPermission()
    {
    }

    internal PSAgentIdentityTokenPermission(TokenPermission ended)
    {
        Permission = ended.Permission;
        State = ended.IsCarried ? "Carried" : "Unknown";
    }

    /// <summary>The name of the permission.</summary>
    public string Permission { get; set; } = "";

    /// <summary><c>Carried</c>, or <c>Unknown</c> where the token shows no permissions.</summary>
    public string State { get; set; } = "";

    /// <summary>Permission and state.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Permission} {State}";
}
