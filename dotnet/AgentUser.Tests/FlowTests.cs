using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>The flows of tests/flows, which every binding plays.</summary>
public sealed class FlowTests
{
    public static TheoryData<string> Flows => [.. FlowPlayer.Names(Simulation.Root, "dotnet")];

    [Theory]
    [MemberData(nameof(Flows))]
    public async Task A_flow_ends_as_it_says(string name)
    {
        using var player = new Player(name);
        await Task.Run(player.Play);
    }

    private sealed class Player(string name) : FlowPlayer(Simulation.Root, name), IDisposable
    {
        private AgentUserSimulator? _simulator;
        private AgentUserClient? _client;
        private ICollection<JsonObject>? _records;

        protected override Uri Endpoint => _simulator!.Endpoint;

        protected override void Connect(JsonObject simulator, JsonObject client)
        {
            _simulator = AgentUserSimulator.Start(simulator.ToJsonString());
            var settings = client["settings"] as JsonObject ?? [];
            OnlyKnows(client, "inFlight", "batch", "settings", "signIn");
            OnlyKnows(settings, "requestTimeoutMs", "parentTimeoutMs", "replicationTimeoutMs");
            _client = new AgentUserClient(new AgentUserClientOptions
            {
                GraphEndpoint = Endpoint,
                InFlight = (int?)client["inFlight"],
                Batch = (int?)client["batch"],
                RequestTimeout = (int?)settings["requestTimeoutMs"] is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
                ParentTimeout = (int?)settings["parentTimeoutMs"] is { } time ? TimeSpan.FromMilliseconds(time) : null,
                ReplicationTimeout = (int?)settings["replicationTimeoutMs"] is { } replicating ? TimeSpan.FromMilliseconds(replicating) : null,
                OnRequest = record => _records?.Add((JsonObject)JsonNode.Parse(record.ToJson())!),
                OnChange = record => _records?.Add((JsonObject)JsonNode.Parse(record.ToJson())!),
                SignIn = client["signIn"] is JsonObject signIn ? SignInOf(signIn) : null,
                TokenProvider = client["signIn"] is not null ? null : (request, _) => Task.FromResult(new GraphToken(NextAnswer(new JsonObject
                {
                    ["kind"] = "token",
                    ["scope"] = request.Scope,
                    ["claims"] = request.Claims,
                    ["refused"] = request.Refused,
                }))),
            });
        }

        private SignIn SignInOf(JsonObject config)
        {
            OnlyKnows(config, "kind", "tenantId", "clientId", "agentIdentityId", "userId", "userPrincipalName", "proof", "scopes");
            string Text(string name) => (string)config[name]!;
            Proof Proven() => (string?)config["proof"]?["kind"] switch
            {
                "clientSecret" => Proof.ClientSecret(Secret!),
                "certificate" => Proof.Certificate(Secret!),
                var other => throw new InvalidOperationException($"The proof {other} can't be played."),
            };
            UserOf User() => config["userId"] is not null ? UserOf.ById(Text("userId")) : UserOf.ByName(Text("userPrincipalName"));
            return Text("kind") switch
            {
                "application" => SignIn.Application(Text("tenantId"), Text("clientId"), Proven()),
                "agentIdentity" => SignIn.AgentIdentity(Text("tenantId"), Text("clientId"), Text("agentIdentityId"), Proven()),
                "agentUser" => SignIn.AgentUser(Text("tenantId"), Text("clientId"), Text("agentIdentityId"), User(), Proven()),
                "onBehalfOf" => SignIn.OnBehalfOf(Text("tenantId"), Text("clientId"), Text("agentIdentityId"), Proven(), (request, _) =>
                    Task.FromResult(NextAnswer(new JsonObject { ["kind"] = "userToken", ["clientId"] = request.ClientId, ["claims"] = request.Claims }))),
                "deviceCode" => SignIn.DeviceCode(Text("tenantId"), Text("clientId"), (code, _) =>
                {
                    NextAnswer(new JsonObject { ["kind"] = "deviceCode", ["userCode"] = code.UserCode, ["verificationUri"] = code.VerificationUri.OriginalString });
                    return Task.CompletedTask;
                }, ((string?)config["scopes"])?.Split(' ')),
                var other => throw new InvalidOperationException($"The sign-in {other} can't be played."),
            };
        }

        protected override FlowEnd Run(JsonObject operation, byte[]? input, Func<JsonObject, bool> onEvent, ICollection<JsonObject>? records)
        {
            _records = records;
            var items = new List<JsonNode>();
            var pages = new List<int>();
            AsyncCall? call = null;
            var progress = new Heard(one =>
            {
                if (onEvent(Event(one)))
                    call!.Cancel();
            });
            try
            {
                using (call = AsyncCall.Start(_client!, JsonValue.Parse(operation.ToJsonString()), input, progress, report => items.Add(Node(report.Json))))
                {
                    while (call.NextPageAsync().GetAwaiter().GetResult() is { } page)
                    {
                        JsonNode[] entries = [.. page.AgentUsers.Select(user => Node(user.ToJsonValue())), .. page.AgentIdentities.Select(one => Node(one.Json))];
                        items.AddRange(entries);
                        pages.Add(entries.Length);
                    }
                    WaitResult end = call.End.GetAwaiter().GetResult();
                    return new FlowEnd(end.Problem is null ? JsonNode.Parse(end.Result.ToString()) : null, end.Problem is { } problem ? Node(problem.Json) : null, items, pages);
                }
            }
            catch (AgentUserException error)
            {
                return new FlowEnd(null, Node(error.Problem.Json), items, pages);
            }
        }

        protected override string Refusal(Action connect) => Assert.Throws<AgentUserException>(connect).Problem.ToJson();

        protected override void StopSimulator() => _simulator!.Dispose();

        public void Dispose()
        {
            _client?.Dispose();
            _simulator?.Dispose();
        }

        private static JsonObject Event(AgentUserProgress progress) => new()
        {
            ["event"] = Name(progress.Kind),
            ["row"] = progress.Row,
            ["stage"] = Name(progress.Stage),
            ["why"] = Name(progress.Reason),
            ["waitMs"] = progress.Wait.TotalMilliseconds,
            ["object"] = progress.WaitsFor?.ToString(),
            ["setting"] = progress.Setting,
            ["done"] = progress.RowsDone,
            ["of"] = progress.RowsTotal,
        };

        private static string Name<T>(T value)
            where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

        private static JsonNode Node(JsonValue value) => JsonNode.Parse(value.ToString())!;
    }
}
