using System.Management.Automation;
using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

/// <summary>Cmdlets whose requests are those of Invoke-MgGraphRequest.</summary>
public sealed class MgGraphTests
{
    private const string Create = "/users/microsoft.graph.agentUser";
    private const string NewFirst = "New-AgentUser -IdentityParentId a1d00000-0000-4000-8000-000000000001 -DisplayName A -UserPrincipalName a1@contoso.com";

    [Fact]
    public void Every_cmdlet_goes_by_the_session_of_another_module()
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph("-AgentUsers 31");
        Assert.Equal(31, engine.Run("Get-AgentUser -PageSize 10").Check().Count);
        Assert.Equal(Tenant.Identity(1), ((dynamic)engine.Run("Get-AgentIdentity $args[0]", Tenant.Identity(1)).Check().Single()).Id.ToString());
        string roster = Path.Combine(Repository.Root, "examples", "roster.csv");
        Assert.All(engine.Run("Invoke-AgentUserRoster $args[0] -WhatIf", roster).Check(), row => Assert.Equal("Planned", row.Properties["Outcome"].Value));
        Assert.All(engine.Run("Invoke-AgentUserRoster $args[0]", roster).Check(), row => Assert.Equal("Created", row.Properties["Outcome"].Value));
        Assert.All(engine.Run("Invoke-AgentUserRoster $args[0]", roster).Check(), row => Assert.Equal("Unchanged", row.Properties["Outcome"].Value));
        engine.Run("Get-AgentUser -IdentityParentId $args[0] | Remove-AgentUser -Confirm:$false", Tenant.Identity(1)).Check();
        Assert.Empty(engine.Run("Get-AgentUser -IdentityParentId $args[0]", Tenant.Identity(1)).Check());
        engine.Run(NewFirst).Check();
        Assert.Equal(25, (int)tenant.Stats()["agentUsersCreated"]!);
        Assert.Equal("NotFound,AgentUsers.PowerShell.GetAgentUserCommand", engine.Run("Get-AgentUser nobody@contoso.com").Error.FullyQualifiedErrorId);

        dynamic[] sent = [.. engine.Run("Get-MgStandIn").Check().Select(one => (dynamic)one)];
        Assert.Contains(sent, one => (string)one.Uri.OriginalString == "v1.0/$batch");
        Assert.All(sent, one =>
        {
            Assert.StartsWith("v1.0/", (string)one.Uri.OriginalString, StringComparison.Ordinal);
            Assert.StartsWith("agentuser/", (string)one.UserAgent, StringComparison.Ordinal);
            var headers = (System.Collections.IDictionary)one.Headers;
            Assert.NotNull(headers["client-request-id"]);
            Assert.Null(headers["Authorization"]);
        });
    }

    [Fact]
    public void The_connection_names_the_session_and_holds_no_token()
    {
        using var engine = new Engine();
        engine.SignIn();
        dynamic connection = engine.Run("Connect-AgentUser -MgGraph -PassThru").Check().Single();
        Assert.Equal(("MgGraph", "Simulated"), ((string)connection.SignIn, (string)connection.Graph));
    }

    [Fact]
    public void Verbose_shows_the_records_of_this_module_and_not_those_of_the_other()
    {
        using var engine = new Engine();
        engine.ConnectMgGraph();
        using var shell = engine.Shell(NewFirst + " -Verbose");
        shell.Invoke();
        string[] lines = [.. shell.Streams.Verbose.Select(record => record.Message)];
        Assert.Contains(lines, line => line.StartsWith("POST /v1.0" + Create + ": 201, ", StringComparison.Ordinal));
        Assert.Contains("Create a1@contoso.com", lines);
        Assert.DoesNotContain(lines, line => line.Contains("payload", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lostAnswer")]
    [InlineData("truncatedBody")]
    [InlineData("wrongContentType")] // A proxy's page, which comes as text.
    public void A_create_whose_answer_is_lost_happens_once(string fault)
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph("-Speed 60");
        tenant.Fault(MgGraphSetup.Fault("POST", Create, fault, fault == "wrongContentType" ? [("executed", true)] : []));
        Assert.Equal("a1@contoso.com", engine.Run(NewFirst).Check().Single().Properties["UserPrincipalName"].Value);
        Assert.Equal(1, (int)tenant.Stats()["agentUsersCreated"]!);
    }

    [Fact]
    public void A_page_of_a_proxy_comes_as_text_and_keeps_its_status()
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph();
        tenant.Fault(MgGraphSetup.Fault("GET", "/users", "foreignRefusal", ("status", 403)));
        ErrorRecord error = engine.Run("Get-AgentUser first.agent@contoso.com").Error;
        Assert.StartsWith("BadAnswer,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(403, (int?)((dynamic)error.Exception).Problem.Status);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(504)]
    public void A_create_that_the_other_module_repeated_counts_as_lost_and_not_as_refused(int status)
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph("-Speed 60", "-NoBatch");
        tenant.Fault(MgGraphSetup.Fault("POST", Create, "serverError", ("status", status), ("executed", true)));
        string roster = Path.Combine(Repository.Root, "examples", "roster.csv");
        Outcome outcome = engine.Run("Invoke-AgentUserRoster $args[0]", roster);
        Assert.All(outcome.Check(), row => Assert.Equal("Created", row.Properties["Outcome"].Value));
        JsonNode stats = tenant.Stats();
        Assert.Equal(24, (int)stats["agentUsersCreated"]!);
        Assert.Empty(stats["createdMoreThanOncePerParent"]!.AsObject());
        // The repetition was sent and refused, because an agent identity has one agent user.
        Assert.True(stats["byStatus"]!["400"] is not null, $"There was no repetition: {stats.ToJsonString()}");
        Assert.Equal((24, 1), ((int)stats["byStatus"]!["201"]!, (int)stats["byStatus"]!["400"]!));
    }

    [Fact]
    public void A_batch_that_the_other_module_repeated_creates_nothing_twice()
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph("-Speed 60");
        tenant.Fault(MgGraphSetup.Fault("POST", "/$batch", "serverError", ("status", 504), ("executed", true), ("nth", 11)));
        Outcome outcome = engine.Run("Invoke-AgentUserRoster $args[0]", Path.Combine(Repository.Root, "examples", "roster.csv"));
        Assert.All(outcome.Check(), row => Assert.Equal("Created", row.Properties["Outcome"].Value));
        JsonNode stats = tenant.Stats();
        Assert.Equal(24, (int)stats["agentUsersCreated"]!);
        // The first batch of creates was sent twice, and each of its creates refused the second time.
        Assert.Equal(20, (int)stats["byStatus"]!["400"]!);
        Assert.Empty(stats["createdMoreThanOncePerParent"]!.AsObject());
    }

    [Theory]
    [InlineData(3, 2, false)] // The other module waits.
    [InlineData(0, 2, true)] // This one does.
    [InlineData(1, 4, true)] // Both do: the other one gives up, and its error tells that nothing but 429 came.
    public void A_throttled_create_waits_and_happens_once(int retries, int times, bool isShown)
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph();
        engine.Run("Set-MgRequestContext -MaxRetry $args[0]", retries).Check();
        for (int n = 1; n <= times; n++)
            tenant.Fault(MgGraphSetup.Fault("POST", Create, "throttled", ("nth", n), ("retryAfterSeconds", 1)));
        Outcome outcome = engine.Run(NewFirst);
        outcome.Check();
        Assert.Equal(isShown, outcome.Progress.Any(record => record.StatusDescription.Contains("Graph asks to wait", StringComparison.Ordinal)));
        JsonNode stats = tenant.Stats();
        Assert.Equal(1, (int)stats["agentUsersCreated"]!);
        Assert.Equal(times, stats["faults"]!.AsObject().Sum(fault => (int)fault.Value!));
    }

    [Fact]
    public void A_token_that_the_other_module_renews_is_its_own_affair()
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph("-Token @{ first = 3600; second = 3600 }");
        engine.Run("Set-MgStandIn -Token first, second").Check();
        tenant.Revoke("first");
        engine.Run(NewFirst).Check();
        Assert.Equal(1, (int)tenant.Stats()["byStatus"]!["401"]!);
    }

    [Theory]
    [InlineData(false, "does not accept the sign-in of Connect-MgGraph")]
    [InlineData(true, "A Conditional Access policy asks for another sign-in")]
    public void A_refused_token_sends_the_user_to_Connect_MgGraph(bool challenged, string message)
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph();
        if (challenged)
            engine.Run("Set-MgStandIn -Token challenged").Check();
        else
            tenant.Revoke("admin");
        ErrorRecord error = engine.Run(NewFirst).Error;
        Assert.StartsWith("TokenMissing,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Run Connect-MgGraph again", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(tenant.Writes());
    }

    [Fact]
    public void A_server_that_is_gone_is_a_connection_error()
    {
        using var engine = new Engine();
        engine.ConnectMgGraph();
        engine.Run("Stop-AgentUserSimulator").Check();
        ErrorRecord error = engine.Run(NewFirst).Error;
        Assert.StartsWith("Unreachable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
    }

    [Fact]
    public void Neither_an_answer_nor_an_error_is_a_lost_answer()
    {
        using var engine = new Engine();
        engine.ConnectMgGraph();
        engine.Run("Set-MgStandIn -Silent; Stop-AgentUserSimulator").Check();
        ErrorRecord error = engine.Run(NewFirst).Error;
        Assert.StartsWith("ConnectionLost,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("neither an answer nor an error", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_C_ends_a_wait_between_requests_and_a_rerun_finishes_exactly_once()
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph();
        engine.Run("Set-MgRequestContext -MaxRetry 0").Check();
        tenant.Fault(MgGraphSetup.Fault("POST", Create, "throttled", ("retryAfterSeconds", 600)));
        using var shell = engine.Shell(NewFirst);
        StopTests.Stop(shell, record => record.StatusDescription.Contains("Graph asks to wait", StringComparison.Ordinal));
        // Another connection does not know of the wait, which would last as long as the simulator does.
        engine.Run("Connect-AgentUser -MgGraph").Check();
        engine.Run(NewFirst).Check();
        Assert.Equal(1, (int)tenant.Stats()["agentUsersCreated"]!);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_request_and_gives_its_connection_back()
    {
        using var server = new HoldingServer();
        using var engine = new Engine();
        engine.SignIn(server.Root);
        engine.Run("Connect-AgentUser -MgGraph").Check();
        using var shell = engine.Shell("Get-AgentUser");
        IAsyncResult running = shell.BeginInvoke();
        await server.Asked.WaitAsync(TimeSpan.FromSeconds(60));
        shell.Stop();
        Assert.Throws<PipelineStoppedException>(() => shell.EndInvoke(running));
        await server.Left.WaitAsync(TimeSpan.FromSeconds(60));
        // The session is still usable, and so is the other module.
        Tenant tenant = engine.ConnectMgGraph();
        Assert.NotEmpty(engine.Run("Get-AgentUser").Check());
        Assert.Empty(tenant.Writes());
    }

    [Theory]
    [InlineData("Get-AgentUser -PageSize 10 | Select-First 3")]
    [InlineData("Get-AgentUser -PageSize 10 | ForEach-Object { throw 'enough' }")]
    public void What_ends_a_pipeline_ends_its_requests(string script)
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph("-AgentUsers 101");
        engine.Run("Import-Module -Assembly $args[0]", typeof(SelectFirstCommand).Assembly).Check();
        engine.Run(script);
        // One page is read ahead.
        Assert.InRange((int)tenant.Stats()["requests"]!, 1, 2);
    }

    [Fact]
    public void A_cmdlet_may_be_called_inside_the_pipeline_of_another()
    {
        using var engine = new Engine();
        engine.ConnectMgGraph("-AgentUsers 7");
        Assert.Equal(7, engine.Run("Get-AgentUser -PageSize 2 | ForEach-Object { Get-AgentUser -Id $_.Id }").Check().Count);
    }

    [Fact]
    public void A_request_that_went_to_another_cloud_ends_with_a_fix()
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph();
        dynamic other = engine.Run("Start-AgentUserSimulator -AccessToken admin").Check().Single();
        engine.Run("Set-MgStandIn -Elsewhere $args[0]", (Uri)other.GraphEndpoint).Check();
        ErrorRecord error = engine.Run(NewFirst).Error;
        Assert.Contains($"and the session of Connect-MgGraph is for {tenant.Endpoint.Authority}", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Update Microsoft.Graph.Authentication", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(new Tenant((Uri)other.GraphEndpoint).Writes());
    }
}
