using System.Management.Automation;
using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The end of a run that is stopped: every part of it is told.</summary>
public sealed class LeftRunTests
{
    private const string Create = "/users/microsoft.graph.agentUser";
    private static readonly string s_roster = Path.Combine(Repository.Root, "examples", "roster.csv");

    [Fact]
    public void Ctrl_C_in_a_roster_finishes_what_was_begun_behind_the_prompt()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-LatencyMilliseconds 100, 120");
        StopWhile(engine, tenant, "Invoke-AgentUserRoster $args[0]", s_roster);
        Assert.Matches(@"WARNING: Stopped after \d+ of 24 rows( \(.+\))?\. What was under way is being finished and looked up; Get-AgentUserRosterReport waits", engine.Told);
        Outcome reports = engine.Run("Get-AgentUserRosterReport");
        reports.Check();
        Assert.Equal(Enumerable.Range(2, 24), reports.Values("Row").Cast<int>());
        // No change goes on afterwards, and the reports tell exactly what was done.
        int created = (int)tenant.Stats()["agentUsersCreated"]!;
        Assert.InRange(created, 1, 24);
        Assert.Equal(created, reports.Output.Count(row => Changes(row).Any(change => change is ("Create", true))));
        int writes = tenant.Writes().Count;
        Assert.Equal(24, engine.Run("Get-AgentUserRosterReport").Check().Count);
        Assert.Equal(writes, tenant.Writes().Count);
        engine.Run("Invoke-AgentUserRoster $args[0]", s_roster).Check();
        Assert.Equal(24, (int)tenant.Stats()["agentUsersCreated"]!);
        Assert.Empty(tenant.Stats()["createdMoreThanOncePerParent"]!.AsObject());
    }

    [Fact]
    public void The_file_of_reports_has_what_ended_behind_the_prompt()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-LatencyMilliseconds 100, 120");
        string file = Path.GetTempFileName();
        StopWhile(engine, tenant, "Invoke-AgentUserRoster $args[0] -ReportPath $args[1]", s_roster, file);
        engine.Run("Get-AgentUserRosterReport").Check();
        JsonNode[] lines = [.. File.ReadAllLines(file).Select(line => JsonNode.Parse(line)!)];
        File.Delete(file);
        Assert.Equal(Enumerable.Range(2, 24), lines.Select(line => (int)line["row"]!).Order());
        int created = (int)tenant.Stats()["agentUsersCreated"]!;
        Assert.InRange(created, 1, 24);
        Assert.Equal(created, lines.Count(line => line["id"] is not null));
    }

    [Fact]
    public void A_write_whose_answer_is_lost_meanwhile_is_looked_up()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-LatencyMilliseconds 100, 120");
        for (int nth = 1; nth <= 3; nth++)
            tenant.Fault(new JsonObject { ["method"] = "POST", ["path"] = Create, ["nth"] = nth, ["fault"] = "lostAnswer" });
        StopWhile(engine, tenant, "Invoke-AgentUserRoster $args[0]", s_roster);
        Outcome reports = engine.Run("Get-AgentUserRosterReport");
        int created = (int)tenant.Stats()["agentUsersCreated"]!;
        Assert.Equal(created, reports.Output.Count(row => Changes(row).Any(change => change is ("Create", true))));
    }

    [Fact]
    public void Ctrl_C_in_a_pipeline_does_the_same()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 40 -LatencyMilliseconds 100, 120");
        StopWhile(engine, tenant, "Get-AgentUser | Remove-AgentUser -Force -ThrottleLimit 10");
        Outcome reports = engine.Run("Get-AgentUserRosterReport");
        Assert.Equal(40, reports.Output.Count);
        int removed = reports.Output.Count(row => Changes(row).Any(change => change is ("Delete", true)));
        Assert.InRange(removed, 1, 39);
        Assert.Equal(40 - removed, engine.Run("Get-AgentUser").Check().Count);
    }

    [Fact]
    public void A_pipeline_that_has_enough_leaves_its_run_to_its_end_too()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        engine.Run("Import-Module -Assembly $args[0]", typeof(SelectFirstCommand).Assembly).Check();
        engine.Run("Invoke-AgentUserRoster $args[0] | Select-First 1", s_roster).Check();
        Outcome reports = engine.Run("Get-AgentUserRosterReport");
        int created = (int)tenant.Stats()["agentUsersCreated"]!;
        Assert.Equal(created, reports.Output.Count(row => Changes(row).Any(change => change is ("Create", true))));
    }

    [Fact]
    public void A_new_run_waits_for_what_the_stopped_one_had_begun()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-LatencyMilliseconds 100, 120");
        // The new run begins before this answer, however slow this machine is.
        tenant.Fault(new JsonObject { ["method"] = "POST", ["path"] = Create, ["nth"] = 2, ["fault"] = "delay", ["delayMs"] = 10_000 });
        StopWhile(engine, tenant, "Invoke-AgentUserRoster $args[0]", s_roster);
        Outcome again = engine.Run("Invoke-AgentUserRoster $args[0]", s_roster);
        again.Check();
        Assert.Equal(24, again.Output.Count);
        Assert.Contains(again.Progress, record => record.Activity.StartsWith("Finishing what was begun", StringComparison.Ordinal));
        Assert.Equal(24, (int)tenant.Stats()["agentUsersCreated"]!);
        Assert.Empty(tenant.Stats()["createdMoreThanOncePerParent"]!.AsObject());
    }

    [Theory]
    [InlineData("Disconnect-AgentUser")]
    [InlineData("Stop-AgentUserSimulator")]
    [InlineData("Disconnect-AgentUser; Stop-AgentUserSimulator")]
    public void Disconnecting_meanwhile_ends_it_with_what_is_known(string script)
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-LatencyMilliseconds 300, 320");
        StopWhile(engine, tenant, "Invoke-AgentUserRoster $args[0]", s_roster);
        engine.Run(script).Check();
        Assert.DoesNotContain(engine.Run("Get-AgentUserRosterReport").Output, row => row.Properties["Outcome"].Value is "Unknown");
    }

    [Fact]
    public async Task Removing_the_module_and_closing_the_session_meanwhile_hang_nowhere()
    {
        var engine = new Engine();
        Tenant tenant = engine.Connect("-LatencyMilliseconds 300, 320");
        // The answer to this create never comes, so the stopped run is still under way when the session closes.
        tenant.Fault(new JsonObject { ["method"] = "POST", ["path"] = Create, ["nth"] = 2, ["fault"] = "never" });
        StopWhile(engine, tenant, "Invoke-AgentUserRoster $args[0]", s_roster);
        Assert.Equal(1, (int)tenant.Stats()["faults"]!["Never"]!);
        await Task.Run(() =>
        {
            engine.Run("Remove-Module AgentUser");
            engine.Runspace.Dispose();
        }).WaitAsync(Hang.Limit);
    }

    [Fact]
    public void Without_a_run_there_is_no_report()
    {
        using var engine = new Engine();
        Assert.StartsWith("NoRun,", engine.Run("Get-AgentUserRosterReport").Error.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-NoBatch")]
    public void Over_Connect_MgGraph_the_open_writes_are_named_and_looked_up_when_asked(string parameters)
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph("", parameters);
        tenant.Fault(MgGraphSetup.Fault("POST", parameters.Length > 0 ? Create : "/$batch", "delay", ("delayMs", 2000), ("nth", parameters.Length > 0 ? 2 : 11)));
        // The second create by itself, or the first batch: each waits for its answer.
        StopWhile(engine, tenant, "Invoke-AgentUserRoster $args[0]", parameters.Length > 0 ? 2 : 1, s_roster);
        int sent = (int)tenant.Stats()["requests"]!;
        Assert.Matches(@"Whether this was done is not known: .*\S+@contoso\.com.*\. Get-AgentUserRosterReport looks it up", engine.Told);
        // A request of the other module can't be sent behind the prompt.
        Assert.Equal(sent, (int)tenant.Stats()["requests"]!);
        Outcome reports = engine.Run("Get-AgentUserRosterReport");
        Assert.Equal(24, reports.Output.Count);
        int created = (int)tenant.Stats()["agentUsersCreated"]!;
        Assert.InRange(created, 1, 23);
        Assert.Equal(created, reports.Output.Count(row => Changes(row).Any(change => change is ("Create", true))));
        engine.Run("Invoke-AgentUserRoster $args[0]", s_roster).Check();
        Assert.Equal(24, (int)tenant.Stats()["agentUsersCreated"]!);
        Assert.Empty(tenant.Stats()["createdMoreThanOncePerParent"]!.AsObject());
    }

    /// <summary>Presses Ctrl+C as soon as a write has arrived.</summary>
    private static void StopWhile(Engine engine, Tenant tenant, string script, params object[] arguments) =>
        StopWhile(engine, tenant, script, 1, arguments);

    /// <summary>Presses Ctrl+C as soon as a write, or so many creates, have arrived.</summary>
    private static void StopWhile(Engine engine, Tenant tenant, string script, int writes, params object[] arguments)
    {
        using var shell = engine.Shell(script, arguments);
        IAsyncResult running = shell.BeginInvoke();
        while (tenant.Writes().Count(write => writes == 1 || ((string)write!["path"]!).Contains("agentUser", StringComparison.OrdinalIgnoreCase)) < writes)
            Assert.False(running.IsCompleted, "The script ended before it was stopped.");
        shell.Stop();
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
    }

    private static IEnumerable<(string Change, bool Applied)> Changes(PSObject row) =>
        ((dynamic)row.BaseObject).Changes is IEnumerable<object> changes
            ? changes.Select(change => ((string)((dynamic)change).Change, (bool)((dynamic)change).Applied))
            : [];
}
