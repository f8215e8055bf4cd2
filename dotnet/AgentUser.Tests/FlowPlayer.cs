using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>Plays a flow of tests/flows; the .NET library and the PowerShell module each run its operations in their own way.</summary>
internal abstract class FlowPlayer(string root, string name)
{
    private static readonly HttpClient s_http = new();
    private static readonly string[] s_operationMembers = ["operation", "input", "inputFile", "inputResult", "when", "records", "save", "expect"];
    private static readonly string[] s_parts = ["result", "problem", "items", "pages", "outcomes", "some", "events", "records", "demands", "stats"];

    private readonly JsonObject _flow = Read(root, name);
    private readonly Dictionary<string, string> _saved = [];
    private string? _plan;
    private readonly List<JsonObject> _demands = [];
    private readonly StringBuilder _shown = new();
    private int _tokens;

    /// <summary>The origin of the simulator.</summary>
    protected abstract Uri Endpoint { get; }

    /// <summary>The secret beside the client's configuration: a client secret, or a certificate with its key.</summary>
    protected string? Secret => (string?)_flow["secret"];

    /// <summary>Runs an operation to its end.</summary>
    /// <param name="operation">The operation of the JSON tier.</param>
    /// <param name="input">The roster.</param>
    /// <param name="onEvent">Takes each event as it comes; true asks to cancel the operation.</param>
    /// <param name="records">Takes the records, where the flow asks for them.</param>
    /// <returns>The end.</returns>
    protected abstract FlowEnd Run(JsonObject operation, byte[]? input, Func<JsonObject, bool> onEvent, ICollection<JsonObject>? records);

    /// <summary>The part that the binding's records can show of an expected one.</summary>
    protected virtual JsonNode? Shown(JsonNode? record) => record;

    /// <summary>Ends the simulator.</summary>
    protected abstract void StopSimulator();

    /// <summary>Starts the simulator and makes a client of it.</summary>
    /// <param name="simulator">The simulator's options.</param>
    /// <param name="client">Members of the client's configuration.</param>
    protected abstract void Connect(JsonObject simulator, JsonObject client);

    /// <summary>The problem, as JSON, with which connecting is refused.</summary>
    protected virtual string Refusal(Action connect) => throw new InvalidOperationException($"{name} has a client that is refused, which this binding can't play.");

    /// <summary>The names of the flows that a binding plays.</summary>
    internal static IEnumerable<string> Names(string root, string binding)
    {
        string[] names = [.. Directory.GetFiles(Path.Combine(root, "tests", "flows"), "*.json").Select(Path.GetFileName).OfType<string>().Order()];
        Assert.True(names.Length > 20, $"there are only {names.Length} flows");
        return names.Where(name => Read(root, name)["notIn"]?[binding] is null);
    }

    internal void Play()
    {
        var options = (JsonObject)(_flow["simulator"]?.DeepClone() ?? new JsonObject());
        options.TryAdd("latencyMs", new JsonArray(0, 0));
        options.TryAdd("token", "admin");
        var client = (JsonObject)(_flow["client"] ?? new JsonObject());
        if (_flow["refused"] is { } refused)
            IsRefused(refused, () => Connect(options, client));
        else
            Connect(options, client);
        int number = 0;
        foreach (JsonNode? written in _flow["steps"]?.AsArray() ?? [])
        {
            var step = (JsonObject)JsonNode.Parse(Filled(written!.ToJsonString()))!;
            number++;
            if (step["operation"] is JsonObject operation)
                Operation(step, operation, $"{name}, step {number}");
            else
                Assert.False(Act(step), "A step can't cancel.");
        }
        foreach (JsonNode? text in _flow["never"]?.AsArray() ?? [])
            Assert.DoesNotContain((string)text!, _shown.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Fails for a member that can't be played.</summary>
    protected static void OnlyKnows(JsonObject members, params string[] names) =>
        Assert.All(members, member => Assert.Contains(member.Key, names));

    /// <summary>The answer that the flow gives to the next demand; empty where the person that it names acts instead.</summary>
    /// <exception cref="InvalidOperationException">The sign-in fails.</exception>
    protected string NextAnswer(JsonObject demand)
    {
        _demands.Add(demand);
        if (_flow["tokens"] is not JsonArray tokens)
            return "admin";
        JsonNode? token = _tokens < tokens.Count ? tokens[_tokens++] : throw new InvalidOperationException("There are more demands than tokens in the flow.");
        if (token is not JsonObject other)
            return Filled((string)token!);
        if ((string?)other["approves"] is not { } person)
            throw new InvalidOperationException((string)other["fails"]!);
        Order("device-code", new JsonObject { ["userCode"] = (string?)demand["userCode"], ["user"] = person });
        return "";
    }

    private void IsRefused(JsonNode refused, Action connect)
    {
        Assert.True(_flow["steps"] is null, $"{name}: a client that is refused takes no steps.");
        var problem = JsonNode.Parse(Refusal(connect));
        _shown.Append(problem!.ToJsonString());
        string? wrong = Mismatch(refused, problem, "refused");
        Assert.True(wrong is null, $"{name}: {wrong}; it is {problem.ToJsonString()}");
    }

    /// <summary>The text with what earlier steps saved.</summary>
    private string Filled(string text) =>
        _saved.Aggregate(text, (text, saved) => text.Replace($"{{{saved.Key}}}", saved.Value, StringComparison.Ordinal));

    private void Save(JsonObject step, JsonNode? from)
    {
        foreach ((string key, JsonNode? pointer) in step["save"]?.AsObject() ?? [])
            _saved[key] = (string)((string)pointer!).Split('/').Skip(1).Aggregate(from, (value, member) => value![member])!;
    }

    /// <summary>Gives the simulator an order, such as <c>revoke</c>.</summary>
    private JsonNode? Order(string order, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Endpoint, $"/simulator/{order}")) { Content = content };
        using HttpResponseMessage answer = s_http.Send(request);
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(answer.Content.ReadAsStream());
    }

    private static JsonObject Read(string root, string name) =>
        (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(root, "tests", "flows", name)))!;

    /// <summary>Acts on the simulator. True asks to cancel the operation.</summary>
    private bool Act(JsonObject step)
    {
        if ((string?)step["revoke"] is { } token)
        {
            Order("revoke", new JsonObject { ["token"] = token });
        }
        else if ((string?)step["order"] is { } order)
        {
            OnlyKnows(step, "waiting", "order", "body", "save");
            Save(step, Order(order, step["body"]!));
        }
        else if ((bool?)step["stop"] == true)
        {
            StopSimulator();
        }
        else
        {
            Assert.True((bool?)step["cancel"], $"{step.ToJsonString()} can't be played.");
            return true;
        }
        return false;
    }

    private void Operation(JsonObject step, JsonObject operation, string place)
    {
        var expect = (JsonObject)step["expect"]!;
        OnlyKnows(step, s_operationMembers);
        OnlyKnows(expect, s_parts);
        byte[]? input = (string?)step["inputFile"] is { } file
            ? File.ReadAllBytes(Path.Combine(root, file))
            : ((bool?)step["inputResult"] == true ? _plan : (string?)step["input"]) is { } text ? Encoding.UTF8.GetBytes(text) : null;
        var when = step["when"] as JsonObject;
        var events = new List<JsonObject>();
        int before = _demands.Count;
        bool OnEvent(JsonObject one)
        {
            events.Add(one);
            if (when is null || (string?)one["why"] != (string?)when["waiting"])
                return false;
            JsonObject act = when;
            when = null;
            return Act(act);
        }
        var records = new List<JsonObject>();
        FlowEnd end = Run((JsonObject)operation.DeepClone(), input, OnEvent, (bool?)step["records"] == true ? records : null);
        Assert.True(when is null, $"{place}: there was no such wait.");
        var found = new JsonObject
        {
            ["result"] = end.Result,
            ["problem"] = end.Problem,
            ["items"] = end.Items.Count,
            ["pages"] = end.Pages is null ? null : new JsonArray([.. end.Pages.Select(size => (JsonNode)size)]),
            ["outcomes"] = new JsonObject(end.Items.GroupBy(item => (string?)item["outcome"] ?? "").Select(group => new KeyValuePair<string, JsonNode?>(group.Key, group.Count()))),
            ["demands"] = new JsonArray([.. _demands.Skip(before).Select(demand => demand.DeepClone())]),
            ["stats"] = expect["stats"] is null ? null : JsonNode.Parse(s_http.GetStringAsync(new Uri(Endpoint, "/simulator/stats")).GetAwaiter().GetResult()),
        };
        _shown.Append(found["result"]?.ToJsonString()).Append(found["problem"]?.ToJsonString());
        _shown.AppendJoin('\n', end.Items.Select(item => item.ToJsonString()));
        _shown.AppendJoin('\n', records.Select(record => record.ToJsonString()));
        expect.TryAdd("problem", null);
        foreach ((string part, JsonNode? value) in expect)
        {
            foreach (string member in part == "result" ? end.Unseen : [])
                (value as JsonObject)?.Remove(member);
            if (end.IsCutOff && part is not ("stats" or "events") || part == "pages" && end.Pages is null)
                continue;
            if (part is "some" or "events" or "records")
            {
                IReadOnlyList<JsonNode> among = part == "some" ? end.Items : part == "events" ? events : records;
                Assert.All(value!.AsArray().Select(one => part == "some" ? one : Shown(one)), one => Assert.True(
                    among.Any(other => Mismatch(one, other, "$") is null), $"{place}: none is {one!.ToJsonString()} of {string.Join(", ", among.Select(other => other.ToJsonString()))}"));
            }
            else
            {
                string? wrong = Mismatch(value, found[part], part);
                Assert.True(wrong is null, $"{place}: {wrong}; it ended with {found.ToJsonString()}");
            }
        }
        if (step["save"] is not null)
            _plan = found["result"]?.ToJsonString();
        Save(step, found["result"]);
    }

    /// <summary>A number of whatever type the node was made of.</summary>
    private static double Number(JsonNode number) => double.Parse(number.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The first place where a value does not match, with both values.</summary>
    private static string? Mismatch(JsonNode? expected, JsonNode? found, string path)
    {
        string wrong = $"{path}: {found?.ToJsonString() ?? "null"} does not match {expected?.ToJsonString() ?? "null"}";
        switch (expected)
        {
            case JsonObject rules when rules.Any(rule => rule.Key.StartsWith('$')):
                double? size = found is JsonArray list ? list.Count : found?.GetValueKind() == JsonValueKind.Number ? Number(found) : null;
                bool holds = rules.All(rule => rule.Key switch
                {
                    "$least" => size >= Number(rule.Value!),
                    "$most" => size <= Number(rule.Value!),
                    "$in" => rule.Value!.AsArray().Any(one => JsonNode.DeepEquals(one, found)),
                    "$contains" => found?.GetValueKind() == JsonValueKind.String && ((string)found!).Contains((string)rule.Value!, StringComparison.Ordinal),
                    _ => throw new InvalidOperationException($"{path}: there is no {rule.Key}."),
                });
                return holds ? null : wrong;
            case JsonObject members:
                return found is JsonObject other
                    ? members.Select(member => Mismatch(member.Value, other[member.Key], $"{path}.{member.Key}")).FirstOrDefault(first => first is not null)
                    : wrong;
            case JsonArray items:
                return found is JsonArray others && others.Count == items.Count
                    ? items.Select((item, at) => Mismatch(item, others[at], $"{path}[{at}]")).FirstOrDefault(first => first is not null)
                    : wrong;
            default:
                return JsonNode.DeepEquals(expected, found) ? null : wrong;
        }
    }
}

/// <summary>The end of an operation.</summary>
/// <param name="Result">The result.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Items">The reports, or the agent users of all pages.</param>
/// <param name="Pages">The sizes of the pages; null where they can't be told.</param>
/// <param name="IsCutOff">Whether cancelling gives no result, as Ctrl+C does.</param>
internal sealed record FlowEnd(
    JsonNode? Result, JsonNode? Problem, IReadOnlyList<JsonNode> Items, IReadOnlyList<int>? Pages, bool IsCutOff = false)
{
    /// <summary>Members of the result that the binding does not show.</summary>
    public IReadOnlyList<string> Unseen { get; init; } = [];
}
