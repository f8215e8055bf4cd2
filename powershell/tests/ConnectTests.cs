using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

public sealed class ConnectTests
{
    [Fact]
    public void Nothing_is_output_unless_asked()
    {
        using var engine = new Engine();
        Assert.Empty(engine.Run("Connect-AgentUser -AccessToken { 'x' }").Check());
        PSObject connection = engine.Run("Connect-AgentUser -AccessToken { 'x' } -Cloud UsGovernment -PassThru").Check().Single();
        Assert.Equal("UsGovernment", connection.Properties["Graph"].Value);
        Assert.Equal("ScriptBlock", connection.Properties["SignIn"].Value);
    }

    [Theory]
    [InlineData("Connect-AgentUser", "SignInMissing")]
    [InlineData("Connect-AgentUser -AccessToken { 'x' } -Cloud China -GraphEndpoint http://127.0.0.1:1", "CloudAndGraphEndpoint")]
    [InlineData("Connect-AgentUser -TenantId contoso.com", "SignInMissing")]
    public void A_wrong_call_ends_with_an_error_that_says_what_to_give(string script, string id)
    {
        using var engine = new Engine();
        Outcome outcome = engine.Run(script);
        Assert.Equal($"{id},AgentUsers.PowerShell.ConnectAgentUserCommand", outcome.Error.FullyQualifiedErrorId);
        Assert.StartsWith("Give ", outcome.Error.ErrorDetails.RecommendedAction);
        Assert.Empty(engine.Host.Screen.Questions);
    }

    [Theory]
    [InlineData("-MaxEntries 1", "BadAnswer", "has more than 1 entries")]
    [InlineData("-MaxEntries 2 -MaxEmptyPages 0 -InFlight 1", null, null)]
    [InlineData("-MaxAnswerBytes 100", "AnswerTooLarge", "")]
    [InlineData("-MaxTokenBytes 2", "InputTooLarge", "")]
    public void Limits_are_those_of_the_connection(string limits, string? code, string? message)
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        Outcome outcome = engine.Run($"$simulator | Connect-AgentUser {limits}; Get-AgentUser -PageSize 1");
        if (code is null)
        {
            Assert.Equal(2, outcome.Check().Count);
            return;
        }
        Assert.StartsWith($"{code},", outcome.Error.FullyQualifiedErrorId);
        Assert.Contains(message!, outcome.Error.ErrorDetails.Message);
    }

    [Fact]
    public void A_token_as_a_string_is_refused_and_not_shown()
    {
        using var engine = new Engine();
        ErrorRecord error = engine.Run("Connect-AgentUser -AccessToken 'eyJ-secret'").Error;
        Assert.Contains("SecureString", error.ToString());
        Assert.DoesNotContain("eyJ-secret", error.ToString() + error.Exception + engine.Shown);
    }

    [Fact]
    public void Without_a_connection_a_cmdlet_says_so()
    {
        using var engine = new Engine();
        ErrorRecord error = engine.Run("Get-AgentUser -Id x").Error;
        Assert.Equal("NotConnected,AgentUsers.PowerShell.GetAgentUserCommand", error.FullyQualifiedErrorId);
        Assert.StartsWith("Run Connect-AgentUser", error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void Disconnecting_closes_the_connection()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("$mine = Connect-AgentUser -AccessToken $simulator.AccessToken -GraphEndpoint $simulator.GraphEndpoint -PassThru").Check();
        engine.Run("Disconnect-AgentUser").Check();
        Assert.StartsWith("NotConnected,", engine.Run("Get-AgentUser").Error.FullyQualifiedErrorId);
        Assert.StartsWith("ConnectionClosed,", engine.Run("Get-AgentUser -Connection $mine").Error.FullyQualifiedErrorId);
        engine.Run("Disconnect-AgentUser").Check();
    }

    [Fact]
    public void Two_runspaces_work_on_two_tenants()
    {
        using var one = new Engine();
        using var other = new Engine();
        Tenant[] tenants = [one.Connect(), other.Connect()];
        Parallel.ForEach(new[] { (one, "one"), (other, "other") }, pair =>
        {
            foreach (int number in Enumerable.Range(1, 3))
            {
                pair.Item1.Run(
                    "New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName $args[1]",
                    Tenant.Identity(number), $"{pair.Item2}{number}@contoso.com").Check();
            }
        });
        foreach ((Engine engine, string name) in new[] { (one, "one"), (other, "other") })
        {
            IEnumerable<string> names = engine.Run("Get-AgentUser").Values("UserPrincipalName").Cast<string>();
            Assert.Equal([$"{name}1@contoso.com", $"{name}2@contoso.com", $"{name}3@contoso.com"], names.Where(each => each.StartsWith("o", StringComparison.Ordinal)).Order());
        }
        Assert.Equal(2, tenants.Select(tenant => tenant.Endpoint).Distinct().Count());
    }

    [Fact]
    public void A_runspace_has_no_connection_of_another_but_may_be_handed_one()
    {
        using var one = new Engine();
        using var other = new Engine();
        one.Connect();
        Assert.StartsWith("NotConnected,", other.Run("Get-AgentUser").Error.FullyQualifiedErrorId);
        // The token block was written in the first runspace and runs in the one that needs the token.
        other.Run("$token = 'admin'").Check();
        PSObject connection = one.Run("$token = 'of the first'; Connect-AgentUser -AccessToken { $token } -GraphEndpoint $simulator.GraphEndpoint -PassThru").Check().Single();
        Assert.NotEmpty(other.Run("Get-AgentUser -Connection $args[0]", connection).Check());
    }

    [Fact]
    public void A_client_secret_signs_in()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        (string id, string secret, string home) = tenant.Client();
        var credential = new PSCredential(id, Secure.Text(secret));
        engine.Run(
            "Connect-AgentUser -ClientSecretCredential $args[0] -TenantId $args[1] -GraphEndpoint $args[2] -LoginEndpoint $args[2]",
            credential, home, tenant.Endpoint).Check();
        Assert.NotEmpty(engine.Run("Get-AgentUser").Check());
        engine.Run(
            "Connect-AgentUser -ClientSecretCredential $args[0] -TenantId $args[1] -GraphEndpoint $args[2] -LoginEndpoint $args[2]",
            new PSCredential(id, Secure.Text("wrong-one")), home, tenant.Endpoint).Check();
        ErrorRecord error = engine.Run("Get-AgentUser").Error;
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.DoesNotContain("wrong-one", error.ToString());
    }
}
