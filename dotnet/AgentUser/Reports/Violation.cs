using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>A broken rule.</summary>
public sealed class Violation
{
    private Violation(string code, string field, int? position, string message, string fix)
    {
        Code = code;
        Field = field;
        Position = position;
        Message = message;
        Fix = fix;
    }

    /// <summary>The stable code, such as <see cref="RuleCodes.UpnTooLong"/>.</summary>
    public string Code { get; }

    /// <summary>The place: Graph's property name; in a roster, the column as the file writes it.</summary>
    public string Field { get; }

    /// <summary>The index of the offending character, from 0; null if no single one is at fault.</summary>
    public int? Position { get; }

    /// <summary>One sentence that names the error.</summary>
    public string Message { get; }

    /// <summary>The fix.</summary>
    public string Fix { get; }

    /// <summary>Field and message.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Field}: {Message}";

    internal static Violation From(JsonValue json) => new(
        json["code"]?.AsString() ?? "",
        json["field"]?.AsString() ?? "",
        (int?)json["position"]?.AsInt64(),
        json["message"]?.AsString() ?? "",
        json["fix"]?.AsString() ?? "");

    internal static IReadOnlyList<Violation> ListFrom(JsonValue json) =>
        [.. (json["violations"]?.Items ?? []).Select(From)];
}
