using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>The main job: an agent user and a roster from the first read to the last.</summary>
public sealed class MainJobTests
{
    [Fact]
    public async Task An_agent_users_life()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = simulation.Client();

        AgentIdentity parent = await client.VerifyParentAsync(Simulation.Identity(1));
        Assert.Equal(Simulation.Identity(1), parent.ObjectId);
        Assert.True(parent.AccountEnabled);
        Assert.Contains("contoso.com", (await client.GetVerifiedDomainsAsync())!);
        Assert.Null(await client.FindByParentAsync(Simulation.Identity(1)));

        var progress = new Heard();
        AgentUser created = await client.CreateAsync(Simulation.Row(1), progress: progress);
        Assert.Equal("row1@contoso.com", created.UserPrincipalName);
        Assert.Equal(Simulation.Identity(1), created.IdentityParentId);
        Assert.True(created.AccountEnabled);
        Assert.True(created.IsAgentUser);
        Assert.Contains(progress.All, one => one is { Kind: ProgressKind.Stage, Stage: ProvisionStage.Exists });

        AgentUser got = await client.GetAsync("row1@contoso.com");
        Assert.Equal(created.Id, got.Id);
        Assert.Equal(created.Id, (await client.GetAsync(created.Id.ToString())).Id);
        Assert.Equal(created.Id, (await client.FindByParentAsync(Simulation.Identity(1)))!.Id);

        ProvisionReport again = await client.ProvisionAsync(Simulation.Row(1));
        Assert.Equal((ProvisionOutcome.Unchanged, created.Id), (again.Outcome, again.Id));

        ProvisionReport planned = await client.UpdateAsync(created.Id.ToString(), new AgentUserChanges { JobTitle = "Lead" }, dryRun: true);
        Assert.Equal(ProvisionOutcome.Planned, planned.Outcome);
        Assert.Null((await client.GetAsync(created.Id.ToString())).JobTitle);
        ProvisionReport changed = await client.UpdateAsync(created.Id.ToString(), new AgentUserChanges { JobTitle = "Lead", BusinessPhones = ["+1 425 555 0100"] });
        Assert.Equal(ProvisionOutcome.Changed, changed.Outcome);
        Assert.Contains("set jobTitle to \"Lead\"", changed.Changes.Select(change => change.ToString()));
        got = await client.GetAsync(created.Id.ToString());
        Assert.Equal("Lead", got.JobTitle);
        Assert.Equal(["+1 425 555 0100"], got.BusinessPhones);

        Assert.Null(await client.GetManagerAsync("row1@contoso.com"));
        await client.SetManagerAsync("row1@contoso.com", "human1@contoso.com");
        Assert.NotNull((await client.GetManagerAsync("row1@contoso.com"))!.ObjectId);
        await client.ClearManagerAsync("row1@contoso.com");
        Assert.Null(await client.GetManagerAsync("row1@contoso.com"));

        await client.AddSponsorAsync("row1@contoso.com", "human2@contoso.com");
        Assert.Single(await client.GetSponsorsAsync("row1@contoso.com"));
        await client.RemoveSponsorAsync("row1@contoso.com", "human2@contoso.com");
        Assert.Empty(await client.GetSponsorsAsync("row1@contoso.com"));

        Assert.Contains("AGENT_365", (await client.GetSkusAsync()).Select(sku => sku.SkuPartNumber));

        Assert.Equal(ProvisionOutcome.Planned, (await client.DeleteAsync("row1@contoso.com", dryRun: true)).Outcome);
        Assert.Single(await simulation.MadeAsync());
        ProvisionReport deleted = await client.DeleteAsync("row1@contoso.com");
        Assert.True(Assert.Single(deleted.Changes) is { Kind: ChangeKind.Delete, IsApplied: true });
        using (AgentUserPages bin = client.ListDeleted())
            Assert.Equal(created.Id, Assert.Single((await bin.NextPageAsync())!).Id);
        await client.RestoreAsync("row1@contoso.com");
        Assert.Equal(created.Id, (await client.GetAsync("row1@contoso.com")).Id);
        await client.DeleteAsync(created.Id.ToString());
        await client.PurgeAsync(created.Id.ToString());
        Assert.Empty(await simulation.MadeAsync());
    }

    [Fact]
    public async Task A_roster_is_planned_applied_and_has_nothing_left_to_do()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Speed = 1000 });
        using AgentUserClient client = simulation.Client();
        byte[] roster = await File.ReadAllBytesAsync(Path.Combine(Simulation.Root, "examples", "roster.csv"));

        IReadOnlyList<ProvisionReport> plan = await client.PlanRosterAsync(roster);
        Assert.Equal(24, plan.Count);
        Assert.Equal(Enumerable.Range(2, 24), plan.Select(report => report.Row!.Value));
        Assert.All(plan, report => Assert.Equal(ProvisionOutcome.Planned, report.Outcome));
        Assert.All(plan.SelectMany(report => report.Changes), change => Assert.False(change.IsApplied));

        var reports = new List<ProvisionReport>();
        var progress = new Heard();
        RosterSummary summary = await client.ApplyRosterAsync(roster, onReport: reports.Add, progress: progress);
        Assert.Equal((24, 24, 0), (summary.Rows, summary.Created, summary.Failed));
        Assert.Equal(Enumerable.Range(2, 24), reports.Select(report => report.Row!.Value).Order());
        Assert.All(reports, report => Assert.Equal(ProvisionStage.Done, report.Stage));
        Assert.Contains(progress.All, one => one is { Kind: ProgressKind.Rows, RowsTotal: 24 });
        // Requests of rows that are ready at the same time go in one batch.
        Assert.InRange((await simulation.AskAsync("/simulator/stats"))["batches"]!.AsInt64()!.Value, 1, long.MaxValue);
        foreach (ProvisionReport report in reports.Take(3))
            Assert.Equal(report.Id, (await client.GetAsync(report.UserPrincipalName)).Id);

        summary = await client.ApplyRosterAsync(roster, new RosterOptions { Rows = [2, 5] });
        Assert.Equal((2, 2), (summary.Rows, summary.Unchanged));
    }

    [Fact]
    public async Task What_fails_says_what_and_how_far_it_came()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = simulation.Client();
        await client.CreateAsync(Simulation.Row(1));

        AgentUserRow taken = Simulation.Row(2);
        taken.UserPrincipalName = "row1@contoso.com";
        var error = await Assert.ThrowsAsync<AgentUserException>(() => client.CreateAsync(taken));
        Assert.Equal("UpnTaken", error.Problem.Code);
        Assert.Equal((ProvisionOutcome.Failed, Simulation.Identity(2)), (error.Report!.Outcome, error.Report.IdentityParentId));
        Assert.Equal(ProvisionStage.Compared, error.Report.Stage);

        error = await Assert.ThrowsAsync<AgentUserException>(() => client.CreateAsync(new AgentUserRow { DisplayName = "x" }));
        Assert.Equal("Invalid", error.Problem.Code);
        Assert.Contains(error.Problem.Violations, violation => violation.Field == "identityParentId");

        Assert.Equal("NotFound", (await Assert.ThrowsAsync<AgentUserException>(() => client.GetAsync("nobody@contoso.com"))).Problem.Code);
        Assert.Equal("NotAnAgentUser", (await Assert.ThrowsAsync<AgentUserException>(() => client.DeleteAsync("human1@contoso.com"))).Problem.Code);
    }

    [Fact]
    public async Task The_example_applies_a_roster()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Identities = 3 });
        string file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, Simulation.Roster(3));
        (int code, string output, string errors) = await Example.RunAsync(Example.Start("Roster", simulation.Simulator.Endpoint.ToString(), simulation.Simulator.Token, file));
        Assert.Equal("", errors);
        string[] lines = output.TrimEnd().Split(Environment.NewLine);
        Assert.Equal(["row 2 row1@contoso.com created", "row 3 row2@contoso.com created", "row 4 row3@contoso.com created"], lines[..^1].Order());
        Assert.Equal("3 rows, 0 failed", lines[^1]);
        Assert.Equal(0, code);

        JsonValue disabled = (await simulation.AskAsync("/simulator/tenant"))["tenant"]!["agentIdentities"]!.Items.First(one => one["accountEnabled"]!.AsBoolean() == false);
        await File.WriteAllTextAsync(file, $"identityParentId,displayName,userPrincipalName\n{disabled["id"]!.AsString()},Nobody,row9@contoso.com\n");
        (code, output, _) = await Example.RunAsync(Example.Start("Roster", simulation.Simulator.Endpoint.ToString(), simulation.Simulator.Token, file));
        Assert.Equal((1, "1 rows, 1 failed"), (code, output.TrimEnd().Split(Environment.NewLine)[^1]));
        File.Delete(file);
    }
}
