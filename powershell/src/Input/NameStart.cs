using System;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A name to look for: the whole of it, or its beginning, which is all that Graph filters by.</summary>
internal sealed class NameStart
{
    private NameStart(string text, bool isWhole)
    {
        Text = text;
        IsWhole = isWhole;
    }

    /// <summary>The name, or its beginning.</summary>
    internal string Text { get; }

    /// <summary>Whether it is the whole name.</summary>
    internal bool IsWhole { get; }

    /// <summary>Reads a name that may end with a *. Any other pattern is an error that says what to use.</summary>
    /// <param name="cmdlet">The cmdlet whose error it would be.</param>
    /// <param name="name">The name; null if none is given.</param>
    /// <param name="typed">The name as it was typed, where a * was added to it.</param>
    /// <param name="start">The name to look for; null for any.</param>
    /// <returns>Whether it could be read.</returns>
    internal static bool TryRead(PSCmdlet cmdlet, string? name, string? typed, out NameStart? start)
    {
        start = null;
        if (name is null)
            return true;
        bool isWhole = !name.EndsWith("*", StringComparison.Ordinal);
        string text = isWhole ? name : name.Substring(0, name.Length - 1);
        if (WildcardPattern.ContainsWildcardCharacters(text))
        {
            cmdlet.WriteError(Failure.Record(
                "WildcardNotAtEnd", ErrorCategory.InvalidArgument, typed, $"'{typed}' can't be looked for: Graph filters by the beginning of a name alone.",
                $"Give the beginning with a * at its end, such as 'sales*'; or list, and look: Get-AgentUser | Where-Object UserPrincipalName -like '{typed}'."));
            return false;
        }
        if (text.Length > 0)
            start = new NameStart(text, isWhole);
        return true;
    }
}
