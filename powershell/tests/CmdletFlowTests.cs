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
    private static readonly string[] s_limits = ["maxBytes", "maxRows", "maxErrors"];

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
            JsonNode? client = flow["client"];
            Assert.False(hasCmdlets && client?["settings"]?["requestTimeoutMs"] is null && client?["signIn"] is null, $"{name} can be played.");
        }
    }

    /// <summary>The script of an operation: $args[0] is the operation, $args[1] the roster's file. Null without a cmdlet.</summary>
    private static string? Script(JsonObject operation)
    {
        string? script = (string)operation["operation"]! switch
        {
            "verifyParent" => "Get-AgentIdentity $args[0].identityParentId",
            "findByParent" => "Get-AgentUser -IdentityParentId $args[0].identityParentId",
            "get" => "Get-AgentUser $args[0].user",
            "list" => operation["pageSize"] is null ? "Get-AgentUser -All" : "Get-AgentUser -All -PageSize $args[0].pageSize",
            "create" => "$row = $args[0].agentUser; New-AgentUser @row -Domain $args[0].domain",
            "delete" => "Remove-AgentUser $args[0].user -Confirm:$false -PassThru",
            "applyRoster" => "Invoke-AgentUserRoster -LiteralPath $args[1]"
                + string.Concat(s_limits.Where(limit => operation[limit] is not null).Select(limit => $" -{limit} $args[0].{limit}"))
                + ((bool?)operation["dryRun"] == true ? " -WhatIf" : ""),
            _ => null,
        };
        string[] members = ["operation", "identityParentId", "user", "pageSize", "agentUser", "domain", .. script?.Contains("Roster", StringComparison.Ordinal) == true ? ["dryRun", .. s_limits] : Array.Empty<string>()];
        return operation.All(member => members.Contains(member.Key)) ? script : null;
    }

    private sealed class Player(string name, bool isMgGraph = false) : FlowPlayer(Repository.Root, name), IDisposable
    {
        private readonly Engine _engine = new();
        private Tenant? _tenant;

        protected override Uri Endpoint => _tenant!.Endpoint;

        protected override void Connect(JsonObject simulator, JsonObject client)
        {
            // The number of requests in flight is the module's own.
            OnlyKnows(client, "inFlight", "batch", "settings");
            var settings = client["settings"] as JsonObject ?? [];
            OnlyKnows(settings, "parentTimeoutMs");
            _tenant = _engine.Connect("@parameters", Parameters(simulator));
            Func<object, string> next = request => NextAnswer(new JsonObject
            {
                ["kind"] = "token",
                ["scope"] = (string)((dynamic)request).Scope,
                ["claims"] = (string?)((dynamic)request).Claims,
                ["refused"] = (bool)((dynamic)request).Refused,
            });
            string batch = (int?)client["batch"] == 1 ? "-NoBatch" : "";
            string parent = (int?)settings["parentTimeoutMs"] is { } time ? $"-ParentTimeout ([timespan]::FromMilliseconds({time}))" : "";
            if (isMgGraph)
            {
                _engine.SignIn(Endpoint);
                // What the other module would repeat is left to this one, and a server that says nothing to a short time-out.
                _engine.Run($"Set-MgStandIn -Token $args[0]; Set-MgRequestContext -MaxRetry 0 -ClientTimeout 5; Connect-AgentUser -MgGraph {batch} {parent}", (string)simulator["token"]!).Check();
                return;
            }
            _engine.Run($"$next = $args[1]; Connect-AgentUser -GraphEndpoint $args[0] {batch} {parent} -AccessToken {{ param($Request) $next.Invoke($Request) }}", Endpoint, next).Check();
        }

        protected override FlowEnd Run(JsonObject operation, byte[]? input, Func<JsonObject, bool> onEvent, ICollection<JsonObject>? records)
        {
            string script = Script(operation) ?? throw new InvalidOperationException($"No cmdlet plays {operation.ToJsonString()}.");
            if (records is not null)
                script += " -Verbose";
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
                shell.Streams.Verbose.DataAdded += (_, added) =>
                {
                    if (Record(shell.Streams.Verbose[added.Index].Message) is { } record)
                        records?.Add(record);
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
                return End((string)operation["operation"]!, [.. output.Select(item => Json(item.BaseObject)!)], [.. shell.Streams.Error], [.. shell.Streams.Warning]);
            }
            finally
            {
                File.Delete(roster);
            }
        }

        protected override JsonNode? Shown(JsonNode? record)
        {
            string[] shown = (string?)record!["record"] == "change"
                ? ["record", "change", "userPrincipalName", "member", "before", "after"]
                : ["record", "method", "path", "status", "loss", "attempt", "clientRequestId"];
            return new JsonObject(record!.AsObject().Where(member => shown.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        }

        protected override void StopSimulator() => _engine.Run("Stop-AgentUserSimulator").Check();

        public void Dispose() => _engine.Dispose();

        /// <summary>The end as the JSON tier has it: a cmdlet outputs objects, and errors with the report as their target.</summary>
        private static FlowEnd End(string operation, JsonNode[] output, ErrorRecord[] errors, WarningRecord[] warnings)
        {
            JsonNode? problem = errors.Length == 0 ? null : JsonNode.Parse((string)((dynamic)errors[0].Exception).Problem.ToJson());
            bool isList = operation is "list" or "applyRoster";
            JsonNode? result = operation switch
            {
                "list" => new JsonObject { ["count"] = output.Length },
                "applyRoster" => Summary(output, warnings),
                "create" when problem is null => new JsonObject { ["report"] = new JsonObject { ["outcome"] = "created" }, ["agentUser"] = output.Single() },
                "create" => new JsonObject { ["report"] = Json(errors[0].TargetObject) },
                _ => output.SingleOrDefault(),
            };
            bool failed = problem is not null && (operation == "create" ? errors[0].TargetObject is string : operation != "applyRoster" || output.Length == 0);
            return new FlowEnd(failed ? null : result?.DeepClone(), failed ? problem : null, isList ? output : [], null);
        }

        private static JsonObject Summary(JsonNode[] reports, WarningRecord[] warnings)
        {
            string[] outcomes = ["created", "changed", "unchanged", "planned", "failed", "cancelled"];
            var summary = new JsonObject { ["rows"] = reports.Length };
            foreach (string outcome in outcomes)
                summary[outcome] = reports.Count(report => (string?)report["outcome"] == outcome);
            // A warning is a remark's code and message.
            string[][] remarks = [.. warnings.Select(warning => warning.Message.Split(": ", 2))];
            if (remarks.Length > 0)
                summary["remarks"] = new JsonArray([.. remarks.Select(remark => new JsonObject { ["code"] = remark[0], ["message"] = remark[1] })]);
            return summary;
        }
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
    }

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
            ["userPrincipalName"] = change.Groups[2].Value,
            ["member"] = change.Groups[3].Success ? change.Groups[3].Value : null,
            ["before"] = Value(change, 4, removed: true),
            ["after"] = Value(change, 5, removed: false),
        };
    }

    /// <summary>One value of a change: where only one is shown, its kind tells which.</summary>
    private static JsonNode? Value(Match change, int group, bool removed)
    {
        bool isRemoval = change.Groups[1].Value is "RemoveSponsor" or "RemoveLicense" or "ClearManager";
        Group shown = change.Groups[6].Success && isRemoval == removed ? change.Groups[6] : change.Groups[group];
        return shown.Success ? JsonNode.Parse(shown.Value) : null;
    }

    /// <summary>The parameters of Start-AgentUserSimulator for a simulator's options.</summary>
    private static Hashtable Parameters(JsonObject options)
    {
        var parameters = new Hashtable();
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
                    throw new InvalidOperationException($"No parameter sets {option}.");
            }
        }
        return parameters;
    }

    /// <summary>An output object as JSON: what it gives itself, or its properties.</summary>
    private static JsonNode? Json(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag,
        int number => number,
        Guid id => id.ToString(),
        Enum name => JsonNamingPolicy.CamelCase.ConvertName(name.ToString()),
        TimeSpan time => time.TotalMilliseconds,
        IEnumerable items => new JsonArray([.. items.Cast<object>().Select(Json)]),
        _ when value.GetType().GetMethod("ToJson") is { } toJson => JsonNode.Parse((string)toJson.Invoke(value, null)!),
        _ when value.GetType().Name == "PSAgentUserChange" => WithSku(value),
        _ => Properties(value),
    };

    /// <summary>A change as the JSON tier has it, where the target of a license is its sku.</summary>
    private static JsonObject WithSku(object value)
    {
        JsonObject change = Properties(value);
        if ((string?)change["change"] is "addLicense" or "removeLicense" or "setDisabledPlans")
            change["sku"] = change["to"]?.DeepClone();
        return change;
    }

    private static JsonObject Properties(object value) =>
        new(value.GetType().GetProperties().Select(property => new KeyValuePair<string, JsonNode?>(
            JsonNamingPolicy.CamelCase.ConvertName(property.Name),
            property.Name == "Change" ? JsonNamingPolicy.CamelCase.ConvertName((string)property.GetValue(value)!) : Json(property.GetValue(value)))));

    [GeneratedRegex(@"^([A-Z]+) (/\S+): (\w+), \d+ ms, client-request-id (\S+?)(?:,.*?)?(?:, attempt (\d+).*)?$")]
    private static partial Regex Request();

    [GeneratedRegex(@"^(\w+) (\S+@[^\s:]+)(?:: (\S+) (?:from (.*) to (.*)|(.+)))?$")]
    private static partial Regex Change();

    [GeneratedRegex(@"(\d+) of (\d+) rows")]
    private static partial Regex Rows();

    [GeneratedRegex(@"Graph asks to wait (\d+) s")]
    private static partial Regex Throttled();
}
