namespace AgentUsers.PowerShell;

/// <summary>The names that are derived from a display name.</summary>
public sealed class PSAgentUserName
{
    /// <summary>Makes names of nothing, for scripts and their tests.</summary>
    public PSAgentUserName()
    {
    }

    internal PSAgentUserName(string displayName, DerivedNames names)
    {
        DisplayName = displayName;
        UserPrincipalName = names.UserPrincipalName;
        MailNickname = names.MailNickname;
    }

    /// <summary>The display name.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>The sign-in name; null without a domain.</summary>
    public string? UserPrincipalName { get; set; }

    /// <summary>The mail nickname.</summary>
    public string MailNickname { get; set; } = "";

    /// <summary>The sign-in name, or the mail nickname.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => UserPrincipalName ?? MailNickname;
}
