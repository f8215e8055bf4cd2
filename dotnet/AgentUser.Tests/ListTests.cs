using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace AgentUsers.Tests;

public sealed class ListTests(ITestOutputHelper output)
{
    private const int Many = 20_000;

    private static Simulation Crowd(int agentUsers) =>
        Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Identities = 0, AgentUsers = agentUsers + 1 });

    [Fact]
    public async Task A_long_list_comes_whole_in_bounded_memory()
    {
        using Simulation simulation = Crowd(Many);
        using AgentUserClient client = simulation.Client();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using AgentUserPages pages = client.List(new AgentUserListQuery { PageSize = 500 });
        var ids = new HashSet<Guid>();
        long most = 0;
        int count = 0;
        while (await pages.NextPageAsync() is { } page)
        {
            Assert.InRange(page.Count, 1, 500);
            Assert.All(page, user => Assert.True(ids.Add(user.Id)));
            if (++count % 10 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        Assert.Equal(Many + 1, ids.Count);
        output.WriteLine($"{ids.Count} agent users, at most {most / 1024} KiB more than before");
        // The set of ids takes 1 MB; all agent users would take 10.
        Assert.True(most < 4 * 1024 * 1024, $"{most} bytes");
        Assert.Null(await pages.NextPageAsync());
    }

    [Fact]
    public async Task Pages_are_not_read_far_ahead_of_whoever_takes_them()
    {
        using Simulation simulation = Crowd(1000);
        using AgentUserClient client = simulation.Client();
        using AgentUserPages pages = client.List(new AgentUserListQuery { PageSize = 10 });
        Assert.Equal(10, (await pages.NextPageAsync())!.Count);
        // While the other call runs, an unpaused list would read on.
        for (int n = 0; n < 30; n++)
            await client.GetAsync("first.agent@contoso.com");
        long requests = (await simulation.AskAsync("/simulator/stats"))["requests"]!.AsInt64()!.Value;
        Assert.InRange(requests, 31, 30 + 5);
    }

    [Fact]
    public async Task Conditions_narrow_it()
    {
        using Simulation simulation = Crowd(30);
        using AgentUserClient client = simulation.Client();
        using AgentUserPages some = client.List(new AgentUserListQuery { UserPrincipalNameStartsWith = "agent2" });
        IReadOnlyList<AgentUser> page = (await some.NextPageAsync())!;
        Assert.Equal(11, page.Count);
        using AgentUserPages one = client.List(new AgentUserListQuery { IdentityParentId = Simulation.Identity(7) });
        Assert.Equal("agent7@contoso.com", Assert.Single((await one.NextPageAsync())!).UserPrincipalName);
        using AgentUserPages none = client.List(new AgentUserListQuery { AccountEnabled = false });
        Assert.Null(await none.NextPageAsync());
        using AgentUserPages wrong = client.List(new AgentUserListQuery { PageSize = -1 });
        await Assert.ThrowsAsync<AgentUserException>(wrong.NextPageAsync);
    }

    [Fact]
    public async Task A_list_is_cancelled_between_pages()
    {
        using Simulation simulation = Crowd(100);
        using AgentUserClient client = simulation.Client();
        using var source = new CancellationTokenSource();
        using AgentUserPages pages = client.List(new AgentUserListQuery { PageSize = 10 }, source.Token);
        await pages.NextPageAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await pages.NextPageAsync() is not null)
            {
            }
        });
    }

    [Fact]
    public async Task One_page_is_asked_for_at_a_time_and_none_after_the_end()
    {
        using Simulation simulation = Crowd(100);
        using AgentUserClient client = simulation.Client();
        AgentUserPages pages = client.List(new AgentUserListQuery { PageSize = 10 });
        Task<IReadOnlyList<AgentUser>?> first = pages.NextPageAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(pages.NextPageAsync);
        Assert.Equal(10, (await first)!.Count);
        pages.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(pages.NextPageAsync);
    }

#if ASYNC_LISTS
    [Fact]
    public async Task Agent_users_come_one_by_one_and_a_break_ends_the_list()
    {
        using Simulation simulation = Crowd(2500);
        using AgentUserClient client = simulation.Client();
        int all = 0;
        await foreach (AgentUser user in client.ListAsync())
            all += user.IsAgentUser ? 1 : 0;
        Assert.Equal(2501, all);

        int some = 0;
        await foreach (AgentUser _ in client.ListAsync(new AgentUserListQuery { PageSize = 10 }))
        {
            if (++some == 15)
                break;
        }
        Assert.Equal(15, some);
        Assert.Equal(0, client.Running);
    }

    [Fact]
    public async Task A_list_of_one_by_one_is_cancelled_by_the_token_of_its_enumerator()
    {
        using Simulation simulation = Crowd(2500);
        using AgentUserClient client = simulation.Client();
        using var source = new CancellationTokenSource();
        int some = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (AgentUser _ in client.ListAsync(new AgentUserListQuery { PageSize = 10 }).WithCancellation(source.Token))
            {
                if (++some == 15)
                    source.Cancel();
            }
        });
        Assert.InRange(some, 15, 50);
    }
#endif
}
