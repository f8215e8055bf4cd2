using System;

namespace AgentUsers;

/// <summary>Reads names in JSON as members of enumerations, and writes them.</summary>
internal static class Names
{
    /// <summary>The member of that name; Unknown if there is none, because a newer native library may have more.</summary>
    internal static T Parse<T>(JsonValue? name)
        where T : struct, Enum =>
        // Enum.TryParse would take digits for a member's number.
        name?.AsString() is { Length: > 0 } text && char.IsLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out T value)
            ? value
            : default;

    /// <summary>The name of a member, as JSON has it.</summary>
    internal static string Write<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name.Substring(1);
    }
}
