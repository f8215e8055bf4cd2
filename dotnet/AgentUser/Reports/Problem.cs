using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>Anything that went wrong, with its likely cause and the fix. It never holds a token or a secret.</summary>
public sealed class Problem
{
    private Problem(JsonValue json)
    {
        Json = json;
        Code = Text("code") ?? "Internal";
        Kind = Names.Parse<ProblemKind>(json["kind"]);
        Message = Text("message") ?? "";
        Cause = Text("cause") ?? "";
        Fix = Text("fix") ?? "";
        Permissions = [.. Items("permissions").Select(item => item.AsString()).OfType<string>()];
        Violations = [.. Items("violations").Select(Violation.From)];
        RowErrors = [.. Items("rowErrors").Select(RowError.From)];
    }

    /// <summary>The stable code, such as <c>ParentNotFound</c>; docs/errors.md lists all.</summary>
    public string Code { get; }

    /// <summary>What a program can do about it: fewer than the codes, and one for each.</summary>
    public ProblemKind Kind { get; }

    /// <summary>What happened, in one sentence.</summary>
    public string Message { get; }

    /// <summary>Why it likely happened.</summary>
    public string Cause { get; }

    /// <summary>What to do about it.</summary>
    public string Fix { get; }

    /// <summary>Microsoft's page that explains it, where there is one.</summary>
    public string? Documentation => Text("documentation");

    /// <summary>Permissions that would allow it, least privileged first; empty where none is missing.</summary>
    public IReadOnlyList<string> Permissions { get; }

    /// <summary>The field at fault, by Graph's property name.</summary>
    public string? Field => Text("field");

    /// <summary>The HTTP status, where a server answered.</summary>
    public int? Status => (int?)Json["status"]?.AsInt64();

    /// <summary>The server's own error code.</summary>
    public string? GraphCode => Text("graphCode");

    /// <summary>The server's own message.</summary>
    public string? GraphMessage => Text("graphMessage");

    /// <summary>The server's id of the request, for its support.</summary>
    public string? RequestId => Text("requestId");

    /// <summary>How long the server asked to wait.</summary>
    public TimeSpan? RetryAfter => Json["retryAfterMs"]?.AsInt64() is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <summary>Whether the same request may succeed later without a change.</summary>
    public bool IsTransient => Json["transient"]?.AsBoolean() ?? false;

    /// <summary>The broken rules, when the input was invalid.</summary>
    public IReadOnlyList<Violation> Violations { get; }

    /// <summary>The broken rules of a roster, each with its place.</summary>
    public IReadOnlyList<RowError> RowErrors { get; }

    /// <summary>It as JSON.</summary>
    public JsonValue Json { get; }

    /// <summary>Whether it says that the operation was cancelled.</summary>
    internal bool IsCancellation => Code == "Cancelled";

    /// <summary>What happened, and the fix.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Message} {Fix}".TrimEnd();

    internal static Problem From(JsonValue json) => new(json);

    internal static Problem Parse(string json) => From(JsonValue.Parse(json));

    private string? Text(string member) => Json[member]?.AsString();

    private IReadOnlyList<JsonValue> Items(string member) => Json[member]?.Items ?? [];
}
