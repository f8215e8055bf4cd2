using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The simulated tenant, its faults and its speed. A null leaves the simulator's default.</summary>
public sealed class AgentUserSimulatorOptions
{
    /// <summary>The port; null takes a free one.</summary>
    public int? Port { get; init; }

    /// <summary>The tenant.</summary>
    public SimulatedTenant Tenant { get; init; }

    /// <summary>The permissions of the token that may do everything: then it may do no more than these. Null leaves it all.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The number of agent identities.</summary>
    public int? Identities { get; init; }

    /// <summary>The number of agent users at the start, <c>first.agent@contoso.com</c> included; by default 1.</summary>
    public int? AgentUsers { get; init; }

    /// <summary>The seed of random faults and latencies.</summary>
    public long? Seed { get; init; }

    /// <summary>How many times faster than real time the tenant's clock runs.</summary>
    public int? Speed { get; init; }

    /// <summary>How long replication takes at most, on the tenant's clock.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>The least and the greatest latency of an answer; null draws them as a real network would.</summary>
    public (TimeSpan Least, TimeSpan Most)? Latency { get; init; }

    /// <summary>The number of a reading of Microsoft's documents, for the places where they contradict each other (docs/graph.md).</summary>
    public int? Reading { get; init; }

    /// <summary>The time without a request after which the simulator stops.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>The number of requests in 1,000 that fail.</summary>
    public int? FaultsPerMille { get; init; }

    /// <summary>Whether those faults pass quickly.</summary>
    public bool? BriskFaults { get; init; }

    /// <summary>The number of seats of each license.</summary>
    public int? Seats { get; init; }

    /// <summary>Faults of exact requests.</summary>
    public IReadOnlyList<AgentUserSimulatorFault> Script { get; init; } = [];

    /// <summary>
    /// The token with every permission; null lets each run make one that nobody can guess. With a token of your own, the
    /// simulated tenant's other tokens are their names, such as <c>reader</c>.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>Graph's root in links and references, such as <c>https://graph.microsoft.com</c>; null is the simulator's own address.</summary>
    public Uri? Root { get; init; }

    /// <summary>Origins whose pages are answered, besides those of this machine.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Hosts that are answered, besides the names of this machine.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>More tokens with every permission, and their lifetimes.</summary>
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
            ("tenant", Names.Write(Tenant)),
            ("permissions", Permissions is { } permissions ? JsonValue.Array(permissions.Select(name => (JsonValue)name)) : null),
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
            ("token", Text(Token)),
            ("root", Text(Root?.GetLeftPart(UriPartial.Authority))),
            ("allowOrigins", Texts(AllowedOrigins)),
            ("allowHosts", Texts(AllowedHosts)),
            ("tokens", Tokens.Count == 0 ? null : JsonValue.Array(tokens)));
    }

    private static JsonValue? Text(string? text) => text is { } value ? value : null;

    private static JsonValue? Texts(IReadOnlyList<string> texts) =>
        texts.Count == 0 ? null : JsonValue.Array(texts.Select(text => (JsonValue)text));

    private static JsonValue? Number(long? number) => number is { } value ? value : null;

    private static JsonValue? Milliseconds(TimeSpan? time) => Number((long?)time?.TotalMilliseconds);
}

/// <summary>The tenants that the simulator has.</summary>
public enum SimulatedTenant
{
    /// <summary>That of rehearsals, in which all is well.</summary>
    Contoso,

    /// <summary>The one with everything that an audit finds, each once.</summary>
    Troubled,

    /// <summary>The one with 2,000 agent users, in which each finding of an audit is planted in one of a hundred.</summary>
    Planted,
}

/// <summary>A fault of one exact request.</summary>
public sealed class AgentUserSimulatorFault
{
    private readonly JsonValue _parameters;

    /// <summary>Makes a fault of the n-th request with this method whose path and query contain <paramref name="path"/>.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">A part of path and query.</param>
    /// <param name="nth">The number of the request among those, from 1.</param>
    /// <param name="fault">The fault, such as <c>lostAnswer</c> or <c>throttled</c>.</param>
    /// <param name="parameters">The parameters of the fault, such as <c>retryAfterSeconds</c>.</param>
    public AgentUserSimulatorFault(
        string method, string path, int nth, string fault, params (string Name, object? Value)[] parameters) =>
        _parameters = JsonValue.ObjectOf(
            [("method", method), ("path", path), ("nth", nth), ("fault", fault), .. parameters.Select(one => (one.Name, (JsonValue?)PlainValues.ToJson(one.Value)))]);

    internal JsonValue ToJson() => _parameters;
}
