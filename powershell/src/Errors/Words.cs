using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell;

/// <summary>
/// The one table by which texts of the native library name parameters and cmdlets: the library, which speaks to every host, names the members
/// of operations, the options of its command line, and its commands, which <see cref="FixCall"/> has.
/// </summary>
internal static class Words
{
    /// <summary>Patterns of the library's texts, and their words in PowerShell. They are replaced in this order, so a longer pattern stands before a part of it.</summary>
    private static readonly (Regex Has, string Is)[] s_table =
    [
        Pair(@"maxBytes, maxRows or maxTokenBytes, as the field says \(--max-bytes, -MaxBytes and so on\)", "-MaxBytes, -MaxRows or -MaxTokenBytes"),
        Pair(@"allPrincipals: true \(--all-users\)", "-AllPrincipals"),
        Pair(@"assign it as such \(assignAppRole, --app-role\)", "Add-AgentIdentityAppRole assigns it, and Remove-AgentIdentityAppRole takes it away"),
        Pair(@"grant it as such \(grantPermission, --scope\)", "Grant-AgentIdentityPermission grants it, and Revoke-AgentIdentityPermission takes it away"),
        Pair(@"\(grantPermission, --scope\)", "(Grant-AgentIdentityPermission)"),
        Pair(
            "grantPermission with blueprint and allPrincipals, assignAppRole with blueprint; or `agentuser permission grant --blueprint`",
            "Grant-AgentIdentityPermission with -Blueprint and -AllPrincipals, or Add-AgentIdentityAppRole with -Blueprint"),
        Pair(@"the operation grantPermission with agentIdentityId (\S+), or `agentuser permission grant --identity \S+`", "Grant-AgentIdentityPermission $1"),
        Pair("waitPermission, or `agentuser permission wait`", "Wait-AgentIdentityPermission"),
        Pair("listDeleted or `agentuser list --deleted`", "Get-AgentUser -Deleted"),
        Pair("addToGroup, `agentuser group add`", "Add-AgentUserGroup"),
        Pair("agentIdentityId (\\S+) \\(--identity\\)", "-Id $1"),
        Pair(@"\(agentIdentityId, --identity\)", "(-Id)"),
        Pair("agentIdentityId or --identity", "-AgentIdentity"),
        Pair("handedOver sponsor or --only sponsor", "-Only Sponsor"),
        Pair("disabledPlans, --without PLAN", "-DisabledPlan PLAN of Set-AgentUserLicense"),
        Pair("enabledPlans, --with PLAN", "-EnabledPlan PLAN of Set-AgentUserLicense"),
        Pair(@"\(--device-code, -DeviceCode\)", "(-UseDeviceCode)"),
        Pair("agentuser login, or start the sign-in that this host offers", "Connect-AgentUser"),
        Pair("`agentuser audit --list-rules` lists all rules", "Tab after -Rule offers all rules"),
        Pair("that `agentuser retire --json`, `agentuser contain --json` or `agentuser apply --json` has written", "that -ReportPath has written"),
        Pair("that `agentuser audit --json` has written", "that Export-AgentUserReport has written as JSON"),
        Pair("as `agentuser audit --json` has written it", "as Export-AgentUserReport has written it"),
        Pair("a report of `audit` as JSON", "a report of Export-AgentUserReport as JSON"),
        Pair("as `audit` wrote it", "as it was written"),
        Pair("a verb wrote with --out", "Export-AgentUserPlan or -PlanPath has written"),
        Pair("`agentuser restore --from` a report of it adds it", "Restore-AgentUser -FromReport with a report of it adds it"),
        Pair("Use the name of an operation, as docs/permissions.md lists them", "Use the name of an operation, which Tab after -Operation offers"),
        Pair(", as docs/audit.md shows", ""),
        Pair("a name of docs/audit.md", "a name that Tab after -Rule offers"),
        Pair("Use the newest version of agentuser", "Use the newest version of this module"),
        // A member, the option, and the parameter: a parameter of an operation's own name is not named by all.
        Pair(@"\b[a-z]\w+(?:, | \()--[a-z-]+(?:, | or )(-[A-Z]\w+)\)?", "$1"),
    ];

    /// <summary>A member and its option, such as <c>maxAgeDays or --max-age</c>, <c>(newUserPrincipalName, --new-user-principal-name)</c>.</summary>
    private static readonly Regex s_member = new(@"\b([a-z]\w+)(?:, | or )--[a-z][a-z-]+");

    /// <summary>A command: between the marks of code, or at the end of a sentence.</summary>
    private static readonly Regex s_command = new(@"`(agentuser [^`]+)`|\b(agentuser [a-z]+ [^`.]*--[a-z-]+[^`.]*)(?=\.)");

    /// <summary>A text as PowerShell says it.</summary>
    internal static string Of(string text)
    {
        foreach ((Regex has, string isHere) in s_table)
            text = has.Replace(text, isHere);
        text = s_member.Replace(text, match => "-" + Plain.Pascal(match.Groups[1].Value));
        return s_command.Replace(text, match => FixCall.Of(match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)!);
    }

    /// <summary>A text as PowerShell says it; null if there is none.</summary>
    internal static string? OfAny(string? text) => text is null ? null : Of(text);

    /// <summary>The sentences of remarks as PowerShell says them.</summary>
    internal static IEnumerable<string> Of(IEnumerable<Remark> remarks) => remarks.Select(remark => Of(remark.Message));

    private static (Regex Has, string Is) Pair(string pattern, string words) => (new Regex(pattern, RegexOptions.CultureInvariant), words);
}
