using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AgentUsers.PowerShell;

/// <summary>Values of Graph as PowerShell has them: objects with properties in the place of dictionaries, and words as commands have them.</summary>
internal static class Plain
{
    /// <summary>An object with those of the members that have a value, without annotations; null if there are none.</summary>
    internal static PSObject? Object(IReadOnlyDictionary<string, object?> members)
    {
        PSObject? made = null;
        foreach (KeyValuePair<string, object?> member in members.Where(member => member.Value is not null && !member.Key.StartsWith("@", StringComparison.Ordinal)))
            (made ??= new PSObject()).Properties.Add(new PSNoteProperty(member.Key, Value(member.Value)));
        return made;
    }

    /// <summary>An object with the entries of a hashtable; any other object as it is.</summary>
    internal static PSObject? Object(PSObject? given)
    {
        if (given?.BaseObject is not IDictionary)
            return given;
        var made = new PSObject();
        foreach (KeyValuePair<string, object?> member in JsonOf.Members(given))
            made.Properties.Add(new PSNoteProperty(member.Key, member.Value));
        return made;
    }

    /// <summary>The first letter as a capital: <c>created</c> is <c>Created</c>.</summary>
    internal static string Pascal(string? word) => string.IsNullOrEmpty(word) ? "" : char.ToUpperInvariant(word![0]) + word.Substring(1);

    /// <summary>A text as an argument in a command, in quotes where it needs them.</summary>
    internal static string Quoted(string text) =>
        text.Length > 0 && text.All(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_' or '@' or ':' or '/') && text[0] is not ('@' or '-')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    private static object? Value(object? value) => value switch
    {
        IReadOnlyDictionary<string, object?> members => Object(members) ?? new PSObject(),
        IReadOnlyList<object?> items => items.Select(Value).ToArray(),
        _ => value,
    };
}
