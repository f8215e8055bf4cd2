using System.Management.Automation;
using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

public sealed class CmdletFaultTests
{
    private static readonly string s_roster = Path.Combine(Repository.Root, "examples", "roster.csv");

    [Fact]
    public void A_lost_answer_does_not_create_twice()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-Speed 60 -Fault @{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Fault = 'LostAnswer' }");
        PSObject user = engine.Run("New-AgentUser -ParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com", Tenant.Identity(1)).Check().Single();
        Assert.Equal("a1@contoso.com", user.Properties["UserPrincipalName"].Value);
        Assert.Equal(1, (int)tenant.Stats()["agentUsersCreated"]!);
        Assert.Equal(1, (int)tenant.Stats()["faults"]!["LostAnswer"]!);
    }

    [Fact]
    public void A_roster_under_many_faults_ends_as_one_without()
    {
        using var quiet = new Engine();
        Tenant calm = quiet.Connect();
        quiet.Run("Invoke-AgentUserRoster $args[0]", s_roster).Check();
        using var engine = new Engine();
        Tenant rough = engine.Connect("-Speed 60 -FaultsPerMille 100 -Brisk -Seed 7");
        engine.Run("Invoke-AgentUserRoster $args[0]", s_roster).Check();
        Assert.NotEmpty(rough.Stats()["faults"]!.AsObject());
        Assert.Equal(Users(calm), Users(rough));
        Assert.Empty(rough.Stats()["createdMoreThanOncePerParent"]!.AsObject());
    }

    [Fact]
    public void A_server_that_is_gone_is_a_connection_error()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("Stop-AgentUserSimulator").Check();
        ErrorRecord error = engine.Run("New-AgentUser -ParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com", Tenant.Identity(1)).Error;
        Assert.StartsWith("Unreachable,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void A_wait_that_is_longer_than_there_is_time_ends_with_the_servers_reason()
    {
        using var engine = new Engine();
        engine.Connect("-Fault @{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Fault = 'Throttled'; RetryAfterSeconds = 86400 }");
        ErrorRecord error = engine.Run("New-AgentUser -ParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com", Tenant.Identity(1)).Error;
        Assert.StartsWith("Throttled,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, error.CategoryInfo.Category);
        dynamic exception = error.Exception;
        Assert.Equal(TimeSpan.FromDays(1), (TimeSpan)exception.Problem.RetryAfter);
    }

    private static IEnumerable<string> Users(Tenant tenant) =>
        tenant.State()["users"]!.AsArray().Select(user => $"{user!["userPrincipalName"]} {user["identityParentId"]}").Order();
}
