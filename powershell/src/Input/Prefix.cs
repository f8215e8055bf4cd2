using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Patterns that Graph can look for: the beginning of a name.</summary>
internal static class Prefix
{
    /// <summary>The beginning that a pattern names; null for all. It ends the cmdlet where the pattern is another one.</summary>
    internal static string? Of(PSCmdlet cmdlet, string? pattern)
    {
        if (pattern is null)
            return null;
        string prefix = pattern.TrimEnd('*');
        if (prefix.Length == pattern.Length || WildcardPattern.ContainsWildcardCharacters(prefix))
        {
            cmdlet.ThrowTerminatingError(Failure.Record(
                "WildcardNotAtEnd", ErrorCategory.InvalidArgument, pattern, $"Graph finds names by their beginning alone, and '{pattern}' is not one.",
                $"Give the beginning with * at its end, such as '{prefix.Split('*', '?', '[')[0]}*', and filter the rest with Where-Object."));
        }
        return prefix.Length == 0 ? null : prefix;
    }

    /// <summary>The sentence for a name where an object id is to be; null for any other problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="list">The cmdlet that looks for the beginning of a display name.</param>
    /// <param name="name">The name.</param>
    internal static string? OfName(Problem problem, string list, object? name) => problem.Violations is [{ Code: RuleCodes.NotAnObjectId }]
        ? $"A name is looked for by {list} -DisplayName {Plain.Quoted($"{name}".Split('*', '?', '[')[0] + "*")}."
        : null;
}
