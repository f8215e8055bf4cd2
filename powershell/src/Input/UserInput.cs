using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>The agent users that a cmdlet was given.</summary>
internal static class UserInput
{
    /// <summary>The names that are not patterns: what a pattern would match is to be seen first. Each pattern is an error.</summary>
    internal static IEnumerable<string> Of(PSCmdlet cmdlet, string[]? users)
    {
        if (users is not { Length: > 0 })
        {
            cmdlet.ThrowTerminatingError(Failure.Record(
                "AgentUserMissing", ErrorCategory.InvalidArgument, null, "No agent user is named.",
                "Name it by -Id: an object id, a user principal name, or an object of Get-AgentUser."));
        }
        return users!.Where(user => !IsPattern(cmdlet, user, $"Get-AgentUser '{user}'"));
    }

    /// <summary>Whether a name is a pattern, which is an error.</summary>
    /// <param name="cmdlet">The cmdlet whose error it is.</param>
    /// <param name="name">The name.</param>
    /// <param name="list">The command that lists the objects of the pattern.</param>
    internal static bool IsPattern(PSCmdlet cmdlet, string name, string list)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
            return false;
        cmdlet.WriteError(Failure.Record(
            "NoWildcards", ErrorCategory.InvalidArgument, name, $"'{name}' is a pattern, and this cmdlet takes no patterns.",
            $"List first, and look: {list} | {cmdlet.MyInvocation.MyCommand.Name}."));
        return true;
    }
}
