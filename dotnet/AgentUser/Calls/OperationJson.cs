using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The members of an operation's request. A member that is null is left out.</summary>
internal static class OperationJson
{
    internal static JsonValue Operation(string name, params (string Name, JsonValue? Value)[] members) =>
        JsonValue.ObjectOf([("operation", name), .. members]);

    internal static JsonValue? Optional(string? text) => text is null ? null : text;

    internal static JsonValue? Optional(bool? flag) => flag is { } value ? value : null;

    internal static JsonValue? Optional(int? number) => number is { } value ? value : null;

    internal static JsonValue? Optional(IEnumerable<string>? texts) => texts is null ? null : JsonValue.Array(texts);

    internal static JsonValue? Optional(IEnumerable<int>? numbers) =>
        numbers is null ? null : JsonValue.Array(numbers.Select(number => (JsonValue)number));

    internal static JsonValue Optional(Readiness readiness) => JsonValue.ObjectOf(
        ("mailbox", (readiness & Readiness.Mailbox) != 0),
        ("teams", (readiness & Readiness.Teams) != 0),
        ("oneDrive", (readiness & Readiness.OneDrive) != 0));
}
