using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The kinds of results of a wait.</summary>
internal enum WaitKind
{
    /// <summary>No result in time.</summary>
    Timeout,

    /// <summary>Progress.</summary>
    Progress,

    /// <summary>The sign-in asks for something: answer by <see cref="NativeClient.Answer"/> or <see cref="PumpedCall.DemandFailed"/>.</summary>
    Demand,

    /// <summary>A page of agent users, or of agent identities.</summary>
    Page,

    /// <summary>The report of a row.</summary>
    Report,

    /// <summary>A record of what was sent or changed.</summary>
    Record,

    /// <summary>The end, with a result.</summary>
    Done,

    /// <summary>The end, with a problem.</summary>
    Failed,
}

/// <summary>The result of a wait.</summary>
internal sealed class WaitResult
{
    private WaitResult(WaitKind kind) => Kind = kind;

    internal static WaitResult Timeout { get; } = new(WaitKind.Timeout);

    internal WaitKind Kind { get; }

    /// <summary>With <see cref="WaitKind.Progress"/>: the progress.</summary>
    internal AgentUserProgress? Progress { get; private init; }

    /// <summary>With <see cref="WaitKind.Demand"/>: what the sign-in asks for.</summary>
    internal Demand? Demand { get; private init; }

    /// <summary>With <see cref="WaitKind.Page"/>: the agent users. With <see cref="WaitKind.Done"/>: the agent user in the result, if there is one.</summary>
    internal IReadOnlyList<AgentUser> AgentUsers { get; private init; } = [];

    /// <summary>With <see cref="WaitKind.Page"/>: the agent identities.</summary>
    internal IReadOnlyList<AgentIdentity> AgentIdentities { get; private init; } = [];

    /// <summary>With <see cref="WaitKind.Report"/>: the report.</summary>
    internal ProvisionReport? Report { get; private init; }

    /// <summary>With <see cref="WaitKind.Record"/>: the record.</summary>
    internal JsonValue Record { get; private init; } = JsonValue.Null;

    /// <summary>With <see cref="WaitKind.Done"/>: the result.</summary>
    internal JsonValue Result { get; private init; } = JsonValue.Null;

    /// <summary>With <see cref="WaitKind.Done"/> of a token's call: the token in UTF-8, which its reader clears; else null.</summary>
    internal byte[]? Token { get; private init; }

    /// <summary>With <see cref="WaitKind.Failed"/>: the problem.</summary>
    internal Problem? Problem { get; private init; }

    internal static WaitResult OfProgress(JsonValue progress) => new(WaitKind.Progress) { Progress = AgentUserProgress.From(progress) };

    internal static WaitResult OfPage(IReadOnlyList<AgentUser> users) => new(WaitKind.Page) { AgentUsers = users };

    internal static WaitResult OfIdentities(JsonValue page) =>
        new(WaitKind.Page) { AgentIdentities = [.. page.Items.Select(one => new AgentIdentity(one))] };

    internal static WaitResult OfReport(JsonValue report) => new(WaitKind.Report) { Report = ProvisionReport.From(report) };

    internal static WaitResult OfRecord(JsonValue record) => new(WaitKind.Record) { Record = record };

    internal static WaitResult OfDone(JsonValue result, IReadOnlyList<AgentUser> users, byte[]? token = null) =>
        new(WaitKind.Done) { Result = result, AgentUsers = users, Token = token };

    internal static WaitResult OfFailed(JsonValue problem) => new(WaitKind.Failed) { Problem = Problem.From(problem) };

    internal static WaitResult Read(uint kind, NativeResult result) => kind switch
    {
        1 => OfProgress(JsonValue.Parse(result.Json())),
        2 => new(WaitKind.Demand) { Demand = Demand.From(JsonValue.Parse(result.Json()), result.Body()) },
        3 when result.AgentUsers() is { Count: > 0 } users => OfPage(users),
        3 when result.IsArray() => OfIdentities(JsonValue.Parse(result.Json())),
        3 => OfReport(JsonValue.Parse(result.Json())),
        4 => OfDone(JsonValue.Parse(result.Json()), result.AgentUsers(), result.Body()),
        5 => OfFailed(JsonValue.Parse(result.Json())),
        6 => OfRecord(JsonValue.Parse(result.Json())),
        _ => throw new InvalidOperationException($"The native library of agentuser returned a result of unknown kind {kind}."),
    };
}
