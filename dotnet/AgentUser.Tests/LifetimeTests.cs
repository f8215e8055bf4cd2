using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>Calls use no thread, end when they should, and leave nothing behind.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public async Task Fifty_calls_are_under_way_at_once_and_block_no_thread()
    {
        // Their answers never come, so each of them is sent beside all others, or not at all.
        AgentUserSimulatorFault[] never = [.. Enumerable.Range(1, 50).Select(nth => new AgentUserSimulatorFault("GET", "row", nth, "never"))];
        using Simulation simulation = Simulation.Start(Simulation.With(never));
        AgentUserClient client = simulation.Client();
        await client.GetAsync("first.agent@contoso.com");
        int threads = ThreadPool.ThreadCount;
        Task<AgentUser>[] all = [.. Enumerable.Range(1, 50).Select(number => client.GetAsync($"row{number}@contoso.com"))];
        while ((await simulation.AskAsync("/simulator/stats"))["faults"]!["Never"]?.AsInt64() != 50)
            await Task.Yield();
        Assert.True(ThreadPool.ThreadCount < threads + 10, $"{ThreadPool.ThreadCount} threads, before {threads}");
        client.Dispose();
        foreach (Task<AgentUser> one in all)
            await Assert.ThrowsAsync<ObjectDisposedException>(() => one);
    }

    [Fact]
    public async Task Disposing_of_the_client_ends_calls_that_wait()
    {
        using Simulation simulation = Simulation.Start(Simulation.With(
            new AgentUserSimulatorFault("GET", "row", 1, "never"), new AgentUserSimulatorFault("GET", "row", 2, "never")));
        AgentUserClient client = simulation.Client();
        Task<AgentUser> get = client.GetAsync("row1@contoso.com");
        AgentUserPages pages = client.List(new AgentUserListQuery { UserPrincipalNameStartsWith = "row" });
        Task<IReadOnlyList<AgentUser>?> page = pages.NextPageAsync();
        while ((await simulation.AskAsync("/simulator/stats"))["faults"]!["Never"]?.AsInt64() != 2)
            await Task.Yield();
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => get);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => page);
        Assert.Equal(0, client.Running);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetAsync("row1@contoso.com"));
        client.Dispose();
    }

    [Fact]
    public async Task Disposing_of_the_client_while_it_asks_for_a_token_ends_the_call()
    {
        using Simulation simulation = Simulation.Start();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new TaskCompletionSource<GraphToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        AgentUserClient client = simulation.Client((_, _) =>
        {
            asked.TrySetResult();
            return late.Task;
        });
        Task<AgentUser> get = client.GetAsync("first.agent@contoso.com");
        await asked.Task;
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => get);
        // A token that comes afterwards finds no call and changes nothing.
        late.SetResult(new GraphToken("late"));
    }

    [Fact]
    public async Task Many_ends_at_once_do_no_harm()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, AgentUsers = 201 });
        for (int round = 0; round < 20; round++)
        {
            AgentUserClient client = simulation.Client();
            using var source = new CancellationTokenSource();
            Task[] calls = [.. Enumerable.Range(0, 20).Select(n => n % 2 == 0
                ? client.GetAsync("first.agent@contoso.com", source.Token)
                : (Task)ReadAllAsync(client, source.Token))];
            Task cancel = Task.Run(source.Cancel);
            Task dispose = Task.Run(client.Dispose);
            await Task.WhenAll(cancel, dispose);
            foreach (Task call in calls)
            {
                Exception? error = await Record.ExceptionAsync(() => call);
                Assert.True(error is null or ObjectDisposedException or OperationCanceledException, error?.ToString());
            }
            Assert.Equal(0, client.Running);
        }

        static async Task ReadAllAsync(AgentUserClient client, CancellationToken cancellationToken)
        {
            using AgentUserPages pages = client.List(new AgentUserListQuery { PageSize = 10 }, cancellationToken);
            while (await pages.NextPageAsync() is not null)
            {
            }
        }
    }

    [Fact]
    public async Task What_is_dropped_is_freed()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, AgentUsers = 201 });
        Collect();
        nuint before = Handles();
        for (int n = 0; n < 20; n++)
            await DropAsync(simulation);
        Assert.True(Handles() > before);
        for (int tries = 0; tries < 50 && Handles() > before; tries++)
        {
            await Task.Yield();
            Collect();
        }
        Assert.Equal(before, Handles());

        // Not inlined, so that the test's own stack holds no reference.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task DropAsync(Simulation simulation)
        {
            AgentUserClient client = simulation.Client();
            await client.List(new AgentUserListQuery { PageSize = 10 }).NextPageAsync();
            PumpedCall.Start(client.Native, Operations.Get("first.agent@contoso.com"));
            await Assert.ThrowsAsync<AgentUserException>(() => client.GetAsync("nobody@contoso.com"));
        }
    }

    [Fact]
    public async Task What_is_used_and_disposed_of_leaves_no_handle()
    {
        Collect();
        nuint before = Handles();
        using (Simulation simulation = Simulation.Start(Simulation.With(new AgentUserSimulatorFault("POST", "/users", 2, "lostAnswer"))))
        using (AgentUserClient client = simulation.Client())
        {
            await client.ApplyRosterAsync(Simulation.Roster(5));
            await client.GetAsync("row1@contoso.com");
            await Assert.ThrowsAsync<AgentUserException>(() => client.GetAsync("nobody@contoso.com"));
            Assert.Throws<AgentUserException>(() => AgentUserRules.Derive(""));
            Assert.Throws<AgentUserException>(() => new AgentUserClient(new AgentUserClientOptions { GraphEndpoint = new Uri("http://contoso.com"), TokenProvider = (_, _) => Task.FromResult(new GraphToken("x")) }));
            Assert.Throws<AgentUserException>(() => PumpedCall.Start(client.Native, JsonValue.ObjectOf(("operation", "none"))));
        }
        Assert.Equal(before, Handles());
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    /// <summary>The number of live handles of the native library.</summary>
    private static unsafe nuint Handles()
    {
        var module = System.Runtime.InteropServices.NativeLibrary.Load(NativeFunctions.Instance.File);
        var count = (delegate* unmanaged[Cdecl]<nuint>)System.Runtime.InteropServices.NativeLibrary.GetExport(module, "agentuser_live_handles");
        return count();
    }
}
