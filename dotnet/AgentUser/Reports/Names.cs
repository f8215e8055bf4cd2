using System;

namespace AgentUsers;

/// <summary>Names in JSON and members of enumerations.</summary>
internal static class Names
{
    /// <summary>The member of that name, or the one called Unknown: a newer native library may have more.</summary>
    internal static T Parse<T>(JsonValue? name)
        where T : struct, Enum =>
        // Digits would be taken for a member's number.
        name?.AsString() is { Length: > 0 } text && char.IsLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out T value)
            ? value
            : default;
}
