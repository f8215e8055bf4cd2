using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

public sealed class RosterTests
{
    private static readonly string s_roster = Path.Combine(Repository.Root, "examples", "roster.csv");

    [Fact]
    public void A_roster_is_applied_and_then_there_is_nothing_left_to_do()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        Outcome first = engine.Run("Invoke-AgentUserRoster $args[0]", s_roster);
        first.Check();
        Assert.Equal(24, first.Output.Count);
        Assert.All(first.Values("Outcome"), outcome => Assert.Equal("Created", outcome));
        Assert.Equal(Enumerable.Range(2, 24), first.Values("Row").Cast<int>().Order());
        // Requests of rows that are ready at the same time go in one batch.
        Assert.InRange((int)tenant.Stats()["batches"]!, 1, int.MaxValue);
        int writes = tenant.Writes().Count;
        Outcome again = engine.Run("Invoke-AgentUserRoster $args[0] -Confirm", s_roster);
        again.Check();
        Assert.All(again.Values("Outcome"), outcome => Assert.Equal("Unchanged", outcome));
        Assert.Empty(engine.Host.Screen.Questions);
        Assert.Equal(writes, tenant.Writes().Count);
    }

    [Fact]
    public void NoBatch_sends_every_request_on_its_own()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        engine.Run("$simulator | Connect-AgentUser -NoBatch").Check();
        Outcome outcome = engine.Run("Invoke-AgentUserRoster $args[0]", s_roster);
        outcome.Check();
        Assert.All(outcome.Values("Outcome"), value => Assert.Equal("Created", value));
        Assert.Equal(0, (int)tenant.Stats()["batches"]!);
    }

    [Theory]
    [InlineData("Small", true)]
    [InlineData("Large", false)]
    public void TenantSize_decides_on_the_quota_of_reads(string size, bool waits)
    {
        const int Rows = 2500;
        using var engine = new Engine();
        engine.Connect($"-Identities {Rows}");
        engine.Run("$simulator | Connect-AgentUser -TenantSize $args[0]", size).Check();
        string roster = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(roster, [
                "identityParentId,displayName,userPrincipalName",
                .. Enumerable.Range(1, Rows).Select(n => $"{Tenant.Identity(n)},Agent {n},agent.{n}@contoso.com"),
            ]);
            // This shard reads more than its part of the smallest quota, and less than its part of the largest.
            using var shell = engine.Shell("Invoke-AgentUserRoster $args[0] -Shard 2/100 -WhatIf", roster);
            bool waited = false;
            shell.Streams.Progress.DataAdded += (_, added) =>
            {
                if (!shell.Streams.Progress[added.Index].StatusDescription.Contains("quota of resource units", StringComparison.Ordinal))
                    return;
                waited = true;
                shell.BeginStop(null, null);
            };
            var rows = new PSDataCollection<PSObject>();
            try
            {
                shell.Invoke(null, rows);
            }
            catch (PipelineStoppedException) when (waited)
            {
            }
            Assert.Equal(waits, waited);
            Assert.Equal(waits ? 0 : 26, rows.Count);
        }
        finally
        {
            File.Delete(roster);
        }
    }

    [Fact]
    public void WhatIf_outputs_the_typed_plan_and_changes_nothing()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        Outcome plan = engine.Run("Invoke-AgentUserRoster $args[0] -WhatIf", s_roster);
        plan.Check();
        Assert.Empty(tenant.Writes());
        Assert.Equal(Enumerable.Range(2, 24), plan.Values("Row").Cast<int>());
        Assert.All(plan.Values("Outcome"), outcome => Assert.Equal("Planned", outcome));
        dynamic changes = plan.Output[0].Properties["Changes"].Value;
        Assert.Equal("Create", (string)changes[0].Change);
        Assert.False((bool)changes[0].Applied);
        Assert.Contains("create sales.lead@contoso.com", changes.ToString());
        Assert.Contains("What if: row 2, sales.lead@contoso.com: create, ", engine.Shown);
        Assert.Contains("assign AGENT_365", engine.Shown);
    }

    [Fact]
    public void Only_what_was_confirmed_is_applied_and_every_row_comes_out_once()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        foreach (string answer in new[] { "&Yes", "&No", "No to A&ll" })
            engine.Host.Screen.Answers.Enqueue(answer);
        Outcome outcome = engine.Run("Invoke-AgentUserRoster $args[0] -Confirm", s_roster);
        outcome.Check();
        Assert.Equal(3, engine.Host.Screen.Questions.Count);
        Assert.Equal(24, outcome.Values("Row").Distinct().Count());
        Assert.Equal([2], outcome.Output.Where(row => row.Properties["Outcome"].Value is "Created").Select(row => row.Properties["Row"].Value));
        Assert.Equal(23, outcome.Values("Outcome").Count(value => value is "Planned"));
        Assert.Equal(1, (int)tenant.Stats()["agentUsersCreated"]!);
    }

    [Fact]
    public void A_row_that_fails_is_an_error_with_the_row_as_its_target()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName Other -UserPrincipalName other@contoso.com", Tenant.Identity(24)).Check();
        Outcome outcome = engine.Run("Invoke-AgentUserRoster $args[0]", s_roster);
        Assert.Equal(24, outcome.Output.Count);
        dynamic row = outcome.Errors.First(error => error.FullyQualifiedErrorId.StartsWith("Parent", StringComparison.Ordinal)).TargetObject;
        Assert.Equal((25, "Failed"), ((int)row.Row, (string)row.Outcome));
        Assert.Equal(outcome.Values("Outcome").Count(value => value is "Failed"), outcome.Errors.Count);
    }

    [Fact]
    public void An_agent_identity_that_was_created_moments_ago_is_waited_for()
    {
        using var engine = new Engine();
        // The plan does not find it, and the create does.
        Tenant tenant = engine.Connect(
            $"-Fault @{{ Method = 'GET'; Path = '/servicePrincipals/{Tenant.Identity(1)}'; Fault = 'Answer'; Status = 404; Code = 'Request_ResourceNotFound'; Message = 'Not there.' }}");
        Outcome plan = engine.Run("Invoke-AgentUserRoster $args[0]", s_roster);
        plan.Check();
        Assert.All(plan.Values("Outcome"), outcome => Assert.Equal("Created", outcome));
        Assert.Equal(24, (int)tenant.Stats()["agentUsersCreated"]!);
    }

    [Fact]
    public void An_agent_identity_that_never_comes_fails_its_row_which_the_error_names()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("$simulator | Connect-AgentUser -ParentTimeout 00:00:01").Check();
        string roster = Path.GetTempFileName();
        try
        {
            File.WriteAllText(roster, $"identityParentId,displayName,userPrincipalName\n{Tenant.Identity(0xffff)},One,one@contoso.com\n{Tenant.Identity(2)},Two,two@contoso.com\n");
            Outcome plan = engine.Run("Invoke-AgentUserRoster $args[0] -WhatIf", roster);
            Assert.StartsWith("Row 2, one@contoso.com: There is no agent identity ", plan.Error.ErrorDetails.Message);
            Assert.DoesNotContain("waited", plan.Error.ErrorDetails.Message);
            Outcome applied = engine.Run("Invoke-AgentUserRoster $args[0]", roster);
            Assert.Equal(["Created", "Failed"], applied.Values("Outcome").Cast<string>().Order());
            Assert.StartsWith("Row 2, one@contoso.com: There is no agent identity ", applied.Error.ErrorDetails.Message);
            Assert.EndsWith("It was waited for 1 s.", applied.Error.ErrorDetails.Message);
            Assert.Contains("-ParentTimeout", applied.Error.ErrorDetails.RecommendedAction);
        }
        finally
        {
            File.Delete(roster);
        }
    }

    [Fact]
    public void Every_error_of_a_broken_roster_is_one_error_and_nothing_is_written()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        Outcome outcome = engine.Run("Invoke-AgentUserRoster -LiteralPath $args[0]", Path.Combine(Repository.Root, "examples", "roster-bad.csv"));
        Assert.Empty(outcome.Output);
        Assert.True(outcome.Errors.Count > 30);
        ErrorRecord error = outcome.Errors.First(each => each.FullyQualifiedErrorId.StartsWith("UpnMissingAt,", StringComparison.Ordinal));
        Assert.StartsWith("Row 9, userPrincipalName: ", error.ToString());
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Empty(tenant.Writes());
    }

    [Fact]
    public void Rows_come_out_while_others_go_on()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-Fault @{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Nth = 24; Fault = 'Throttled'; RetryAfterSeconds = 2 }");
        Outcome outcome = engine.Run("Invoke-AgentUserRoster $args[0] | ForEach-Object { $_ }", s_roster);
        outcome.Check();
        Assert.Equal(24, (int)tenant.Stats()["agentUsersCreated"]!);
        // The first row came out long before the last finished row was counted.
        Assert.Contains(outcome.Progress, record => record.StatusDescription.Contains(" of 24", StringComparison.Ordinal));
    }

    [Fact]
    public void Paths_are_those_of_the_session()
    {
        using var engine = new Engine();
        engine.Connect();
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.Copy(s_roster, Path.Combine(folder, "roster[1].csv"));
            engine.Runspace.SessionStateProxy.Path.SetLocation(folder);
            Assert.Equal(24, engine.Run("Invoke-AgentUserRoster -LiteralPath './roster[1].csv' -WhatIf").Check().Count);
            Assert.Equal(24, engine.Run("Invoke-AgentUserRoster 'roster*.csv' -WhatIf").Check().Count);
            Assert.StartsWith("RosterNotFound,", engine.Run("Invoke-AgentUserRoster 'roster[1].csv' -WhatIf").Error.FullyQualifiedErrorId);
            Assert.StartsWith("RosterNotFound,", engine.Run("Invoke-AgentUserRoster -LiteralPath none.csv").Error.FullyQualifiedErrorId);
            Assert.StartsWith("RosterNotFound,", engine.Run("Test-AgentUser none.csv").Error.FullyQualifiedErrorId);
            foreach (string reader in (string[])["Suspend-AgentUser -Undo", "Restore-AgentUser -FromReport", "Import-AgentUserPlan", "Invoke-AgentUserAudit -SnapshotPath"])
                Assert.StartsWith("FileNotFound,", engine.Run($"{reader} none.json").Error.FullyQualifiedErrorId);
            Assert.StartsWith("RosterNotAFile,", engine.Run("Invoke-AgentUserRoster variable:PWD").Error.FullyQualifiedErrorId);
            Assert.StartsWith("PathMissing,", engine.Run("Invoke-AgentUserRoster").Error.FullyQualifiedErrorId);
            File.Copy(s_roster, Path.Combine(folder, "roster2.csv"));
            Assert.StartsWith("SeveralRosters,", engine.Run("Invoke-AgentUserRoster 'roster*.csv'").Error.FullyQualifiedErrorId);
            Assert.Equal(24, engine.Run("[IO.FileInfo]$args[0] | Invoke-AgentUserRoster -WhatIf", Path.Combine(folder, "roster2.csv")).Check().Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Waiting_looks_at_rows_that_are_as_wanted_too()
    {
        using var engine = new Engine();
        engine.Connect("-Speed 3600");
        engine.Run("Invoke-AgentUserRoster $args[0]", s_roster).Check();
        Outcome outcome = engine.Run("Invoke-AgentUserRoster $args[0] -Wait Mailbox", s_roster);
        Assert.Equal(24, outcome.Output.Count);
        Assert.Contains("Done", outcome.Values("Stage"));
    }
}
