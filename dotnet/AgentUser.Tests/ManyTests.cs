using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>Operations side by side: every kind of them, and the end by a callback and by cancelling.</summary>
public sealed class ManyTests
{
    private const string Agent = "agent25@contoso.com";

    [Fact]
    public async Task Each_kind_of_operation_ends_for_itself()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, AgentUsers = 4, Speed = 600 });
        using AgentUserClient client = simulation.Client();
        AgentUserOperation[] operations =
        [
            AgentUserOperation.Update(Agent, new AgentUserChanges { Department = "Sales", UsageLocation = "DE" }),
            AgentUserOperation.SetManager(Agent, "human1@contoso.com"),
            AgentUserOperation.AddSponsor(Agent, "human2@contoso.com"),
            AgentUserOperation.RemoveSponsor(Agent, "human2@contoso.com"),
            AgentUserOperation.ClearManager(Agent),
            AgentUserOperation.ChangeLicenses(Agent, add: ["AGENT_365"]),
            AgentUserOperation.WaitReady(Agent, Readiness.Mailbox),
            AgentUserOperation.RevokeSessions(Agent),
            AgentUserOperation.AddToGroup("agent26@contoso.com", "Nowhere", dryRun: true),
            AgentUserOperation.RemoveFromGroup("agent26@contoso.com", "Nowhere", dryRun: true),
            AgentUserOperation.Delete("agent26@contoso.com"),
            AgentUserOperation.Restore("agent26@contoso.com"),
            AgentUserOperation.Purge("agent27@contoso.com"),
            AgentUserOperation.Retire("agent27@contoso.com", dryRun: true),
            AgentUserOperation.Provision(Simulation.Row(1)),
            AgentUserOperation.Attest(Simulation.Identity(2)),
            AgentUserOperation.Get(Agent),
            AgentUserOperation.FindByParent(Simulation.Identity(3)),
        ];
        var reports = new SortedDictionary<int, ProvisionReport>();
        var read = new List<AgentUser>();
        RosterSummary summary = await client.RunManyAsync(operations, onReport: report => reports.Add(report.Row!.Value, report), onAgentUser: read.Add);
        ProvisionOutcome[] expected =
        [
            .. Enumerable.Repeat(ProvisionOutcome.Changed, 6), ProvisionOutcome.Unchanged, ProvisionOutcome.Changed,
            ProvisionOutcome.Failed, ProvisionOutcome.Failed, ProvisionOutcome.Changed, ProvisionOutcome.Changed,
            ProvisionOutcome.Failed, ProvisionOutcome.Planned, ProvisionOutcome.Created, ProvisionOutcome.Changed,
        ];
        Assert.Equal(Enumerable.Range(1, 16), reports.Keys);
        Assert.Equal(expected, reports.Values.Select(report => report.Outcome));
        Assert.Equal((16, 3, 1), (summary.Rows, summary.Failed, summary.Created));
        AgentUser user = Assert.Single(read);
        Assert.Equal((Agent, "Sales"), (user.UserPrincipalName, user.Department));
    }

    [Fact]
    public async Task Permissions_are_changed_side_by_side()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, AgentUsers = 4 });
        using AgentUserClient client = simulation.Client();
        var blueprint = Guid.Parse("b1a00000-0000-4000-8000-000000000001");
        AgentUserOperation[] operations =
        [
            AgentUserOperation.GrantPermission(Consent.ForAgentUser(Agent), ["User.Read"]),
            AgentUserOperation.RevokePermission(Consent.ForAgentUser(Agent), ["User.Read"]),
            AgentUserOperation.AssignAppRole(PermissionHolder.AgentIdentity(Simulation.Identity(2)), "User.Read.All"),
            AgentUserOperation.RemoveAppRole(PermissionHolder.Blueprint(blueprint), "User.Read.All", dryRun: true),
            AgentUserOperation.AllowCreation(blueprint),
            AgentUserOperation.InheritPermissions(blueprint, Inheritance.AllAllowed, dryRun: true),
        ];
        var reports = new SortedDictionary<int, ProvisionReport>();
        await client.RunManyAsync(operations, onReport: report => reports.Add(report.Row!.Value, report));
        Assert.Equal(
            ["agentIdentity", "agentIdentity", "agentIdentity", "blueprintPrincipal", "blueprintPrincipal", "blueprint"], reports.Values.Select(report => report.Kind));
        Assert.Equal(
            [
                ProvisionOutcome.Changed, ProvisionOutcome.Changed, ProvisionOutcome.Changed, ProvisionOutcome.Unchanged, ProvisionOutcome.Changed,
                ProvisionOutcome.Planned,
            ],
            reports.Values.Select(report => report.Outcome));
        Assert.All(reports.Values, report => Assert.Equal(Guid.Parse("00000003-0000-0000-c000-000000000000"), report.ResourceAppId));
        Assert.Equal("revoke User.Read of Microsoft Graph", reports[2].Changes.Single().ToString());
        PermissionReport planned = await client.InheritPermissionsAsync(blueprint, Inheritance.AllAllowed, dryRun: true);
        Assert.Equal("blueprint", planned.Kind);
        AgentPermissions permissions = await client.GetPermissionsAsync(PermissionHolder.AgentIdentity(Simulation.Identity(2)));
        Assert.Equal(reports[3].ResourceAppId, permissions.AppRoles.Single().ResourceAppId);
    }

    [Fact]
    public async Task A_callback_that_throws_and_a_token_that_is_cancelled_end_it()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, AgentUsers = 31 });
        using AgentUserClient client = simulation.Client();
        AgentUserOperation[] changes =
            [.. Enumerable.Range(25, 30).Select(number => AgentUserOperation.Update($"agent{number}@contoso.com", new AgentUserChanges { City = "Rome" }))];
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.RunManyAsync(changes, onReport: _ => throw new InvalidOperationException()));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => client.RunManyAsync([AgentUserOperation.Get(Agent)], onAgentUser: _ => throw new InvalidOperationException()));
        using var stop = new CancellationTokenSource();
        var reports = new List<ProvisionReport>();
        AgentUserCanceledException cancelled = await Assert.ThrowsAsync<AgentUserCanceledException>(() => client.RunManyAsync(
            [.. changes.Select((_, at) => AgentUserOperation.Update($"agent{at + 25}@contoso.com", new AgentUserChanges { City = "Oslo" }))],
            atOnce: 1,
            onReport: report =>
            {
                reports.Add(report);
                stop.Cancel();
            },
            cancellationToken: stop.Token));
        Assert.Equal(30, reports.Count);
        Assert.True(cancelled.Summary!.Cancelled > 20);
        await Assert.ThrowsAsync<ArgumentNullException>(() => client.RunManyAsync(null!));
    }
}
