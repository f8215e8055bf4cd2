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
}
