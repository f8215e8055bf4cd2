using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>What a simulator simulates. What is null is the simulator's own choice.</summary>
public sealed class AgentUserSimulatorOptions
{
    /// <summary>The port; any free one when null.</summary>
    public int? Port { get; init; }

    /// <summary>How many agent identities there are.</summary>
    public int? Identities { get; init; }

    /// <summary>How many agent users there are at the start.</summary>
    public int? AgentUsers { get; init; }

    /// <summary>What its faults and latencies are drawn from.</summary>
    public long? Seed { get; init; }

    /// <summary>How much faster its clock is.</summary>
    public int? Speed { get; init; }

    /// <summary>How long replication takes.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>How long an answer takes, at least and at most; like a real network when null.</summary>
    public (TimeSpan Least, TimeSpan Most)? Latency { get; init; }

    /// <summary>Where Microsoft's documents contradict each other, be as the reading of this number.</summary>
    public int? Reading { get; init; }

    /// <summary>How long it goes on when nobody talks to it.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>Of 1,000 requests, so many go wrong.</summary>
    public int? FaultsPerMille { get; init; }

    /// <summary>Whether those faults are over quickly.</summary>
    public bool? BriskFaults { get; init; }

    /// <summary>Seats of each license.</summary>
    public int? Seats { get; init; }

    /// <summary>Faults at exact places.</summary>
    public IReadOnlyList<AgentUserSimulatorFault> Script { get; init; } = [];

    /// <summary>Tokens that may do everything and live that long.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Tokens { get; init; } = new Dictionary<string, TimeSpan>();

    internal JsonValue ToJson()
    {
        JsonValue faults = JsonValue.ObjectOf(
            ("perMille", Number(FaultsPerMille)),
            ("brisk", BriskFaults is { } brisk ? brisk : null),
            ("script", Script.Count == 0 ? null : JsonValue.Array(Script.Select(fault => fault.ToJson()))));
        IEnumerable<JsonValue> tokens = Tokens.Select(token =>
            JsonValue.ObjectOf(("token", token.Key), ("expiresInSeconds", (long)token.Value.TotalSeconds)));
        return JsonValue.ObjectOf(
            ("port", Number(Port)),
            ("identities", Number(Identities)),
            ("agentUsers", Number(AgentUsers)),
            ("seed", Number(Seed)),
            ("speed", Number(Speed)),
            ("lagMs", Milliseconds(Lag)),
            ("latencyMs", Latency is var (least, most) ? JsonValue.Array([Milliseconds(least)!, Milliseconds(most)!]) : null),
            ("reading", Number(Reading)),
            ("idleSeconds", Number((long?)Idle?.TotalSeconds)),
            ("faults", faults.Members.Count == 0 ? null : faults),
            ("seats", Number(Seats)),
            ("tokens", Tokens.Count == 0 ? null : JsonValue.Array(tokens)));
    }

    private static JsonValue? Number(long? number) => number is { } value ? value : null;

    private static JsonValue? Milliseconds(TimeSpan? time) => Number((long?)time?.TotalMilliseconds);
}

/// <summary>A fault at an exact place.</summary>
public sealed class AgentUserSimulatorFault
{
    private readonly JsonValue _parameters;

    /// <summary>A fault for the n-th request with this method whose path and query contain <paramref name="path"/>.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">A part of path and query.</param>
    /// <param name="nth">Which such request, from 1.</param>
    /// <param name="fault">The fault, such as <c>lostAnswer</c> or <c>throttled</c>.</param>
    /// <param name="parameters">Its parameters, such as <c>retryAfterSeconds</c>.</param>
    public AgentUserSimulatorFault(
        string method, string path, int nth, string fault, params (string Name, JsonValue Value)[] parameters) =>
        _parameters = JsonValue.ObjectOf(
            [("method", method), ("path", path), ("nth", nth), ("fault", fault), .. parameters.Select(one => (one.Name, (JsonValue?)one.Value))]);

    internal JsonValue ToJson() => _parameters;
}
