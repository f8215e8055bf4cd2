using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The meaning of a code.</summary>
public sealed class CodeExplanation
{
    internal CodeExplanation(JsonValue json)
    {
        Code = json["code"]?.AsString() ?? "";
        Kind = json["kind"] is { } kind ? Names.Parse<ProblemKind>(kind) : null;
        Message = json["message"]?.AsString() ?? "";
        Cause = json["cause"]?.AsString();
        Fix = json["fix"]?.AsString();
        Field = json["field"]?.AsString();
        Permissions = [.. (json["permissions"]?.Items ?? []).Select(item => item.AsString()).OfType<string>()];
        StandsFor = [.. (json["standsFor"]?.Items ?? []).Select(item => item.AsString()).OfType<string>()];
        IsTransient = json["transient"]?.AsBoolean() ?? false;
        Evidence = json["evidence"]?.AsString();
        Documentation = json["documentation"]?.AsString();
    }

    /// <summary>The code, as this library spells it.</summary>
    public string Code { get; }

    /// <summary>The kind of the problem; null for a remark.</summary>
    public ProblemKind? Kind { get; }

    /// <summary>Its meaning.</summary>
    public string Message { get; }

    /// <summary>The usual cause; null for a remark.</summary>
    public string? Cause { get; }

    /// <summary>The usual fix; null for a remark.</summary>
    public string? Fix { get; }

    /// <summary>The field that it is about, where it is always the same.</summary>
    public string? Field { get; }

    /// <summary>The permissions that would allow it, where they do not depend on the call; least privileged first.</summary>
    public IReadOnlyList<string> Permissions { get; }

    /// <summary>The codes of Graph and of Entra's sign-in that it stands for.</summary>
    public IReadOnlyList<string> StandsFor { get; }

    /// <summary>Whether the same request may succeed later without a change.</summary>
    public bool IsTransient { get; }

    /// <summary>How well founded it is, where Microsoft does not document it.</summary>
    public string? Evidence { get; }

    /// <summary>Microsoft's page that explains it, where there is one.</summary>
    public string? Documentation { get; }

    /// <summary>Code, meaning, cause and fix.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Code}: {string.Join(" ", new[] { Message, Cause, Fix }.OfType<string>())}";
}
