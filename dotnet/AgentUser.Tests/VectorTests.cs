using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>Runs the cases of tests/vectors, as every binding does.</summary>
public sealed class VectorTests
{
    public static TheoryData<string, int, string> Functions => Cases("function");

    public static TheoryData<string, int, string> AllOperations => Cases("operation");

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_pure_function_comes_to_the_same(string file, int number, string name)
    {
        JsonValue one = Case(file, number, name);
        byte[] input = Encoding.UTF8.GetBytes(one["input"]?.AsString() ?? "");
        (JsonValue? result, JsonValue? problem) = Outcome(() => Ask(one["function"]!.AsString()!, one["request"]!, input));
        Assert.Equal(one["result"], result);
        Assert.Equal(one["problem"], problem);
    }

    [Theory]
    [MemberData(nameof(AllOperations))]
    public async Task An_operation_sends_the_same_and_comes_to_the_same(string file, int number, string name)
    {
        JsonValue one = Case(file, number, name);
        using var graph = new ScriptedGraph(one["exchange"]?.Items ?? []);
        using var client = new NativeClient(new AgentUserClientOptions { GraphEndpoint = graph.Endpoint, Batch = 1 });
        client.SetToken("any"u8.ToArray(), 0);
        byte[]? input = one["input"]?.AsString() is { } text ? Encoding.UTF8.GetBytes(text) : null;
        var items = new List<JsonValue>();
        JsonValue? result = null, problem = null;
        try
        {
            using PumpedCall call = PumpedCall.Start(client, one["operation"]!, input);
            while (result is null && problem is null)
            {
                WaitResult said = await Task.Run(() => call.Wait(1000));
                if (said.Kind == WaitKind.Page)
                    items.Add(JsonValue.Array(said.AgentUsers.Select(user => user.ToJsonValue())));
                else if (said.Kind == WaitKind.Report)
                    items.Add(said.Report!.Json);
                else if (said.Kind == WaitKind.Done)
                    result = said.Result;
                else if (said.Kind == WaitKind.Failed)
                    problem = said.Problem!.Json;
            }
        }
        catch (AgentUserException error)
        {
            problem = error.Problem.Json;
        }
        Assert.Empty(graph.Unexpected);
        Assert.Empty(graph.Left);
        Assert.Equal(Sorted(one["items"]?.Items ?? []), Sorted(items.Select(WithoutIds)));
        // The cases name the global cloud.
        problem = problem is null ? null : JsonValue.Parse(problem.ToString().Replace(graph.Endpoint.GetLeftPart(UriPartial.Authority), "https://graph.microsoft.com", StringComparison.Ordinal));
        Assert.Equal(one["problem"], problem is null ? null : WithoutIds(problem));
        Assert.Equal(one.Members.TryGetValue("result", out JsonValue? expected) ? expected : null, result is null ? null : WithoutIds(result));
    }

    [Fact]
    public void There_are_cases_of_every_function()
    {
        string[] functions = [.. Functions.Select(row => Case((string)row[0], (int)row[1], (string)row[2])["function"]!.AsString()!).Distinct().Order()];
        Assert.Equal(["accessPolicies", "consentUrl", "derive", "explain", "explainCode", "renderReport", "validate", "validateMember", "validateRoster"], functions);
        Assert.True(AllOperations.Count > 10);
    }

    private static IEnumerable<string> Sorted(IEnumerable<JsonValue> items) => items.Select(Canonical).Order(StringComparer.Ordinal);

    /// <summary>The same without the ids that each run draws anew.</summary>
    private static JsonValue WithoutIds(JsonValue value) => value.Kind switch
    {
        JsonKind.Array => JsonValue.Array(value.Items.Select(WithoutIds)),
        JsonKind.Object => JsonValue.ObjectOf([.. value.Members
            .Where(member => member.Key is not ("runId" or "clientRequestId"))
            .Select(member => (member.Key, (JsonValue?)WithoutIds(member.Value)))]),
        _ => value,
    };

    /// <summary>One text for equal values, in whatever order their members are.</summary>
    private static string Canonical(JsonValue value) => value.Kind switch
    {
        JsonKind.Array => $"[{string.Join(',', value.Items.Select(Canonical))}]",
        JsonKind.Object => $"{{{string.Join(',', value.Members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{JsonValue.String(member.Key)}:{Canonical(member.Value)}"))}}}",
        _ => value.ToString(),
    };

    private static unsafe JsonValue Ask(string function, JsonValue request, byte[] input)
    {
        NativeFunctions native = NativeFunctions.Instance;
        return function switch
        {
            "validate" => NativeCalls.Ask(native.Validate, request),
            "validateMember" => NativeCalls.Ask(native.ValidateMember, request),
            "validateRoster" => NativeCalls.Ask(native.ValidateRoster, request, input),
            "derive" => NativeCalls.Ask(native.Derive, request),
            "explainCode" => NativeCalls.Ask(native.ExplainCode, request),
            "accessPolicies" => NativeCalls.Ask(native.AccessPolicies, request),
            "consentUrl" => NativeCalls.Ask(native.ConsentUrl, request),
            "explain" => NativeCalls.Ask(native.Explain, request, input),
            "renderReport" => NativeCalls.Ask(native.RenderReport, request, input),
            _ => throw new InvalidOperationException(function),
        };
    }

    private static (JsonValue? Result, JsonValue? Problem) Outcome(Func<JsonValue> ask)
    {
        try
        {
            return (ask(), null);
        }
        catch (AgentUserException error)
        {
            return (null, error.Problem.Json);
        }
    }

    private static TheoryData<string, int, string> Cases(string kind)
    {
        var cases = new TheoryData<string, int, string>();
        foreach (string file in Directory.GetFiles(Path.Combine(Simulation.Root, "tests", "vectors"), "*.json").Order())
        {
            int number = 0;
            foreach (JsonValue one in Read(Path.GetFileName(file)))
            {
                if (one[kind] is not null)
                    cases.Add(Path.GetFileName(file), number, one["name"]!.AsString()!);
                number++;
            }
        }
        return cases;
    }

    /// <summary>By number, because names repeat.</summary>
    private static JsonValue Case(string file, int number, string name)
    {
        JsonValue one = Read(file)[number];
        Assert.Equal(name, one["name"]!.AsString());
        return one;
    }

    private static IReadOnlyList<JsonValue> Read(string file) =>
        JsonValue.Parse(File.ReadAllText(Path.Combine(Simulation.Root, "tests", "vectors", file)))["cases"]!.Items;

    /// <summary>A Graph that answers each request of an exchange once.</summary>
    private sealed class ScriptedGraph(IReadOnlyList<JsonValue> exchange) : Server
    {
        private readonly List<JsonValue> _left = [.. exchange];

        internal List<string> Unexpected { get; } = [];

        internal IReadOnlyList<JsonValue> Left => _left;

        protected override (int Status, IEnumerable<KeyValuePair<string, string>> Headers, string Body) Answer(HttpListenerRequest request, string body)
        {
            string url = request.RawUrl!["/v1.0".Length..];
            JsonValue? sent = body.Length == 0 ? null : JsonValue.Parse(body);
            lock (_left)
            {
                JsonValue? one = _left.Find(one => one["method"]!.AsString() == request.HttpMethod && one["url"]!.AsString() == url && Equals(one["body"], sent));
                if (one is null)
                {
                    Unexpected.Add($"{request.HttpMethod} {url} {body}");
                    return (400, [], "{}");
                }
                _left.Remove(one);
                JsonValue answer = one["answer"]!;
                string text = answer.Members.TryGetValue("body", out JsonValue? value) ? value.ToString().Replace("{root}", new Uri(Endpoint, "/v1.0").ToString(), StringComparison.Ordinal) : "";
                return ((int)answer["status"]!.AsInt64()!.Value, Headers(answer["headers"]), text);
            }
        }

        private static IEnumerable<KeyValuePair<string, string>> Headers(JsonValue? headers) =>
            (headers?.Items ?? []).Select(header => new KeyValuePair<string, string>(header.Items[0].AsString()!, header.Items[1].AsString()!));
    }
}
