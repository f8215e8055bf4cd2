namespace AgentUsers.PowerShell.Tests;

public sealed class SimulatorTests
{
    [Fact]
    public void Simulators_are_stopped_one_by_one_or_all()
    {
        using var engine = new Engine();
        dynamic[] started = [.. engine.Run("$all = 1..3 | ForEach-Object { Start-AgentUserSimulator }; $all").Check()];
        Tenant[] tenants = [.. started.Select(simulator => new Tenant((Uri)simulator.GraphEndpoint))];
        Assert.All(tenants, tenant => Assert.True(tenant.IsThere()));
        engine.Run("$all[0] | Stop-AgentUserSimulator").Check();
        Assert.Equal([false, true, true], tenants.Select(tenant => tenant.IsThere()));
        engine.Run("Stop-AgentUserSimulator -WhatIf").Check();
        Assert.Equal([false, true, true], tenants.Select(tenant => tenant.IsThere()));
        engine.Run("Stop-AgentUserSimulator; Stop-AgentUserSimulator").Check();
        Assert.All(tenants, tenant => Assert.False(tenant.IsThere()));
        Assert.Equal([false, false, false], engine.Run("$all").Values("IsRunning"));
    }

    [Fact]
    public void WhatIf_starts_none()
    {
        using var engine = new Engine();
        Assert.Empty(engine.Run("Start-AgentUserSimulator -WhatIf").Check());
    }

    [Fact]
    public void It_is_what_the_parameters_say()
    {
        using var engine = new Engine();
        engine.Connect("-Identities 2 -AgentUsers 4 -Seed 5 -LagMilliseconds 0 -LatencyMilliseconds 0, 0 -Seats 1");
        Assert.Single(engine.Run("Get-AgentIdentity $args[0]", Tenant.Identity(2)).Check());
        Assert.Equal(3, engine.Run("Get-AgentUser").Values("UserPrincipalName").Count(name => ((string)name!).StartsWith("agent", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_names_of_options_match_without_case()
    {
        using var engine = new Engine();
        engine.Connect("-Option @{ AGENTUSERS = 3; Skus = @(@{ PartNumber = 'ANY_CASE'; SEATS = 5 }, @{ partNumber = 'ANOTHER'; Seats = 6 }); LatencyMs = 0, 0 }");
        Assert.Equal(3, engine.Run("Get-AgentUser").Check().Count);
        Assert.Equal("5, 6", engine.Run("(Get-AgentUserSku | Where-Object SkuPartNumber -in ANY_CASE, ANOTHER).EnabledUnits -join ', '").Check().Single().ToString());
    }

    /// <summary>Members that -Option gives are named as they are there; members that parameters give are named by these.</summary>
    [Theory]
    [InlineData("@{ tokens = @(@{ token = 'person'; usr = 'human1@contoso.com' }) }", "tokens[0]", "`token`")]
    [InlineData("@{ tokens = @(@{ token = 'person'; user = 'nobody' }) }", "tokens[0].user", "nobody")]
    [InlineData("@{ nothing = 1 }", "nothing", "`agentUsers`")]
    [InlineData("@{ Tokens = @(@{ Token = 'person'; USR = 'human1@contoso.com' }) }", "tokens[0].USR", "`user`")]
    public void A_fault_of_an_option_names_its_place_there(string option, string place, string name)
    {
        using var engine = new Engine();
        string error = engine.Run($"Start-AgentUserSimulator -Option {option}").Error.ToString();
        Assert.Contains(place, error);
        Assert.Contains(name, error);
        Assert.DoesNotContain("-AccessToken", error);
        Assert.DoesNotContain("column", error);
    }

    [Fact]
    public void A_fault_that_does_not_exist_is_an_error()
    {
        using var engine = new Engine();
        Assert.Contains("-Fault[0]", engine.Run("Start-AgentUserSimulator -Fault @{ Method = 'POST'; Path = '/'; Fault = 'earthquake' }").Error.ToString());
    }
}
