namespace AgentUsers.PowerShell.Tests;

public sealed class ScriptTests
{
    private static readonly string s_roster = Path.Combine(Repository.Root, "examples", "roster.csv");

    [Fact]
    public void The_smoke_test_runs_in_the_engine()
    {
        ProcessResult result = ProcessResult.OfHost([], "run", Path.Combine(Repository.Root, "powershell", "tests", "smoke.ps1"), Repository.Module, s_roster);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.EndsWith("smoke test passed\n", result.Output);
    }

    [Fact]
    public void The_test_over_another_session_runs_in_the_engine()
    {
        ProcessResult result = ProcessResult.OfHost([], "run", Path.Combine(Repository.Root, "powershell", "tests", "mggraph.ps1"), Repository.Module, MgGraphSetup.Module, s_roster);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.EndsWith("smoke test passed\n", result.Output);
    }

    [Fact]
    public void The_example_applies_a_roster()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        ProcessResult result = Example(tenant, s_roster);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(25, lines.Length);
        Assert.Contains("row 2 sales.lead@contoso.com Created", lines);
        Assert.Equal("24 rows, 0 failed", lines[^1]);
        Assert.Equal(24, (int)tenant.Stats()["agentUsersCreated"]!);
    }

    [Fact]
    public void The_example_says_when_rows_failed()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName Other -UserPrincipalName other@contoso.com", Tenant.Identity(24)).Check();
        ProcessResult result = Example(tenant, s_roster);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches("""24 rows, [1-9]\d* failed\n$""", result.Output);
        Assert.NotEmpty(result.Errors);
    }

    private static ProcessResult Example(Tenant tenant, string roster) => ProcessResult.OfHost(
        new() { ["PSModulePath"] = Path.GetDirectoryName(Repository.Module)! },
        "run", Path.Combine(Repository.Root, "examples", "powershell", "roster.ps1"), tenant.Endpoint.ToString(), "admin", roster);
}
