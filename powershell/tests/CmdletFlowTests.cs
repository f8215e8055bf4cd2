using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentUsers.Tests;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The flows of tests/flows, which every binding plays: here each operation is a cmdlet.</summary>
public sealed partial class CmdletFlowTests
{
    public static TheoryData<string> Flows => [.. FlowPlayer.Names(Repository.Root, "powershell")];

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_flow_ends_as_it_says(string name)
    {
        using var player = new Player(name);
        player.Play();
    }

    /// <summary>The flows without tokens of their own: those are the affair of the other module.</summary>
    public static TheoryData<string> MgGraphFlows => [.. FlowPlayer.Names(Repository.Root, "powershell").Where(name =>
        !s_ofTokens.Any(File.ReadAllText(Path.Combine(Repository.Root, "tests", "flows", name)).Contains))];

    private static readonly string[] s_ofTokens = ["\"tokens\"", "\"demands\"", "\"revoke\""];

    [Theory]
    [MemberData(nameof(MgGraphFlows))]
    public void A_flow_ends_the_same_by_the_session_of_Connect_MgGraph(string name)
    {
        using var player = new Player(name, isMgGraph: true);
        player.Play();
    }

    [Fact]
    public void Only_flows_that_no_cmdlet_can_play_are_left_out()
    {
        string[] played = [.. FlowPlayer.Names(Repository.Root, "powershell")];
        foreach (string name in FlowPlayer.Names(Repository.Root, "c").Except(played))
        {
            JsonNode flow = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "flows", name)))!;
            IEnumerable<JsonNode?> operations = (flow["steps"]?.AsArray() ?? []).Select(step => step!["operation"]).Where(operation => operation is not null);
            bool hasCmdlets = operations.All(operation => Script((JsonObject)operation!) is not null);
            // Connect-AgentUser has parameters in place of a configuration that signs in.
            Assert.False(hasCmdlets && flow["client"]?["signIn"] is null, $"{name} can be played.");
        }
    }

    /// <summary>The script of an operation: $args[0] is the operation, $args[1] the roster's file. Null without a cmdlet.</summary>
    private static string? Script(JsonObject operation) => CmdletScripts.Of(operation);

    private sealed class Player(string name, bool isMgGraph = false) : FlowPlayer(Repository.Root, name), IDisposable
    {
        private static readonly (string Setting, string Parameter)[] s_times =
            [("parentTimeoutMs", "ParentTimeout"), ("replicationTimeoutMs", "ReplicationTimeout"), ("requestTimeoutMs", "RequestTimeout")];

        private readonly Engine _engine = new();
        private Tenant? _tenant;

        protected override Uri Endpoint => _tenant!.Endpoint;

        protected override void Connect(JsonObject simulator, JsonObject client)
        {
            // The number of requests in flight is the module's own.
            OnlyKnows(client, "inFlight", "batch", "settings");
            var settings = client["settings"] as JsonObject ?? [];
            OnlyKnows(settings, [.. s_times.Select(time => time.Setting)]);
            _tenant = _engine.Connect("@parameters", Parameters(simulator));
            Func<object, string> next = request => NextAnswer(new JsonObject
            {
                ["kind"] = "token",
                ["scope"] = (string)((dynamic)request).Scope,
                ["claims"] = (string?)((dynamic)request).Claims,
                ["refused"] = (bool)((dynamic)request).Refused,
            });
            string batch = (int?)client["batch"] == 1 ? "-NoBatch" : "";
            // A request of the other module has a time-out of its own.
            string times = string.Concat(s_times.Where(time => !isMgGraph || time.Parameter != "RequestTimeout").Select(time =>
                (int?)settings[time.Setting] is { } milliseconds ? $" -{time.Parameter} ([timespan]::FromMilliseconds({milliseconds}))" : ""));
            if (isMgGraph)
            {
                _engine.SignIn(Endpoint);
                // -MaxRetry 0 leaves repeating to this module, and -ClientTimeout ends a request that the server never answers.
                _engine.Run($"Set-MgStandIn -Token $args[0]; Set-MgRequestContext -MaxRetry 0 -ClientTimeout 5; Connect-AgentUser -MgGraph {batch} {times}", (string)simulator["token"]!).Check();
                return;
            }
            _engine.Run($"$next = $args[1]; Connect-AgentUser -GraphEndpoint $args[0] {batch} {times} -AccessToken {{ param($Request) $next.Invoke($Request) }}", Endpoint, next).Check();
        }

        protected override FlowEnd Run(JsonObject operation, byte[]? input, Func<JsonObject, bool> onEvent, ICollection<JsonObject>? records)
        {
            string script = Script(operation) ?? throw new InvalidOperationException($"No cmdlet plays {operation.ToJsonString()}.");
            // The seats that rows need are told verbosely, and stages by -Debug.
            bool isRoster = (string)operation["operation"]! is "applyRoster" or "provision";
            if (records is not null || isRoster)
                script += isRoster ? " -Verbose -Debug" : " -Verbose";
            string roster = Path.GetTempFileName();
            try
            {
                File.WriteAllBytes(roster, input ?? []);
                using var shell = _engine.Shell(script, CmdletVectorTests.Plain(operation)!, roster);
                bool stopped = false;
                shell.Streams.Progress.DataAdded += (_, added) =>
                {
                    foreach (JsonObject one in Events(shell.Streams.Progress[added.Index].StatusDescription))
                    {
                        if (!onEvent(one))
                            continue;
                        stopped = true;
                        shell.BeginStop(null, null);
                    }
                };
                var seats = new List<JsonObject>();
                shell.Streams.Verbose.DataAdded += (_, added) =>
                {
                    string line = shell.Streams.Verbose[added.Index].Message;
                    if (Record(line) is { } record)
                        records?.Add(record);
                    if (Seats().Match(line) is { Success: true } seat)
                        seats.Add(Seat(seat));
                };
                shell.Streams.Debug.DataAdded += (_, added) =>
                {
                    if (Stage().Match(shell.Streams.Debug[added.Index].Message) is { Success: true } stage)
                        onEvent(new JsonObject { ["event"] = "stage", ["stage"] = JsonNamingPolicy.CamelCase.ConvertName(stage.Groups[1].Value) });
                };
                var output = new PSDataCollection<PSObject>();
                try
                {
                    shell.Invoke(null, output);
                }
                catch (PipelineStoppedException) when (stopped)
                {
                }
                if (stopped)
                    return new FlowEnd(null, null, [], null, IsCutOff: true);
                FlowEnd end = CmdletEnds.Of(operation, [.. output.Where(item => item is not null).Select(item => item.BaseObject)], [.. shell.Streams.Error], Remarks(shell));
                // A roster that is planned first tells its seats twice.
                if (end.Result is JsonObject result && seats.Count > 0)
                    result["seats"] = new JsonArray([.. seats.DistinctBy(seat => (string)seat["sku"]!)]);
                return end;
            }
            finally
            {
                File.Delete(roster);
            }
        }

        protected override JsonNode? Shown(JsonNode? record)
        {
            if (record!["event"] is not null)
                return new JsonObject(record.AsObject().Where(member => (string?)record["why"] == "throttled" || member.Key is not ("waitMs" or "setting")).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
            string[] shown = (string?)record["record"] == "change"
                ? ["record", "change", "userPrincipalName", "member", "before", "after"]
                : ["record", "method", "path", "status", "loss", "attempt", "clientRequestId"];
            return new JsonObject(record!.AsObject().Where(member => shown.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        }

        protected override void StopSimulator() => _engine.Run("Stop-AgentUserSimulator").Check();

        public void Dispose() => _engine.Dispose();

        /// <summary>The remarks, which are warnings or information: a code and a message each.</summary>
        private static string[] Remarks(System.Management.Automation.PowerShell shell) =>
        [
            .. shell.Streams.Warning.Select(warning => warning.Message),
            .. shell.Streams.Information.Select(information => information.MessageData?.ToString() ?? "").Where(text => text.Contains(": ", StringComparison.Ordinal)),
        ];
    }

    /// <summary>The events that a progress bar tells of.</summary>
    private static IEnumerable<JsonObject> Events(string status)
    {
        if (Rows().Match(status) is { Success: true } rows)
            yield return new JsonObject { ["event"] = "rows", ["done"] = int.Parse(rows.Groups[1].ValueSpan), ["of"] = int.Parse(rows.Groups[2].ValueSpan) };
        if (Throttled().Match(status) is { Success: true } wait)
            yield return new JsonObject { ["event"] = "waiting", ["why"] = "throttled", ["waitMs"] = 1000L * int.Parse(wait.Groups[1].ValueSpan) };
        if (status.Contains("waiting for the agent identity", StringComparison.Ordinal))
            yield return new JsonObject { ["event"] = "waiting", ["why"] = "parent" };
        if (status.Contains("waiting for new tokens to carry the permission", StringComparison.Ordinal))
            yield return new JsonObject { ["event"] = "waiting", ["why"] = "permission" };
        if (status.Contains("waiting for OneDrive", StringComparison.Ordinal))
            yield return new JsonObject { ["event"] = "waiting", ["why"] = "oneDrive" };
    }

    /// <summary>The seats of a license that a line of -Verbose tells.</summary>
    private static JsonObject Seat(Match line) => new()
    {
        ["sku"] = line.Groups[1].Value,
        ["needed"] = int.Parse(line.Groups[2].ValueSpan),
        ["free"] = int.Parse(line.Groups[3].ValueSpan),
        ["grace"] = int.Parse(line.Groups[4].ValueSpan),
    };

    /// <summary>The record that a line of -Verbose shows; null for another line.</summary>
    private static JsonObject? Record(string line)
    {
        if (Request().Match(line) is { Success: true } request)
        {
            string end = request.Groups[3].Value;
            bool answered = int.TryParse(end, out int status);
            return new JsonObject
            {
                ["record"] = "request",
                ["method"] = request.Groups[1].Value,
                ["path"] = request.Groups[2].Value,
                ["status"] = answered ? status : null,
                ["loss"] = answered ? null : end,
                ["clientRequestId"] = request.Groups[4].Value,
                ["attempt"] = request.Groups[5].Success ? int.Parse(request.Groups[5].ValueSpan) : 1,
            };
        }
        if (Change().Match(line) is not { Success: true } change)
            return null;
        return new JsonObject
        {
            ["record"] = "change",
            ["change"] = JsonNamingPolicy.CamelCase.ConvertName(change.Groups[1].Value),
            ["userPrincipalName"] = change.Groups[2].Value.Contains('@') ? change.Groups[2].Value : null,
            ["member"] = change.Groups[3].Success ? change.Groups[3].Value : null,
            ["before"] = Value(change, 4, removed: true),
            ["after"] = Value(change, 5, removed: false),
        };
    }

    /// <summary>One value of a change: where only one is shown, its kind tells which.</summary>
    private static JsonNode? Value(Match change, int group, bool removed)
    {
        bool isRemoval = change.Groups[1].Value is "RemoveSponsor" or "RemoveLicense" or "ClearManager" or "RemoveScope" or "RemoveAppRole";
        Group shown = change.Groups[6].Success && isRemoval == removed ? change.Groups[6] : change.Groups[group];
        return shown.Success ? JsonNode.Parse(shown.Value) : null;
    }

    /// <summary>The parameters of Start-AgentUserSimulator for a simulator's options.</summary>
    private static Hashtable Parameters(JsonObject options)
    {
        var parameters = new Hashtable();
        var more = new Hashtable();
        foreach ((string option, JsonNode? value) in options)
        {
            switch (option)
            {
                case "latencyMs":
                    parameters["LatencyMilliseconds"] = value!.AsArray().Select(bound => (int)bound!).ToArray();
                    break;
                case "identities" or "agentUsers" or "seed" or "speed" or "seats":
                    parameters[option] = (int)value!;
                    break;
                case "token":
                    parameters["AccessToken"] = (string)value!;
                    break;
                case "tokens":
                    parameters["Token"] = new Hashtable(value!.AsArray().ToDictionary(token => (string)token!["token"]!, _ => 100_000_000));
                    break;
                case "faults":
                    foreach ((string member, JsonNode? setting) in value!.AsObject())
                    {
                        (string parameter, object given) = member switch
                        {
                            "perMille" => ("FaultsPerMille", (object)(int)setting!),
                            "brisk" => ("Brisk", (bool)setting!),
                            "script" => ("Fault", setting!.AsArray().Select(fault => (IDictionary)CmdletVectorTests.Plain(fault)!).ToArray()),
                            _ => throw new InvalidOperationException($"No parameter sets {member}."),
                        };
                        parameters[parameter] = given;
                    }
                    break;
                default:
                    more[option] = CmdletVectorTests.Plain(value);
                    break;
            }
        }
        if (more.Count > 0)
            parameters["Option"] = more;
        return parameters;
    }

    [GeneratedRegex(@"^([A-Z]+) (/\S+): (\w+), \d+ ms, client-request-id (\S+?)(?:,.*?)?(?:, attempt (\d+).*)?$")]
    private static partial Regex Request();

    [GeneratedRegex(@"^(\w+) (\S+@[^\s:]+|[0-9a-f-]{36})(?:: (.+?) (?:from (.*) to (.*)|([""\[{\d].*|true|false|null)))?$")]
    private static partial Regex Change();

    [GeneratedRegex(@"^(\S+): (\d+) needed, (\d+) free in the whole tenant, (\d+) in grace$")]
    private static partial Regex Seats();

    [GeneratedRegex(@"^(?:.*: )?([A-Z][A-Za-z]+)$")]
    private static partial Regex Stage();

    [GeneratedRegex(@"(\d+) of (\d+) rows")]
    private static partial Regex Rows();

    [GeneratedRegex(@"Graph asks to wait (\d+) s")]
    private static partial Regex Throttled();
}
