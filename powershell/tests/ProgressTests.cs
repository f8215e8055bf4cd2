using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

public sealed class ProgressTests
{
    [Fact]
    public void A_long_Retry_After_is_shown()
    {
        using var engine = new Engine();
        engine.Connect("-Speed 60 -Fault @{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Fault = 'Throttled'; RetryAfterSeconds = 2 }");
        Outcome outcome = engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com", Tenant.Identity(1));
        outcome.Check();
        ProgressRecord wait = Assert.Single(outcome.Progress, record => record.StatusDescription.Contains("Graph asks to wait 2 s", StringComparison.Ordinal));
        Assert.Equal("Creating a1@contoso.com", wait.Activity);
        Assert.Equal(2, wait.SecondsRemaining);
        Assert.Equal(ProgressRecordType.Completed, outcome.Progress[^1].RecordType);
        Assert.Equal(wait.ActivityId, outcome.Progress[^1].ActivityId);
    }

    [Fact]
    public void A_roster_shows_how_many_rows_are_done()
    {
        using var engine = new Engine();
        engine.Connect();
        Outcome outcome = engine.Run("Invoke-AgentUserRoster $args[0]", Path.Combine(Repository.Root, "examples", "roster.csv"));
        outcome.Check();
        Assert.Contains(outcome.Progress, record => record.Activity == "Applying roster.csv" && record.PercentComplete >= 0);
        Assert.All(outcome.Progress, record => Assert.InRange(record.PercentComplete, -1, 100));
        foreach (IGrouping<int, ProgressRecord> bar in outcome.Progress.GroupBy(record => record.ActivityId))
            Assert.Equal(ProgressRecordType.Completed, bar.Last().RecordType);
    }

    [Fact]
    public void Debug_asks_nothing_and_tells_the_stages_by_name()
    {
        using var engine = new Engine();
        engine.Connect("-Speed 3600");
        const string create = "New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com -UsageLocation DE -Licenses AGENT_365 -Wait Mailbox -Debug -Confirm:$false 5>&1";
        Outcome created = engine.Run(create, Tenant.Identity(1));
        string[] lines = [.. created.Check().Select(line => line.BaseObject).OfType<DebugRecord>().Select(line => line.Message)];
        Assert.Contains("a1@contoso.com: ParentVerified", lines);
        Assert.Contains("a1@contoso.com: MailboxReady", lines);
        Assert.Contains(lines, line => line.StartsWith("a1@contoso.com: Created at stage Done (create", StringComparison.Ordinal));
        Assert.Equal("row 1: a1@contoso.com: Changed at stage Visible (set department to \"D\")", Debugged(engine, "Set-AgentUser a1@contoso.com -Department D").Single());
        Assert.StartsWith("row 1: a1@contoso.com: Changed at stage ", Debugged(engine, "Remove-AgentUser a1@contoso.com -Force").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$VerbosePreference = 'Continue'; ")]
    public void Debug_asks_nothing_after_warnings_and_verbose_lines(string preference)
    {
        using var engine = new Engine();
        engine.Connect();
        Outcome outcome = engine.Run(
            preference + "Set-AgentIdentityBlueprint b1a00000-0000-4000-8000-000000000001 -AllowCreation -Debug -Confirm:$false -WarningVariable kept 3>&1; \"kept $($kept.Count)\"");
        object[] output = [.. outcome.Check().Select(line => line.BaseObject)];
        Assert.Contains(output.OfType<WarningRecord>(), warning => warning.Message.StartsWith("NewTokenNeeded:", StringComparison.Ordinal));
        Assert.Equal("kept 1", output[^1]);
    }

    private static string[] Debugged(Engine engine, string command) =>
        [.. engine.Run(command + " -Debug -Confirm:$false 5>&1").Check().Select(line => line.BaseObject).OfType<DebugRecord>().Select(line => line.Message)];
}
