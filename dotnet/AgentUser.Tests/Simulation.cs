using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Reflection;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers.Tests;

/// <summary>A simulator for one test, with access to its state.</summary>
internal sealed class Simulation : IDisposable
{
    private static readonly HttpClient s_http = new();

    private Simulation(AgentUserSimulator simulator) => Simulator = simulator;

    internal AgentUserSimulator Simulator { get; }

    internal static (TimeSpan Least, TimeSpan Most) Quick => (TimeSpan.Zero, TimeSpan.Zero);

    internal static string Root => typeof(Simulation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "Root").Value!;

    internal static Simulation Start(AgentUserSimulatorOptions? options = null) =>
        new(AgentUserSimulator.Start(options ?? new AgentUserSimulatorOptions { Latency = Quick }));

    /// <summary>Starts a simulator by the JSON of its options.</summary>
    internal static Simulation Start(string options) => new(AgentUserSimulator.Start(options));

    internal static AgentUserSimulatorOptions With(params AgentUserSimulatorFault[] script) => new() { Latency = Quick, Script = script };

    /// <summary>The object id of agent identity n.</summary>
    internal static Guid Identity(int n) => Guid.Parse($"a1d00000-0000-4000-8000-{n:x12}");

    internal static AgentUserRow Row(int n, string? name = null) => new()
    {
        IdentityParentId = Identity(n),
        DisplayName = name ?? $"Agent {n}",
        UserPrincipalName = $"row{n}@contoso.com",
        UsageLocation = "DE",
    };

    internal static byte[] Roster(int rows)
    {
        var csv = new StringBuilder("identityParentId,displayName,userPrincipalName,usageLocation\n");
        for (int n = 1; n <= rows; n++)
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Identity(n)},Agent {n},row{n}@contoso.com,DE\n");
        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    internal AgentUserClient Client(Func<TokenRequest, CancellationToken, Task<GraphToken>>? provider = null, int? inFlight = null, int? batch = null) =>
        new(new AgentUserClientOptions
        {
            GraphEndpoint = Simulator.Endpoint,
            TokenProvider = provider ?? ((_, _) => Task.FromResult(new GraphToken(Simulator.Token))),
            InFlight = inFlight,
            Batch = batch,
        });

    internal async Task<JsonValue> AskAsync(string path) =>
        JsonValue.Parse(await s_http.GetStringAsync(new Uri(Simulator.Endpoint, path)));

    /// <summary>Posts and blocks, for callbacks: the simulator has acted when this returns.</summary>
    internal JsonValue Post(string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Simulator.Endpoint, path))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage answer = s_http.Send(request);
        answer.EnsureSuccessStatusCode();
        using var reader = new System.IO.StreamReader(answer.Content.ReadAsStream());
        return JsonValue.Parse(reader.ReadToEnd());
    }

    /// <summary>The agent users of the tenant that the test created.</summary>
    internal async Task<IReadOnlyList<JsonValue>> MadeAsync()
    {
        JsonValue state = await AskAsync("/simulator/state");
        return [.. state["users"]!.Items.Where(user => user["userPrincipalName"]!.AsString()!.StartsWith("row", StringComparison.Ordinal))];
    }

    public void Dispose() => Simulator.Dispose();
}

/// <summary>Receives progress on the thread that reports it, in order.</summary>
internal sealed class Heard(Action<AgentUserProgress>? also = null) : IProgress<AgentUserProgress>
{
    private readonly List<AgentUserProgress> _all = [];

    internal IReadOnlyList<AgentUserProgress> All
    {
        get
        {
            lock (_all)
                return [.. _all];
        }
    }

    public void Report(AgentUserProgress value)
    {
        lock (_all)
            _all.Add(value);
        also?.Invoke(value);
    }
}
