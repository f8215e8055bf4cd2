using System;

namespace AgentUsers;

/// <summary>A simulated Microsoft Graph on this machine, for rehearsals and tests. Nothing reaches Microsoft.</summary>
public sealed unsafe class AgentUserSimulator : IDisposable
{
    private readonly NativeSimulatorHandle _handle;

    private AgentUserSimulator(NativeSimulatorHandle handle, JsonValue json)
    {
        _handle = handle;
        Endpoint = new Uri(json["endpoint"]?.AsString() ?? "");
        Token = json["token"]?.AsString() ?? "";
    }

    /// <summary>The origin it listens on: the <see cref="AgentUserClientOptions.GraphEndpoint"/> of a client.</summary>
    public Uri Endpoint { get; }

    /// <summary>A token with every permission there.</summary>
    public string Token { get; }

    /// <summary>Starts a simulator.</summary>
    /// <param name="options">The simulated tenant, its faults and its speed; null takes the simulator's defaults.</param>
    /// <returns>The simulator, which listens. Dispose of it to stop it.</returns>
    /// <exception cref="AgentUserException">It can't start, because an option is invalid or the port is taken.</exception>
    /// <exception cref="NotSupportedException">The native library was built without the simulator.</exception>
    public static AgentUserSimulator Start(AgentUserSimulatorOptions? options = null) =>
        Start((options ?? new AgentUserSimulatorOptions()).ToJson().ToString());

    /// <summary>Starts a simulator by the JSON of its options.</summary>
    internal static AgentUserSimulator Start(string options)
    {
        NativeFunctions functions = NativeFunctions.Instance;
        byte[] json = JsonWriter.ToUtf8(options);
        IntPtr simulator = IntPtr.Zero, problem = IntPtr.Zero;
        fixed (byte* start = json)
            NativeCalls.Check(functions.SimulatorStart(start, (nuint)json.Length, &simulator, &problem), problem);
        var handle = new NativeSimulatorHandle(simulator);
        try
        {
            return new AgentUserSimulator(handle, handle.Json());
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Makes a client of this simulator with every permission.</summary>
    /// <returns>The client. Dispose of it.</returns>
    public AgentUserClient CreateClient()
    {
        var token = new GraphToken(Token);
        return new AgentUserClient(new AgentUserClientOptions
        {
            GraphEndpoint = Endpoint,
            TokenProvider = (_, _) => System.Threading.Tasks.Task.FromResult(token),
        });
    }

    /// <summary>Stops the simulator.</summary>
    public void Dispose() => _handle.Dispose();
}

/// <summary><c>agentuser_simulator</c>.</summary>
internal sealed unsafe class NativeSimulatorHandle(IntPtr owned) : NativeHandle(owned)
{
    internal JsonValue Json()
    {
        using Lease lease = Borrow();
        IntPtr result = IntPtr.Zero;
        NativeCalls.Check(Functions.SimulatorJson(lease.Pointer, &result), IntPtr.Zero);
        using var owned = new NativeResult(result);
        return JsonValue.Parse(owned.Json());
    }

    protected override bool ReleaseHandle() => Functions.SimulatorFree(handle) == NativeStatus.Ok;
}
