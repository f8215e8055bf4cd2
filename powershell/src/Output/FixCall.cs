using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>Commands of agentuser as calls of cmdlets: the fixes of findings are commands in the native library, and its sentences name some.</summary>
internal static class FixCall
{
    /// <summary>The call with the effect of a command.</summary>
    /// <param name="command">The command of agentuser; null or empty where no single command mends it.</param>
    /// <returns>The call; null without a command. A command that no cmdlet does stays as it is.</returns>
    internal static string? Of(string? command)
    {
        if (string.IsNullOrEmpty(command))
            return null;
        string[] words = command!.Split(' ');
        string[] given = [.. words.Select(Plain.Quoted)];
        return words switch
        {
            ["agentuser", "disable", _] => $"Disable-AgentUser {given[2]}",
            ["agentuser", "delete", _, "--yes"] => $"Remove-AgentUser {given[2]}",
            ["agentuser", "restore", _] => $"Restore-AgentUser {given[2]}",
            ["agentuser", "attest", _] => $"Confirm-AgentIdentity {given[2]}",
            ["agentuser", "license", "list", _] => $"Get-AgentUserLicense {given[3]}",
            ["agentuser", "license", "remove", _, _, ..] => $"Set-AgentUserLicense {given[3]} -Remove {string.Join(", ", given.Skip(4))}",
            ["agentuser", "manager", "set", _, _] => $"Set-AgentUserManager {given[3]} {given[4]}",
            ["agentuser", "sponsor", "add", _, _] => $"Add-AgentUserSponsor {given[3]} {given[4]}",
            ["agentuser", "sponsor", "remove", _, _] => $"Remove-AgentUserSponsor {given[3]} {given[4]}",
            ["agentuser", "update", _, "--set", var set] when set.Split('=') is [var member, var value] =>
                $"Set-AgentUser {given[2]} -{Plain.Pascal(member)} {Plain.Quoted(value)}",
            ["agentuser", "wait", _, "--for", var service] => $"Wait-AgentUser {given[2]} -For {Plain.Pascal(service)}",
            ["agentuser", "permission", "list", _] => $"Get-AgentIdentityPermission {given[3]}",
            ["agentuser", "permission", "revoke", "--identity", _, "--all-users", "--scope", var scopes] => FromAll(given[4], scopes),
            ["agentuser", "permission", "revoke", "--identity", _, "--all-users", "--scope", var scopes, "--resource", _] =>
                $"{FromAll(given[4], scopes)} -ResourceAppId {given[9]}",
            ["agentuser", "identity", "lifecycle", _] => $"Get-AgentIdentity {given[3]} -SkipParentCheck -Property Lifecycle",
            ["agentuser", "identity", "list", "--blueprint", _, "--without-agent-user"] => $"Get-AgentIdentity -BlueprintId {given[4]} -WithoutAgentUser",
            ["agentuser", "identity", "list", "--without-agent-user"] => "Get-AgentIdentity -WithoutAgentUser",
            ["agentuser", "access", _] => $"Get-AgentUserAccess {given[2]}",
            ["agentuser", "create"] => "New-AgentUser",
            ["agentuser", "enable"] => "Enable-AgentUser",
            ["agentuser", "restore"] => "Restore-AgentUser",
            ["agentuser", "attest"] => "Confirm-AgentIdentity",
            _ => command,
        };
    }

    /// <summary>The call that takes permissions from all users of an agent identity.</summary>
    private static string FromAll(string identity, string scopes) =>
        $"Revoke-AgentIdentityPermission {identity} -AllPrincipals -Scope {string.Join(", ", scopes.Split(',').Select(Plain.Quoted))}";
}
