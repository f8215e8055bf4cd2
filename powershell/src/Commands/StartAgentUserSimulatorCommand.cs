using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell;

/// <summary>Starts a simulated Microsoft Graph on this machine for rehearsals.</summary>
/// <remarks>
/// <para>
/// No request reaches Microsoft. The simulator runs in this process, and ends with it, with Stop-AgentUserSimulator or with
/// the module.
/// </para>
/// </remarks>
/// <example>
/// <code>Start-AgentUserSimulator -Identities 100 | Connect-AgentUser</code>
/// <para>Starts a simulator with 100 agent identities and connects to it.</para>
/// </example>
/// <example>
/// <code>Start-AgentUserSimulator -Fault @{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Fault = 'lostAnswer' }</code>
/// <para>Starts a simulator that loses the answer to the first create.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "AgentUserSimulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AgentUserSimulatorSession))]
public sealed class StartAgentUserSimulatorCommand : PSCmdlet
{
    /// <summary>The number of agent identities.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Identities { get; set; }

    /// <summary>The number of agent users at the start, first.agent@contoso.com included; by default 1.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? AgentUsers { get; set; }

    /// <summary>The port; by default a free one.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int? Port { get; set; }

    /// <summary>The seed of random faults and latencies.</summary>
    [Parameter]
    public long? Seed { get; set; }

    /// <summary>How many times faster than real time its clock runs.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Speed { get; set; }

    /// <summary>The longest replication, on its clock.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? LagMilliseconds { get; set; }

    /// <summary>The least and the greatest latency of an answer; by default drawn as in a real network.</summary>
    [Parameter]
    [ValidateCount(2, 2)]
    public int[]? LatencyMilliseconds { get; set; }

    /// <summary>The number of requests in 1,000 that fail.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int? FaultsPerMille { get; set; }

    /// <summary>Makes those faults pass quickly.</summary>
    [Parameter]
    public SwitchParameter Brisk { get; set; }

    /// <summary>The number of seats of each license.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Seats { get; set; }

    /// <summary>The token with every permission; by default each run makes one that nobody can guess.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? AccessToken { get; set; }

    /// <summary>Graph's root in links and references; by default the simulator's own address.</summary>
    [Parameter]
    public Uri? Root { get; set; }

    /// <summary>Origins whose pages are answered, besides those of this machine.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? AllowedOrigin { get; set; }

    /// <summary>Hosts that are answered, besides the names of this machine.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? AllowedHost { get; set; }

    /// <summary>More tokens with every permission, and the lifetime of each in seconds.</summary>
    [Parameter]
    public IDictionary? Token { get; set; }

    /// <summary>Faults of exact requests: Method, Path, Nth, Fault, and the fault's parameters.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(FaultCompleter))]
    public IDictionary[]? Fault { get; set; }

    /// <summary>The tenant: Contoso, in which all is well, by default; Troubled, with everything that an audit finds, each once; or Planted, with 2,000 agent users and each finding in one of a hundred.</summary>
    [Parameter]
    public SimulatedTenant Tenant { get; set; }

    /// <summary>
    /// Further options by their names in JSON, such as @{ groups = @(@{ name = 'Sales Agents' }) }: what `agentuser simulator --options`
    /// takes, skus, licenses and permissions among them. Their names match without case.
    /// </summary>
    [Parameter]
    public IDictionary? Option { get; set; }

    /// <summary>The parameters of the simulator's options, the longer names first.</summary>
    private static readonly (string Member, string Parameter)[] s_parameters =
    [
        ("faults.perMille", "-FaultsPerMille"), ("faults.brisk", "-Brisk"), ("faults.script", "-Fault"), ("latencyMs", "-LatencyMilliseconds"),
        ("lagMs", "-LagMilliseconds"), ("agentUsers", "-AgentUsers"), ("identities", "-Identities"), ("allowOrigins", "-AllowedOrigin"),
        ("allowHosts", "-AllowedHost"), ("tokens", "-Token"), ("token", "-AccessToken"), ("seats", "-Seats"), ("speed", "-Speed"), ("root", "-Root"),
        ("port", "-Port"), ("seed", "-Seed"), ("tenant", "-Tenant"),
    ];

    /// <summary>Loads the native library.</summary>
    protected override void BeginProcessing() => Native.Require(this);

    /// <summary>Starts the simulator.</summary>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess("127.0.0.1", "Start a simulated Microsoft Graph"))
            return;
        var options = new AgentUserSimulatorOptions
        {
            Tenant = Tenant,
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
            Token = AccessToken,
            Root = Root,
            AllowedOrigins = AllowedOrigin ?? [],
            AllowedHosts = AllowedHost ?? [],
            Script = [.. (Fault ?? []).Select(ReadFault)],
            Tokens = Members(Token).ToDictionary(token => token.Key, token => Seconds(token.Value)),
        };
        AgentUserSimulatorSession session;
        try
        {
            IEnumerable<KeyValuePair<string, JsonValue>> more = Members(Option).Select(option => new KeyValuePair<string, JsonValue>(option.Key, JsonOf.Value(option.Value)));
            session = new AgentUserSimulatorSession(Start(JsonValue.Object(options.ToJson().Members.Concat(more))));
        }
        catch (AgentUserException error)
        {
            ThrowTerminatingError(Failure.Record(
                error.Problem.Code, Categories.Of(error.Problem.Kind), null, InParameters(error.Problem.Message), "Correct the parameters that are named.", error));
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

    /// <summary>Starts it with options whose names may be in any case.</summary>
    private static AgentUserSimulator Start(JsonValue options)
    {
        while (true)
        {
            try
            {
                return AgentUserSimulator.Start(options.ToString());
            }
            catch (AgentUserException error) when (OptionNames.Spelled(options, error.Problem.Message) is { } spelled)
            {
                options = spelled;
            }
        }
    }

    /// <summary>
    /// A fault of the options with the parameters in the place of their members. Members that -Option gives stay, and so do the names that
    /// JSON may have. Its line and column are those of a text that the user has not written.
    /// </summary>
    private string InParameters(string fault)
    {
        string[] given = [.. Members(Option).Select(option => option.Key)];
        return s_parameters.Where(name => !given.Contains(name.Member.Split('.')[0], StringComparer.OrdinalIgnoreCase)).Aggregate(
            Regex.Replace(fault, @" at line \d+ column \d+\b", ""), (text, name) => Regex.Replace(text, $@"(?<![-\w.`]){Regex.Escape(name.Member)}\b", name.Parameter));
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
            [.. members.Select(member => (member.Key, (object?)JsonOf.Value(member.Value)))]);
    }

    /// <summary>Turns a name in PowerShell's casing, RetryAfterSeconds, into the simulator's, retryAfterSeconds.</summary>
    private static string Camel(string name) =>
        name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name.Substring(1);

    private static IEnumerable<KeyValuePair<string, object?>> Members(IDictionary? dictionary) =>
        dictionary is null ? [] : JsonOf.Members(dictionary);
}
