using System;

namespace AgentUsers;

/// <summary>Reads names in JSON as members of enumerations.</summary>
internal static class Names
{
    /// <summary>The member of that name; Unknown if there is none, because a newer native library may have more.</summary>
    internal static T Parse<T>(JsonValue? name)
        where T : struct, Enum =>
        // Enum.TryParse would take digits for a member's number.
        name?.AsString() is { Length: > 0 } text && char.IsLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out T value)
            ? value
            : default;
}
