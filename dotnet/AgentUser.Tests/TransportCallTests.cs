using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>Operations whose requests somebody else sends, on the thread that waits.</summary>
public sealed class TransportCallTests
{
    /// <summary>Sends with <see cref="HttpClient"/>, one request at a time.</summary>
    private sealed class Transport(string token) : IGraphTransport
    {
        private static readonly HttpClient s_http = new();

        /// <summary>Stands in for the answer to a request; null sends it.</summary>
        internal Func<GraphRequest, GraphAnswer?>? Instead { get; init; }

        internal List<GraphRequest> Sent { get; } = [];

        internal HashSet<int> Threads { get; } = [];

        public GraphAnswer Send(GraphRequest request)
        {
            Sent.Add(request);
            Threads.Add(Environment.CurrentManagedThreadId);
            if (Instead?.Invoke(request) is { } answer)
                return answer;
            using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Url);
            message.Headers.Add("Authorization", "Bearer " + token);
            if (request.Body is { } body)
                message.Content = new ByteArrayContent(body);
            foreach (KeyValuePair<string, string> header in request.Headers)
            {
                if (!message.Headers.TryAddWithoutValidation(header.Key, header.Value))
                    message.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
            using HttpResponseMessage response = s_http.Send(message);
            return GraphAnswer.Response(
                (int)response.StatusCode,
                response.Headers.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value))),
                response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult());
        }
    }

    private static NativeSession Session(Simulation simulation) =>
        new(new AgentUserClientOptions { GraphEndpoint = simulation.Simulator.Endpoint }.ToConfig().ToString());

    private static List<WaitResult> Pump(TransportCall call, int timeoutMs = 1000)
    {
        var said = new List<WaitResult>();
        while (said.Count == 0 || said[^1].Kind is not (WaitKind.Done or WaitKind.Failed))
        {
            WaitResult result = call.Wait(timeoutMs);
            if (result.Kind != WaitKind.Timeout)
                said.Add(result);
        }
        return said;
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(-1)]
    public void Everything_happens_on_the_thread_that_waits(int timeoutMs)
    {
        using Simulation simulation = Simulation.Start();
        using NativeSession session = Session(simulation);
        var transport = new Transport(simulation.Simulator.Token);
        JsonValue recorded = Recording.Of(Operations.ApplyRoster(), requests: true, changes: true, reason: "a test");
        using TransportCall roster = TransportCall.Start(session, transport, recorded, Simulation.Roster(3));
        Assert.Empty(transport.Sent);
        List<WaitResult> said = Pump(roster, timeoutMs);
        Assert.Equal([2, 3, 4], said.Where(one => one.Kind == WaitKind.Report).Select(one => one.Report!.Row!.Value).Order());
        Assert.Contains(said, one => one.Kind == WaitKind.Progress);
        Assert.Equal(3, said.Count(one => one.Kind == WaitKind.Record && one.Record["change"]?.AsString() == "create"));
        Assert.Equal(3, RosterSummary.From(said[^1].Result).Created);
        Assert.Equal([Environment.CurrentManagedThreadId], transport.Threads);
        Assert.Contains(transport.Sent, request => request.Url.EndsWith("/$batch", StringComparison.Ordinal));
        Assert.All(transport.Sent, request => Assert.StartsWith("agentuser/", request.UserAgent, StringComparison.Ordinal));
        Assert.Throws<ObjectDisposedException>(() => roster.Wait(0));

        using TransportCall list = TransportCall.Start(session, transport, Operations.List(pageSize: 2));
        said = Pump(list, timeoutMs);
        Assert.Equal(4, said.Where(one => one.Kind == WaitKind.Page).Sum(one => one.AgentUsers.Count));
        using TransportCall get = TransportCall.Start(session, transport, Operations.Get("row1@contoso.com"));
        Assert.Equal("row1@contoso.com", Assert.Single(Pump(get, timeoutMs)[^1].AgentUsers).UserPrincipalName);
        using TransportCall nobody = TransportCall.Start(session, transport, Operations.Get("nobody@contoso.com"));
        Assert.Equal(ProblemCodes.NotFound, Pump(nobody, timeoutMs)[^1].Problem!.Code);
    }

    [Fact]
    public void An_operation_that_is_invalid_sends_nothing()
    {
        using Simulation simulation = Simulation.Start();
        using NativeSession session = Session(simulation);
        Assert.Throws<AgentUserException>(() => TransportCall.Start(session, new Transport(""), Operations.List(pageSize: 0)));
    }

    [Fact]
    public async Task A_create_whose_answer_is_lost_is_found_and_not_repeated()
    {
        using Simulation simulation = Simulation.Start();
        using NativeSession session = Session(simulation);
        Transport sender = new(simulation.Simulator.Token);
        bool lost = false;
        var transport = new Transport(simulation.Simulator.Token)
        {
            Instead = request =>
            {
                if (lost || request.Method != "POST")
                    return null;
                lost = true;
                sender.Send(request);
                return GraphAnswer.Lost(GraphLoss.Broken, "the line is cut");
            },
        };
        using TransportCall create = TransportCall.Start(session, transport, Operations.Create(Simulation.Row(1), null, Readiness.None));
        Assert.Equal("row1@contoso.com", Assert.Single(Pump(create)[^1].AgentUsers).UserPrincipalName);
        Assert.True(lost);
        Assert.Single(transport.Sent, request => request.Method == "POST");
        Assert.Single(await simulation.MadeAsync());
    }

    [Fact]
    public void A_token_that_is_refused_is_asked_for_once_more_with_the_claims()
    {
        using Simulation simulation = Simulation.Start();
        using NativeSession session = Session(simulation);
        const string Challenge = "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"";
        var transport = new Transport("")
        {
            Instead = request => request.IsRefused
                ? GraphAnswer.NoToken("Sign in again.")
                : GraphAnswer.Response(401, [KeyValuePair.Create("WWW-Authenticate", Challenge)], []),
        };
        using TransportCall get = TransportCall.Start(session, transport, Operations.Get("first.agent@contoso.com"));
        Problem problem = Pump(get)[^1].Problem!;
        Assert.Equal(ProblemCodes.TokenMissing, problem.Code);
        Assert.Contains("Sign in again.", problem.Message, StringComparison.Ordinal);
        Assert.Equal("{\"access_token\":{}}", transport.Sent[^1].Claims);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    public async Task A_cancellation_from_another_thread_ends_a_wait_at_once(int timeoutMs)
    {
        using Simulation simulation = Simulation.Start();
        using NativeSession session = Session(simulation);
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var transport = new Transport(simulation.Simulator.Token)
        {
            Instead = _ =>
            {
                waits.TrySetResult();
                return GraphAnswer.Response(429, [KeyValuePair.Create("Retry-After", "600")], []);
            },
        };
        using TransportCall get = TransportCall.Start(session, transport, Operations.Get("first.agent@contoso.com"));
        Task cancel = waits.Task.ContinueWith(_ => get.Cancel(), TaskScheduler.Default);
        // The limit is less than Graph asks to wait.
        IReadOnlyList<WaitResult> results = await Task.Run(() => Pump(get, timeoutMs)).WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(ProblemCodes.Cancelled, results[^1].Problem!.Code);
        await cancel;
    }

    [Fact]
    public void A_transport_that_throws_ends_the_wait_and_disposing_frees_all()
    {
        using Simulation simulation = Simulation.Start();
        using NativeSession session = Session(simulation);
        var transport = new Transport("") { Instead = _ => throw new InvalidOperationException("no") };
        using TransportCall get = TransportCall.Start(session, transport, Operations.Get("first.agent@contoso.com"));
        Assert.Throws<InvalidOperationException>(() => get.Wait(-1));
        get.Dispose();
        Assert.Throws<ObjectDisposedException>(() => get.Wait(0));
    }
}
