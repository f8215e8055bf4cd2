using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>A step of an operation: requests to send, a wait, or something to tell.</summary>
internal sealed class StepResult
{
    /// <summary>The requests to send; null for another step.</summary>
    internal IReadOnlyList<GraphRequest>? Send { get; private init; }

    /// <summary>The progress, item, record or end; null for another step.</summary>
    internal WaitResult? Told { get; private init; }

    /// <summary>When there is something to do without an answer, on the clock of the poll; null if nothing is.</summary>
    internal long? UntilMs { get; private init; }

    /// <summary>Whether there is nothing to do before <see cref="UntilMs"/>.</summary>
    internal bool IsWait { get; private init; }

    /// <summary>Reads a step.</summary>
    /// <param name="kind">An <c>agentuser_step_kind</c>.</param>
    /// <param name="result">The step.</param>
    internal static StepResult Read(uint kind, NativeResult result)
    {
        // The rows of a page are read without its JSON, which has all of them once more.
        if (kind == 3 && result.AgentUsers() is { Count: > 0 } page)
            return new() { Told = WaitResult.OfPage(page) };
        JsonValue step = JsonValue.Parse(result.Json());
        return kind switch
        {
            1 => new() { Send = Requests(step, result.Bodies()) },
            2 => new(),
            3 => new() { Told = Item(step["item"] ?? JsonValue.Null) },
            4 => new() { Told = WaitResult.OfProgress(step["event"] ?? JsonValue.Null) },
            5 => new() { IsWait = true, UntilMs = step["untilMs"]?.AsInt64() },
            6 => new() { Told = WaitResult.OfDone(step["result"] ?? JsonValue.Null, result.AgentUsers()) },
            7 => new() { Told = WaitResult.OfFailed(step["problem"] ?? JsonValue.Null) },
            8 => new() { Told = WaitResult.OfRecord(step["record"] ?? JsonValue.Null) },
            _ => throw new InvalidOperationException($"The native library of agentuser returned a step of unknown kind {kind}."),
        };
    }

    private static WaitResult Item(JsonValue item) =>
        item["kind"]?.AsString() == "report" ? WaitResult.OfReport(item["value"] ?? JsonValue.Null) : WaitResult.OfIdentities(item["value"] ?? JsonValue.Null);

    private static GraphRequest[] Requests(JsonValue step, IReadOnlyDictionary<long, byte[]> bodies) =>
        [.. (step["requests"]?.Items ?? []).Select(request => GraphRequest.From(request, bodies))];
}
