using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>Faults end in the right state and with the right problem.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task A_long_Retry_After_is_seen_and_can_be_cancelled()
    {
        using Simulation simulation = Simulation.Start(Simulation.With(
            new AgentUserSimulatorFault("POST", "/users", 1, "throttled", ("retryAfterSeconds", 600))));
        using AgentUserClient client = simulation.Client();
        using var source = new CancellationTokenSource();
        var waits = new List<AgentUserProgress>();
        var progress = new Heard(one =>
        {
            if (one is { Kind: ProgressKind.Waiting, Reason: WaitReason.Throttled })
            {
                waits.Add(one);
                source.Cancel();
            }
        });
        Task<ProvisionReport> provision = client.ProvisionAsync(Simulation.Row(1), progress: progress, cancellationToken: source.Token);
        // The limit is less than Graph asks to wait.
        var error = await Assert.ThrowsAsync<AgentUserCanceledException>(() => provision.WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.InRange(Assert.Single(waits).Wait.TotalSeconds, 590, 610);
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Equal(ProvisionOutcome.Cancelled, error.Report!.Outcome);
        Assert.Empty(await simulation.MadeAsync());
    }

    [Fact]
    public async Task A_roster_cancelled_in_the_middle_reports_every_row_and_a_rerun_finishes_it()
    {
        // Reports don't slow the rows down: a slow row keeps the roster running until it is cancelled.
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions
        {
            Latency = (TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5)),
            Identities = 100,
            Script = [new AgentUserSimulatorFault("GET", $"{Simulation.Identity(100)}", 1, "delay", ("delayMs", 4000))],
        });
        using AgentUserClient client = simulation.Client(inFlight: 4, batch: 1);
        using var source = new CancellationTokenSource();
        var reports = new List<ProvisionReport>();
        void OnReport(ProvisionReport report)
        {
            reports.Add(report);
            if (reports.Count == 5)
                source.Cancel();
        }
        var error = await Assert.ThrowsAsync<AgentUserCanceledException>(() => client.ApplyRosterAsync(Simulation.Roster(100), onReport: OnReport, cancellationToken: source.Token));
        Assert.Equal(100, error.Summary!.Rows);
        Assert.Equal(Enumerable.Range(2, 100), reports.Select(report => report.Row!.Value).Order());
        Assert.Equal(error.Summary.Cancelled, reports.Count(report => report.Outcome == ProvisionOutcome.Cancelled));
        Assert.InRange(error.Summary.Cancelled, 1, 95);

        IEnumerable<string> said = reports
            .Where(report => report.Changes.Any(change => change is { Kind: ChangeKind.Create, IsApplied: true }))
            .Select(report => report.UserPrincipalName);
        IReadOnlyList<JsonValue> made = await simulation.MadeAsync();
        Assert.Equal(made.Select(user => user["userPrincipalName"]!.AsString()).Order(), said.Order());

        RosterSummary rest = await client.ApplyRosterAsync(Simulation.Roster(100));
        Assert.Equal((100, made.Count), (rest.Created + rest.Unchanged, rest.Unchanged));
        JsonValue stats = await simulation.AskAsync("/simulator/stats");
        Assert.Equal((100, 0), (stats["agentUsersCreated"]!.AsInt64(), stats["batches"]!.AsInt64()));
    }

    [Fact]
    public async Task A_server_that_goes_in_the_middle_is_tried_again_until_somebody_cancels()
    {
        // The third create is never answered: the roster runs until the server ends.
        using Simulation simulation = Simulation.Start(Simulation.With(new AgentUserSimulatorFault("POST", "/users", 3, "never")));
        using var client = new AgentUserClient(new AgentUserClientOptions
        {
            GraphEndpoint = simulation.Simulator.Endpoint,
            TokenProvider = (_, _) => Task.FromResult(new GraphToken(simulation.Simulator.Token)),
            InFlight = 1,
            Batch = 1,
            CleanupTimeout = TimeSpan.FromSeconds(1),
        });
        using var source = new CancellationTokenSource();
        var progress = new Heard(one =>
        {
            if (one is { Kind: ProgressKind.Waiting, Reason: WaitReason.Retry })
                source.Cancel();
        });
        var reports = new List<ProvisionReport>();
        Task<RosterSummary> roster = client.ApplyRosterAsync(Simulation.Roster(20), onReport: reports.Add, progress: progress, cancellationToken: source.Token);
        while ((await simulation.AskAsync("/simulator/stats"))["faults"]!["Never"] is null)
            await Task.Yield();
        simulation.Dispose();
        var error = await Assert.ThrowsAsync<AgentUserCanceledException>(() => roster);
        RosterSummary summary = error.Summary!;
        Assert.Equal((20, 20), (summary.Rows, reports.Count));
        Assert.InRange(summary.Created, 0, 2);
        Assert.Equal(2, reports.Count(report => report.Id is not null));
        Assert.Equal(20, summary.Created + summary.Failed + summary.Cancelled);
        // Every row whose agent user exists reports it, whatever its outcome.
        Assert.All(reports, report => Assert.Equal(report.Id is not null, report.Changes.Any(change => change is { Kind: ChangeKind.Create, IsApplied: true })));
        Assert.All(reports.Where(report => report.Outcome != ProvisionOutcome.Created), report => Assert.NotNull(report.Problem));
    }

    [Fact]
    public async Task An_exception_of_the_hosts_own_ends_the_call_in_good_order_and_comes_out()
    {
        // One create is slow, so that the roster runs when the exception comes.
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions
        {
            Latency = Simulation.Quick,
            Identities = 50,
            Script = [new AgentUserSimulatorFault("POST", "/users", 10, "delay", ("delayMs", 3000))],
        });
        using AgentUserClient client = simulation.Client(inFlight: 1, batch: 1);
        int stages = 0;
        var progress = new Heard(_ =>
        {
            stages++;
            throw new NotImplementedException("the host's");
        });
        int reports = 0;
        var error = await Assert.ThrowsAsync<NotImplementedException>(() => client.ApplyRosterAsync(Simulation.Roster(50), onReport: _ => reports++, progress: progress));
        Assert.Equal(("the host's", 1, 0), (error.Message, stages, reports));
        Assert.InRange((await simulation.MadeAsync()).Count, 0, 49);

        await Assert.ThrowsAsync<NotImplementedException>(() => client.ApplyRosterAsync(Simulation.Roster(50), onReport: _ =>
        {
            reports++;
            throw new NotImplementedException();
        }));
        Assert.Equal(1, reports);
    }

    [Fact]
    public async Task What_is_cancelled_before_it_begins_sends_nothing()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = simulation.Client();
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.CreateAsync(Simulation.Row(1), cancellationToken: source.Token));
        Task<AgentUser> task = client.GetAsync("row1@contoso.com", source.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.True(task.IsCanceled);
        Assert.Equal(0, (await simulation.AskAsync("/simulator/stats"))["requests"]!.AsInt64());
    }

    [Fact]
    public async Task A_cancelled_call_is_a_cancelled_task()
    {
        using Simulation simulation = Simulation.Start(Simulation.With(new AgentUserSimulatorFault("GET", "/users/", 1, "throttled", ("retryAfterSeconds", 600))));
        using AgentUserClient client = simulation.Client();
        using var source = new CancellationTokenSource();
        Task<AgentUser> task = client.GetAsync("row1@contoso.com", source.Token);
        // The simulator counts the fault when the request arrives.
        while ((await simulation.AskAsync("/simulator/stats"))["faults"]!["Throttled"] is null)
            await Task.Yield();
        await source.CancelAsync();
        await Assert.ThrowsAsync<AgentUserCanceledException>(() => task);
        Assert.True(task.IsCanceled);
    }
}
