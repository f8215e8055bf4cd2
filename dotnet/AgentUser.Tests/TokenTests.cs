using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

public sealed class TokenTests
{
    /// <summary>One create is slow, so that the roster runs when its first row exists.</summary>
    private static AgentUserSimulatorOptions TwoTokens => new()
    {
        Latency = (TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5)),
        Identities = 50,
        Script = [new AgentUserSimulatorFault("POST", "/users", 25, "delay", ("delayMs", 3000))],
        Tokens = new Dictionary<string, TimeSpan> { ["one"] = TimeSpan.FromHours(1), ["two"] = TimeSpan.FromHours(1) },
    };

    [Fact]
    public async Task Calls_that_lack_a_token_at_the_same_time_share_one_answer()
    {
        using Simulation simulation = Simulation.Start();
        var release = new TaskCompletionSource<GraphToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        int asked = 0;
        using AgentUserClient client = simulation.Client((request, _) =>
        {
            Interlocked.Increment(ref asked);
            Assert.True(Thread.CurrentThread.IsThreadPoolThread);
            Assert.False(request.Refused);
            Assert.NotEqual("", request.Scope);
            return release.Task;
        });
        Task<AgentUser>[] calls = [.. Enumerable.Range(0, 20).Select(_ => client.GetAsync("first.agent@contoso.com"))];
        while (client.Demands.Waiting < calls.Length)
            await Task.Yield();
        release.SetResult(new GraphToken(simulation.Simulator.Token));
        Assert.All(await Task.WhenAll(calls), user => Assert.Equal("first.agent@contoso.com", user.UserPrincipalName));
        Assert.Equal(1, asked);
        Assert.Equal(0, client.Demands.Waiting);
    }

    [Fact]
    public async Task A_call_that_asks_just_before_a_token_comes_does_not_ask_for_another()
    {
        using Simulation simulation = Simulation.Start();
        for (int round = 0; round < 100; round++)
        {
            int asked = 0;
            using AgentUserClient client = simulation.Client((_, _) =>
            {
                Interlocked.Increment(ref asked);
                return Task.FromResult(new GraphToken(simulation.Simulator.Token));
            });
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.GetAsync("first.agent@contoso.com")));
            Assert.Equal(1, asked);
        }
    }

    [Fact]
    public async Task A_token_that_comes_too_late_is_not_taken_for_a_new_one()
    {
        using Simulation simulation = Simulation.Start(TwoTokens);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new TaskCompletionSource<GraphToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = new ConcurrentQueue<TokenRequest>();
        using AgentUserClient client = simulation.Client((request, _) =>
        {
            requests.Enqueue(request);
            if (requests.Count > 1)
                return Task.FromResult(new GraphToken(request.Refused ? "two" : "one"));
            asked.SetResult();
            return late.Task;
        });
        using var source = new CancellationTokenSource();
        Task<AgentUser> gone = client.GetAsync("first.agent@contoso.com", source.Token);
        await asked.Task;
        await source.CancelAsync();
        await Assert.ThrowsAsync<AgentUserCanceledException>(() => gone);
        Assert.NotNull(await client.GetAsync("first.agent@contoso.com"));
        late.SetResult(new GraphToken("late"));
        while (client.Demands.Answering > 0)
            await Task.Yield();
        simulation.Post("/simulator/revoke", "{\"token\":\"one\"}");
        Assert.NotNull(await client.GetAsync("first.agent@contoso.com"));
        Assert.Equal([false, false, true], requests.Select(request => request.Refused));
    }

    [Fact]
    public async Task A_provider_that_fails_ends_its_call_with_the_reason_and_no_other()
    {
        using Simulation simulation = Simulation.Start();
        int asked = 0;
        using AgentUserClient client = simulation.Client(async (_, _) =>
        {
            await Task.Yield();
            return Interlocked.Increment(ref asked) == 1
                ? throw new InvalidOperationException("the sign-in was closed")
                : new GraphToken(simulation.Simulator.Token);
        });
        var error = await Assert.ThrowsAsync<AgentUserException>(() => client.GetAsync("first.agent@contoso.com"));
        Assert.Contains("the sign-in was closed", error.Message, StringComparison.Ordinal);
        Assert.Equal("the sign-in was closed", Assert.IsType<InvalidOperationException>(error.InnerException).Message);
        Assert.NotNull(await client.GetAsync("first.agent@contoso.com"));
    }

    [Fact]
    public async Task A_token_that_is_no_token_is_the_providers_failure()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient nothing = simulation.Client((_, _) => Task.FromResult<GraphToken>(null!));
        Assert.IsType<InvalidOperationException>((await Assert.ThrowsAsync<AgentUserException>(() => nothing.GetAsync("a@b.c"))).InnerException);
        using AgentUserClient lines = simulation.Client((_, _) => Task.FromResult(new GraphToken("a\r\nb")));
        var error = await Assert.ThrowsAsync<AgentUserException>(() => lines.GetAsync("a@b.c"));
        Assert.IsType<AgentUserException>(error.InnerException);
        var none = Assert.Throws<ArgumentException>(() => new AgentUserClient(new AgentUserClientOptions { GraphEndpoint = simulation.Simulator.Endpoint }));
        Assert.Contains("There is nothing to sign in with. Set SignIn or TokenProvider.", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_hears_when_no_call_waits_for_it_any_more()
    {
        using Simulation simulation = Simulation.Start();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var unwanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using AgentUserClient client = simulation.Client(async (_, cancellationToken) =>
        {
            asked.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                unwanted.TrySetResult();
            }
            throw new InvalidOperationException("not reached");
        });
        using var source = new CancellationTokenSource();
        Task<AgentUser> call = client.GetAsync("first.agent@contoso.com", source.Token);
        await asked.Task;
        await source.CancelAsync();
        await Assert.ThrowsAsync<AgentUserCanceledException>(() => call);
        await unwanted.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Two_clients_have_two_tokens()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Token = "admin" });
        using AgentUserClient admin = simulation.Client();
        using AgentUserClient reader = simulation.Client((_, _) => Task.FromResult(new GraphToken("reader")));
        Task<AgentUser> created = admin.CreateAsync(Simulation.Row(1));
        Task<AgentUser> refused = reader.CreateAsync(Simulation.Row(2));
        Assert.Equal("row1@contoso.com", (await created).UserPrincipalName);
        var error = await Assert.ThrowsAsync<AgentUserException>(() => refused);
        Assert.Equal("PermissionMissing", error.Problem.Code);
        Assert.NotEmpty(error.Problem.Permissions);
        Assert.Equal("row1@contoso.com", (await reader.GetAsync("row1@contoso.com")).UserPrincipalName);
        Assert.Single(await simulation.MadeAsync());
    }

    [Fact]
    public void A_token_is_never_shown()
    {
        var token = new GraphToken("abc", DateTimeOffset.UnixEpoch.AddSeconds(90));
        Assert.DoesNotContain("abc", token.ToString(), StringComparison.Ordinal);
        Assert.Equal(90u, token.ExpiresInSeconds(DateTimeOffset.UnixEpoch));
        Assert.Equal(1u, token.ExpiresInSeconds(DateTimeOffset.UnixEpoch.AddDays(1)));
        Assert.Equal(0u, new GraphToken("abc").ExpiresInSeconds(DateTimeOffset.UnixEpoch));
    }
}
