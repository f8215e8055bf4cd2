using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>An error, with its likely cause and the fix. It never holds a token or a secret.</summary>
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
        RowErrorCounts = [.. Items("rowErrorCounts").Select(RowErrorCount.From)];
        Others = [.. Items("others").Select(From)];
    }

    /// <summary>The stable code, such as <see cref="ProblemCodes.ParentNotFound"/>; <see cref="AgentUserRules.ExplainCode"/> tells what it means.</summary>
    public string Code { get; }

    /// <summary>The kind of the code, for programs that branch on a handful of kinds.</summary>
    public ProblemKind Kind { get; }

    /// <summary>One sentence that says what happened.</summary>
    public string Message { get; }

    /// <summary>The likely cause.</summary>
    public string Cause { get; }

    /// <summary>The fix.</summary>
    public string Fix { get; }

    /// <summary>Microsoft's page that explains it, where there is one.</summary>
    public string? Documentation => Text("documentation");

    /// <summary>The place where more is said: Microsoft's page, or the call of this library that explains the code without a server.</summary>
    public string See => Documentation ?? $"AgentUserRules.ExplainCode(\"{Code}\")";

    /// <summary>The permissions of which one is missing, least privileged first; empty if none is.</summary>
    public IReadOnlyList<string> Permissions { get; }

    /// <summary>The field at fault, by Graph's property name; null if it is not known.</summary>
    public string? Field => Text("field");

    /// <summary>The HTTP status; null if no server answered.</summary>
    public int? Status => (int?)Json["status"]?.AsInt64();

    /// <summary>The server's own error code.</summary>
    public string? GraphCode => Text("graphCode");

    /// <summary>The server's own message.</summary>
    public string? GraphMessage => Text("graphMessage");

    /// <summary>The claims that the next sign-in must carry, as JSON; null if the server's answer is not a claims challenge.</summary>
    public string? Claims => Text("claims");

    /// <summary>The server's id of the request, for Microsoft's support.</summary>
    public string? RequestId => Text("requestId");

    /// <summary>The <c>client-request-id</c> of the request that failed, by which Graph's activity logs name it.</summary>
    public string? ClientRequestId => Text("clientRequestId");

    /// <summary>The run that it belongs to, which the <c>User-Agent</c> of its requests names; null outside of one.</summary>
    public string? RunId => Text("runId");

    /// <summary>The wait that the server asked for; null if it asked for none.</summary>
    public TimeSpan? RetryAfter => Json["retryAfterMs"]?.AsInt64() is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    /// <summary>Whether the same request may succeed later without a change.</summary>
    public bool IsTransient => Json["transient"]?.AsBoolean() ?? false;

    /// <summary>The violations of the input; empty if it is valid.</summary>
    public IReadOnlyList<Violation> Violations { get; }

    /// <summary>The violations of a roster, each with its row and field; empty if it is valid.</summary>
    public IReadOnlyList<RowError> RowErrors { get; }

    /// <summary>All violations of a roster by rule and field, the most frequent first; empty where <see cref="RowErrors"/> lists all.</summary>
    public IReadOnlyList<RowErrorCount> RowErrorCounts { get; }

    /// <summary>The other problems that were found at the same time; <see cref="Message"/> names them, too.</summary>
    public IReadOnlyList<Problem> Others { get; }

    internal JsonValue Json { get; }

    /// <summary>The JSON object of the problem, members that this version does not know included.</summary>
    /// <returns>The JSON.</returns>
    public string ToJson() => Json.ToString();

    /// <summary>Whether the operation was cancelled.</summary>
    internal bool IsCancellation => Code == "Cancelled";

    /// <summary>The message and the fix.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Message} {Fix}".TrimEnd();

    internal static Problem From(JsonValue json) => new(json);

    /// <summary>A problem that this binding finds by itself. Kind and cause are those of its code.</summary>
    internal static Problem Of(string code, string message, string fix)
    {
        JsonValue known = AgentUserRules.JsonOf(code);
        return new(JsonValue.ObjectOf(
            ("code", code),
            ("kind", known["kind"]),
            ("message", message),
            ("cause", known["cause"]),
            ("fix", fix),
            ("transient", false),
            ("documentation", known["documentation"])));
    }

    internal static Problem Parse(string json) => From(JsonValue.Parse(json));

    private string? Text(string member) => Json[member]?.AsString();

    private IReadOnlyList<JsonValue> Items(string member) => Json[member]?.Items ?? [];
}
