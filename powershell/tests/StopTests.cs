using System.Management.Automation;
using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

public sealed class StopTests
{
    private static readonly JsonObject s_longWait = new()
    {
        ["method"] = "POST",
        ["path"] = "/users/microsoft.graph.agentUser",
        ["fault"] = "throttled",
        ["retryAfterSeconds"] = 600,
    };

    [Fact]
    public void Ctrl_C_does_not_wait_as_long_as_Graph_asks_and_a_rerun_finishes_exactly_once()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-Identities 24");
        tenant.Fault(s_longWait);
        string[] arguments = [Tenant.Identity(1), "a1@contoso.com"];
        using (var shell = engine.Shell("New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName $args[1]", arguments))
            Stop(shell, record => record.StatusDescription.Contains("Graph asks to wait", StringComparison.Ordinal));
        Assert.Equal(0, (int)tenant.Stats()["agentUsersCreated"]!);
        // The old connection waits until Graph would take its requests again.
        engine.Run("Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { 'admin' }", tenant.Endpoint).Check();
        engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName $args[1]", arguments).Check();
        Assert.Equal(1, (int)tenant.Stats()["agentUsersCreated"]!);
    }

    [Fact]
    public void Ctrl_C_in_the_middle_of_a_roster_leaves_nothing_that_a_rerun_does_not_finish()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-Fault @{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Nth = 5; Fault = 'Throttled'; RetryAfterSeconds = 3 }");
        string roster = Path.Combine(Repository.Root, "examples", "roster.csv");
        using (var shell = engine.Shell("Invoke-AgentUserRoster $args[0]", roster))
        {
            Stop(shell, record => record.StatusDescription.Contains("Graph asks to wait", StringComparison.Ordinal));
        }
        int before = (int)tenant.Stats()["agentUsersCreated"]!;
        Assert.InRange(before, 1, 23);
        Outcome again = engine.Run("Invoke-AgentUserRoster $args[0]", roster);
        again.Check();
        Assert.Equal(24, again.Output.Count);
        JsonNode stats = tenant.Stats();
        Assert.Equal(24, (int)stats["agentUsersCreated"]!);
        Assert.Empty(stats["createdMoreThanOncePerParent"]!.AsObject());
    }

    [Fact]
    public void Ctrl_C_reaches_a_token_block_too()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        using var started = new ManualResetEventSlim();
        engine.Run("$started = $args[1]; Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { $started.Set(); while ($true) { } }", tenant.Endpoint, started).Check();
        using var shell = engine.Shell("Get-AgentUser");
        IAsyncResult running = shell.BeginInvoke();
        started.Wait();
        shell.Stop();
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
        // The session is still usable.
        engine.Run("Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { 'admin' }", tenant.Endpoint).Check();
        Assert.NotEmpty(engine.Run("Get-AgentUser").Check());
    }

    [Theory]
    [InlineData("Get-AgentUser | ForEach-Object { $asked.Wait(); $_ } | Select-First 1")]
    [InlineData("Get-AgentUser | ForEach-Object { $asked.Wait(); throw 'enough' }")]
    [InlineData("foreach ($once in 1) { Get-AgentUser | ForEach-Object { $asked.Wait(); break } }")]
    public async Task What_ends_a_pipeline_frees_its_call(string script)
    {
        using var server = new HoldingServer();
        using var engine = new Engine();
        engine.Run("Import-Module -Assembly $args[0]", typeof(SelectFirstCommand).Assembly).Check();
        engine.Run("Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { 'x' }", server.Root).Check();
        engine.Run("$asked = $args[0]; " + script, server.Asked);
        // The next page was requested, and its request is dropped.
        await server.Left.WaitAsync(Hang.Limit);
    }

    [Fact]
    public async Task Ctrl_C_does_not_wait_for_an_answer_and_frees_the_call()
    {
        using var engine = new Engine();
        using var server = new HoldingServer();
        engine.Run("Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { 'x' }", server.Root).Check();
        using var shell = engine.Shell("Get-AgentUser");
        IAsyncResult running = shell.BeginInvoke();
        await server.Asked;
        // The server never answers.
        await Task.Run(shell.Stop).WaitAsync(Hang.Limit);
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
        await server.Left.WaitAsync(Hang.Limit);
    }

    [Fact]
    public void A_pipeline_that_has_enough_ends_the_listing()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 201");
        engine.Run("Import-Module -Assembly $args[0]", typeof(SelectFirstCommand).Assembly).Check();
        Outcome outcome = engine.Run("Get-AgentUser -PageSize 10 | Select-First 3");
        Assert.Equal(3, outcome.Check().Count);
        Assert.All(outcome.Progress.GroupBy(record => record.ActivityId), bar => Assert.Equal(ProgressRecordType.Completed, bar.Last().RecordType));
        int asked = (int)tenant.Stats()["requests"]!;
        // At most one page is read ahead, and a freed call sends nothing while others run.
        Assert.InRange(asked, 1, 3);
        engine.Run("1..5 | ForEach-Object { Get-AgentUser -UserPrincipalName agent25@contoso.com }").Check();
        Assert.InRange((int)tenant.Stats()["requests"]!, asked + 5, asked + 7);
    }

    [Fact]
    public void An_error_downstream_ends_the_listing()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 51");
        Assert.Equal("enough", engine.Run("Get-AgentUser -PageSize 10 | ForEach-Object { throw 'enough' }").End!.ToString());
        Assert.Equal(50, engine.Run("Get-AgentUser").Values("UserPrincipalName").Count(name => ((string)name!).StartsWith("agent", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_cmdlet_may_be_called_inside_the_pipeline_of_another()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 31");
        Outcome outcome = engine.Run("Get-AgentUser -PageSize 5 | Where-Object UserPrincipalName -like 'agent*' | ForEach-Object { Get-AgentUser -Id $_.Id }");
        Assert.Equal(30, outcome.Check().Count);
    }

    /// <summary>Stops the script at the first progress of that kind.</summary>
    internal static void Stop(System.Management.Automation.PowerShell shell, Predicate<ProgressRecord> when)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            if (when(shell.Streams.Progress[added.Index]))
                reached.TrySetResult();
        };
        IAsyncResult running = shell.BeginInvoke();
        Assert.Equal(0, Task.WaitAny(reached.Task, Task.Factory.FromAsync(running, _ => { })));
        Assert.True(Task.Run(shell.Stop).Wait(Hang.Limit), "The prompt did not come back.");
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
    }
}
