using System.Management.Automation;
using static AgentUsers.PowerShell.Tests.AgentTenant;

namespace AgentUsers.PowerShell.Tests;

/// <summary>An agent identity that acts on behalf of a person who signed in elsewhere.</summary>
public sealed class OnBehalfOfTests
{
    private const string Acting = $"-TenantId {Home} -ClientSecretCredential $secret -AgentIdentityId {Identity} -GraphEndpoint $simulator.GraphEndpoint";

    [Fact]
    public void The_persons_token_comes_from_a_block_or_is_given()
    {
        using var tenant = new AgentTenant();
        string token = tenant.Tenant.PersonToken(Person, Blueprint);
        Assert.Equal(("ClientSecret", Person), tenant.Connect($"{Acting} -UserToken {{ param($Request) $script:asked = $Request; '{token}' }}"));
        Assert.Equal(Blueprint, tenant.Engine.Run("$script:asked.ClientId").Check().Single().BaseObject);
        Assert.Null(tenant.Engine.Run("$script:asked.Claims").Check().Single());
        Assert.Equal(Person, tenant.Engine.Run("Get-AgentUserToken -ForceRefresh").Values("Account").Single());
        Assert.Equal(Person, tenant.Connect($"{Acting} -UserToken $args[0]", Secure.Text(token)).Account);
    }

    [Fact]
    public void A_token_that_does_not_come_or_is_for_another_application_ends_the_connecting()
    {
        using var tenant = new AgentTenant();
        ErrorRecord error = tenant.Engine.Run($"Connect-AgentUser {Acting} -UserToken {{ throw 'Nobody is signed in.' }}").Error;
        Assert.Contains("Nobody is signed in.", error.ToString(), StringComparison.Ordinal);
        error = tenant.Engine.Run($"Connect-AgentUser {Acting} -UserToken {{ }}").Error;
        Assert.Contains("returned 0 values", error.ToString(), StringComparison.Ordinal);
        string other = tenant.Tenant.PersonToken(Person, Program);
        error = tenant.Engine.Run($"Connect-AgentUser {Acting} -UserToken $args[0]", Secure.Text(other)).Error;
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.DoesNotContain(other, error.ToString() + error.Exception, StringComparison.Ordinal);
        Assert.StartsWith("NotConnected,", tenant.Engine.Run("Get-AgentUser").Error.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData($"-AgentIdentityId {Identity} -AgentUserId {User} -ClientSecretCredential $secret", "-UserToken Contradiction")]
    [InlineData("-ClientSecretCredential $secret", "-AgentIdentityId ")]
    [InlineData("-UseDeviceCode -ClientId 22222222-3333-4444-8555-666666666666", "-UserToken Contradiction")]
    public void It_goes_with_an_agent_identity_and_with_nobody_else(string parameters, string fault)
    {
        using var tenant = new AgentTenant();
        ErrorRecord error = tenant.Engine.Run($"Connect-AgentUser -TenantId {Home} {parameters} -GraphEndpoint $simulator.GraphEndpoint -UserToken {{ 'x' }}").Error;
        dynamic[] violations = [.. ((dynamic)error.Exception).Problem.Violations];
        Assert.StartsWith(fault, Assert.Single(violations.Select(one => $"{one.Field} {one.Code}")), StringComparison.Ordinal);
    }
}
