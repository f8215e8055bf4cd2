using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Starts a simulated Microsoft Graph on this machine, to rehearse on.</summary>
/// <remarks>
/// <para>
/// It is a fake, and nothing of it reaches Microsoft. It lives in this process and ends with it, with
/// Stop-AgentUserSimulator or with the module.
/// </para>
/// </remarks>
/// <example>
/// <code>Start-AgentUserSimulator -Identities 100 | Connect-AgentUser</code>
/// <para>Starts one with 100 agent identities and connects to it.</para>
/// </example>
/// <example>
/// <code>Start-AgentUserSimulator -Fault @{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Fault = 'lostAnswer' }</code>
/// <para>Starts one that loses the answer to the first create.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "AgentUserSimulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AgentUserSimulatorSession))]
public sealed class StartAgentUserSimulatorCommand : PSCmdlet
{
    /// <summary>How many agent identities there are.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Identities { get; set; }

    /// <summary>How many agent users there are at the start.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? AgentUsers { get; set; }

    /// <summary>The port; any free one by default.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int? Port { get; set; }

    /// <summary>What its faults and latencies are drawn from.</summary>
    [Parameter]
    public long? Seed { get; set; }

    /// <summary>How much faster its clock is.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Speed { get; set; }

    /// <summary>How long replication takes at most, on its own clock.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? LagMilliseconds { get; set; }

    /// <summary>The least and the most that a good answer takes; none is like a real network.</summary>
    [Parameter]
    [ValidateCount(2, 2)]
    public int[]? LatencyMilliseconds { get; set; }

    /// <summary>Of 1,000 requests, so many go wrong.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int? FaultsPerMille { get; set; }

    /// <summary>Lets those faults be over quickly.</summary>
    [Parameter]
    public SwitchParameter Brisk { get; set; }

    /// <summary>Seats of each license.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Seats { get; set; }

    /// <summary>Tokens that may do everything, and how many seconds each lives.</summary>
    [Parameter]
    public IDictionary? Token { get; set; }

    /// <summary>Faults at exact places: method, path, nth, fault, and the fault's parameters.</summary>
    [Parameter]
    public IDictionary[]? Fault { get; set; }

    /// <summary>Loads the native library.</summary>
    protected override void BeginProcessing() => Native.Require(this);

    /// <summary>Starts it.</summary>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess("127.0.0.1", "Start a simulated Microsoft Graph"))
            return;
        var options = new AgentUserSimulatorOptions
        {
            Port = Port,
            Identities = Identities,
            AgentUsers = AgentUsers,
            Seed = Seed,
            Speed = Speed,
            Lag = Milliseconds(LagMilliseconds),
            Latency = LatencyMilliseconds is [int least, int most] ? (Milliseconds(least)!.Value, Milliseconds(most)!.Value) : null,
            FaultsPerMille = FaultsPerMille,
            BriskFaults = Brisk ? true : null,
            Seats = Seats,
            Script = [.. (Fault ?? []).Select(ReadFault)],
            Tokens = Members(Token).ToDictionary(token => token.Key, token => Seconds(token.Value)),
        };
        AgentUserSimulatorSession session;
        try
        {
            session = new AgentUserSimulatorSession(AgentUserSimulator.Start(options));
        }
        catch (AgentUserException error)
        {
            ThrowTerminatingError(Failure.Record(error.Problem, null));
            return;
        }
        catch (NotSupportedException error)
        {
            ThrowTerminatingError(Failure.Record(
                "SimulatorMissing", ErrorCategory.NotInstalled, null, error.Message, "Use a native library that has the simulator.", error));
            return;
        }
        RunspaceState.Current.Simulators.Add(session);
        WriteObject(session);
    }

    private static TimeSpan Seconds(object? number) => TimeSpan.FromSeconds(LanguagePrimitives.ConvertTo<double>(number));

    private static TimeSpan? Milliseconds(int? number) => number is { } value ? TimeSpan.FromMilliseconds(value) : null;

    private static AgentUserSimulatorFault ReadFault(IDictionary fault)
    {
        Dictionary<string, object?> members = Members(fault).ToDictionary(member => Camel(member.Key), member => member.Value);
        T Take<T>(string name, T absent)
        {
            object? value = members.TryGetValue(name, out object? found) ? found : absent;
            members.Remove(name);
            return LanguagePrimitives.ConvertTo<T>(value);
        }
        string method = Take("method", "GET"), path = Take("path", "/"), name = Take("fault", "");
        int nth = Take("nth", 1);
        return new AgentUserSimulatorFault(
            method.ToUpperInvariant(), path, nth, Camel(name),
            [.. members.Select(member => (member.Key, JsonOf.Value(member.Value)))]);
    }

    /// <summary>RetryAfterSeconds, as PowerShell's people write it, is retryAfterSeconds to the simulator.</summary>
    private static string Camel(string name) =>
        name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name.Substring(1);

    private static IEnumerable<KeyValuePair<string, object?>> Members(IDictionary? dictionary) =>
        dictionary is null ? [] : JsonOf.Members(dictionary);
}
