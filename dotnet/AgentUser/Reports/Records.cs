using System;
using System.Collections.Generic;

namespace AgentUsers;

/// <summary>The record of a request, or of one part of a batch. It holds no token, no body and no query.</summary>
public sealed class AgentUserRequestRecord
{
    private readonly JsonValue _json;

    internal AgentUserRequestRecord(JsonValue json) => _json = json;

    /// <summary>When the request left.</summary>
    public DateTimeOffset Time => Moments.Parse(_json["time"]?.AsString()) ?? default;

    /// <summary>The method.</summary>
    public string Method => _json["method"]?.AsString() ?? "";

    /// <summary>The path, without the query.</summary>
    public string Path => _json["path"]?.AsString() ?? "";

    /// <summary>The status of the answer; null if the answer was lost.</summary>
    public int? Status => (int?)_json["status"]?.AsInt64();

    /// <summary>Why there is no answer, such as <c>timedOut</c> or <c>givenUp</c>; null if there is one.</summary>
    public string? Loss => _json["loss"]?.AsString();

    /// <summary>The time from its leaving to its end.</summary>
    public TimeSpan Duration => TimeSpan.FromMilliseconds(_json["durationMs"]?.AsDouble() ?? 0);

    /// <summary>The id that Graph gave it, or the trace id of a sign-in.</summary>
    public string? RequestId => _json["requestId"]?.AsString();

    /// <summary>The <c>client-request-id</c> that it carried.</summary>
    public string ClientRequestId => _json["clientRequestId"]?.AsString() ?? "";

    /// <summary>Which try of the same request it was, from 1.</summary>
    public int Attempt => (int?)_json["attempt"]?.AsInt64() ?? 1;

    /// <summary>The wait that the answer asked for.</summary>
    public TimeSpan? RetryAfter =>
        _json["retryAfterMs"]?.AsDouble() is { } wait ? TimeSpan.FromMilliseconds(Math.Min(wait, int.MaxValue)) : null;

    /// <summary>The <c>client-request-id</c> of the batch that it was part of.</summary>
    public string? BatchId => _json["batchId"]?.AsString();

    /// <summary>The run that it belongs to, which the <c>User-Agent</c> names.</summary>
    public string RunId => _json["runId"]?.AsString() ?? "";

    /// <summary>The row that it belongs to, as in its report; null if there is none.</summary>
    public int? Row => (int?)_json["row"]?.AsInt64();

    /// <summary>Which request of a sign-in it was, such as <c>exchange</c> or <c>agentUser</c>; null for a request to Graph.</summary>
    public string? Leg => _json["leg"]?.AsString();

    /// <summary>The record in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        $"{Method} {Path}: {Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Loss}, {Duration.TotalMilliseconds:0} ms, "
        + $"client-request-id {ClientRequestId}"
        + (RequestId is { } id ? $", request-id {id}" : "")
        + (Attempt > 1 ? $", attempt {Attempt}" : "")
        + (RetryAfter is { } wait ? $", Retry-After {wait.TotalSeconds:0} s" : "");

    /// <summary>The record as a line of JSON.</summary>
    /// <returns>The JSON.</returns>
    public string ToJson() => _json.ToString();
}

/// <summary>The record of a change that was made, or may have been.</summary>
public sealed class AgentUserChangeRecord
{
    private readonly JsonValue _json;

    internal AgentUserChangeRecord(JsonValue json) => _json = json;

    /// <summary>When it was known to be made, or when it was given up to find that out.</summary>
    public DateTimeOffset Time => Moments.Parse(_json["time"]?.AsString()) ?? default;

    /// <summary>The account that made it: its user principal name or object id, or the id of an application; null where the token does not show it.</summary>
    public string? Who => _json["who"]?.AsString();

    /// <summary>Whether it was made; false where that could not be found out.</summary>
    public bool IsKnown => _json["outcome"]?.AsString() != "unknown";

    /// <summary>The run that it belongs to.</summary>
    public string RunId => _json["runId"]?.AsString() ?? "";

    /// <summary>The reason that was given for it.</summary>
    public string? Reason => _json["reason"]?.AsString();

    /// <summary>The object id of the user that was changed; of a change of permissions, that of the one that has them.</summary>
    public Guid? Object => _json["object"]?.AsGuid();

    /// <summary>The user principal name of the user; of a delegated permission, of the user that it is for; null if there is no one user.</summary>
    public string? UserPrincipalName => _json["userPrincipalName"]?.AsString();

    /// <summary>The kind of change.</summary>
    public ChangeKind Change => Names.Parse<ChangeKind>(_json["change"]);

    /// <summary>The member that was changed; null if it was the user as a whole.</summary>
    public string? Member => _json["member"]?.AsString();

    /// <summary>The value before, as JSON.</summary>
    public string Before => (_json["before"] ?? JsonValue.Null).ToString();

    /// <summary>The value after, as JSON.</summary>
    public string After => (_json["after"] ?? JsonValue.Null).ToString();

    /// <summary>The status of the answer to the write that made it; null if that answer was lost and the change was found.</summary>
    public int? Status => (int?)_json["status"]?.AsInt64();

    /// <summary>The id that Graph gave that write.</summary>
    public string? RequestId => _json["requestId"]?.AsString();

    /// <summary>The <c>client-request-id</c> of that write.</summary>
    public string? ClientRequestId => _json["clientRequestId"]?.AsString();

    /// <summary>The row that it belongs to, as in its report; null if there is none.</summary>
    public int? Row => (int?)_json["row"]?.AsInt64();

    /// <summary>The record in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        (Member is null ? $"{Change} {Name}" : $"{Change} {Name}: {Member} {Values()}")
        + (IsKnown ? "" : " (it is not known whether this was made)");

    private string Name => UserPrincipalName ?? Object?.ToString() ?? "";

    /// <summary>Both values of a member that was set; else the one that was added, removed or had no predecessor.</summary>
    private string Values() => (Change, Before, After) switch
    {
        (not (ChangeKind.Set or ChangeKind.SetInheritance), "null", var added) => added,
        (not (ChangeKind.Set or ChangeKind.SetInheritance), var removed, "null") => removed,
        _ => $"from {Before} to {After}",
    };

    /// <summary>The record as a line of JSON.</summary>
    /// <returns>The JSON.</returns>
    public string ToJson() => _json.ToString();
}
