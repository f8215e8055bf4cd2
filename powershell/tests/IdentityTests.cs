using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

public sealed class IdentityTests
{
    private const string Blueprint = "b1a00000-0000-4000-8000-000000000002";

    [Theory]
    [InlineData("", 27)]
    [InlineData("-PageSize 10", 27)]
    [InlineData("-WithoutAgentUser", 26)]
    [InlineData($"-BlueprintId {Blueprint}", 8)]
    [InlineData($"-BlueprintId (Get-AgentIdentityBlueprint {Blueprint}) -DisplayName 'agent 2*' -WithoutAgentUser -Enabled", 3)]
    [InlineData("-Disabled", 2)]
    [InlineData("-WithoutAgentUser -Enabled", 24)]
    [InlineData("-DisplayName *", 27)]
    public void They_are_listed(string conditions, int count)
    {
        using var engine = new Engine();
        engine.Connect();
        Assert.Equal(count, engine.Run("Get-AgentIdentity " + conditions).Check().Count);
    }

    [Fact]
    public void What_else_is_read_of_them_is_asked_for()
    {
        using var engine = new Engine();
        engine.Connect();
        PSObject bare = engine.Run("Get-AgentIdentity $args[0]", Tenant.Identity(2)).Check().Single();
        Assert.Null(bare.Properties["Sponsors"].Value);
        Assert.NotNull(bare.Properties["CreatedDateTime"].Value);
        PSObject full = engine.Run("Get-AgentIdentity $args[0] -Property Sponsors, Owners, Lifecycle", Tenant.Identity(2)).Check().Single();
        Assert.Contains("@contoso.com", full.Properties["Sponsors"].Value.ToString());
        Assert.NotNull(full.Properties["Owners"].Value);
        Assert.Equal("no action", full.Properties["Lifecycle"].Value.ToString());
        Assert.All(engine.Run("Get-AgentIdentity -DisplayName 'Agent 2*' -Property Sponsors").Check(), one => Assert.NotNull(one.Properties["Sponsors"].Value));
    }

    [Theory]
    [InlineData("Get-AgentIdentity -DisplayName 'Agent'", "WildcardNotAtEnd")]
    [InlineData("Get-AgentIdentity -DisplayName '*2'", "WildcardNotAtEnd")]
    [InlineData("Get-AgentIdentity -Enabled -Disabled", "Contradiction")]
    [InlineData("Get-AgentIdentity -BlueprintId dead0000-0000-4000-8000-000000000001", "BlueprintNotFound")]
    [InlineData("Get-AgentIdentityBlueprint a1d00000-0000-4000-8000-000000000001", "NotABlueprint")]
    [InlineData("Get-AgentIdentityBlueprint -DisplayName 'a*b*'", "WildcardNotAtEnd")]
    public void What_can_not_be_asked_is_an_error(string script, string code)
    {
        using var engine = new Engine();
        engine.Connect();
        Assert.Equal(code, engine.Run(script).Error.FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void The_agent_user_of_an_identity_is_found_by_the_pipeline()
    {
        using var engine = new Engine();
        engine.Connect();
        Assert.Empty(engine.Run("Get-AgentIdentity $args[0] | Get-AgentUser", Tenant.Identity(3)).Check());
        Assert.Single(engine.Run("Get-AgentIdentity | Get-AgentUser").Check());
        string made = (string)engine.Run("(Get-AgentIdentity -WithoutAgentUser -DisplayName 'Agent 23*' | ForEach-Object { New-AgentUser -IdentityParentId $_.Id -DisplayName $_.DisplayName -Domain contoso.com }).UserPrincipalName").Check().Single().BaseObject;
        Assert.Equal(made, engine.Run("Get-AgentIdentity -DisplayName 'Agent 23*' | Get-AgentUser").Check().Single().Properties["UserPrincipalName"].Value);
    }

    [Fact]
    public void A_blueprint_is_read_and_its_chain_verified()
    {
        using var engine = new Engine();
        engine.Connect();
        Assert.NotEmpty(engine.Run("Get-AgentIdentityBlueprint").Check());
        PSObject one = engine.Run("Get-AgentIdentityBlueprint $args[0]", Blueprint).Check().Single();
        Assert.Equal(Guid.Parse(Blueprint), one.Properties["AppId"].Value);
        PSObject chain = engine.Run("Get-AgentIdentity $args[0] | Get-AgentIdentityBlueprint -Chain", Tenant.Identity(2)).Check().Single();
        Assert.Equal(Guid.Parse(Blueprint), chain.Properties["AppId"].Value);
        Assert.Contains("Sound", chain.Properties["Verdict"].Value.ToString());
        Assert.Contains("Agent 23", chain.Properties["Links"].Value.ToString());
    }
}
