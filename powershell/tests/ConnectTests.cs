using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

public sealed class ConnectTests
{
    [Fact]
    public void Nothing_is_output_unless_asked()
    {
        using var engine = new Engine();
        Assert.Empty(engine.Run("Connect-AgentUser -AccessToken { 'x' }").Check());
        Assert.Empty(engine.Run("Connect-AgentUser -AccessToken { 'x' } -OperationTimeout $null -Cloud $null").Check());
        PSObject connection = engine.Run("Connect-AgentUser -AccessToken { 'x' } -Cloud UsGovernment -PassThru").Check().Single();
        Assert.Equal("UsGovernment", connection.Properties["Graph"].Value);
        Assert.Equal("ScriptBlock", connection.Properties["SignIn"].Value);
    }

    [Theory]
    [InlineData("Connect-AgentUser", "TokenMissing")]
    [InlineData("Connect-AgentUser -AccessToken { 'x' } -Cloud China -GraphEndpoint http://127.0.0.1:1", "Contradiction")]
    [InlineData("Connect-AgentUser -TenantId contoso.com", "Required")]
    [InlineData("Connect-AgentUser -Identity -ClientId none", "NotAnObjectId")]
    public void A_wrong_call_ends_with_an_error_that_says_what_to_give(string script, string id)
    {
        using var engine = new Engine();
        Outcome outcome = engine.Run(script);
        Assert.Equal($"{id},AgentUsers.PowerShell.ConnectAgentUserCommand", outcome.Error.FullyQualifiedErrorId);
        Assert.NotEmpty(outcome.Error.ErrorDetails.RecommendedAction);
        Assert.Empty(engine.Host.Screen.Questions);
    }

    [Theory]
    [InlineData("-ClientId none -AgentUserId ada@contoso.com -FederatedTokenFile /token", "-AgentIdentityId Required, -AgentUserId UserNameAsId, -ClientId NotAnObjectId, -TenantId Required")]
    [InlineData("-TenantId contoso.com -ClientSecretCredential $secret -AgentIdentityId $id -AgentUserPrincipalName $id", "-AgentUserPrincipalName IdAsUserName, -ClientSecretCredential (its user name) NotAnObjectId")]
    [InlineData("-TenantId contoso.com -ClientId $id -AgentUserId $id -AgentIdentityId $id", "-AgentIdentityId Contradiction, -AgentUserId Contradiction")]
    [InlineData("-TenantId contoso.com -ClientId $id -GitHubActions -AgentUserId $none -AgentIdentityId $id", "-AgentUserId Required")]
    [InlineData("-TenantId contoso.com -ClientId $id -GitHubActions -AgentIdentityId $id -AgentUserId $id -AgentUserPrincipalName a@contoso.com", "-AgentUserPrincipalName Contradiction")]
    [InlineData("-TenantId organizations -ClientId $id -ServiceConnectionId '' -LoginEndpoint http://login.example", "-LoginEndpoint NotUsable, -ServiceConnectionId Required, -TenantId SharedTenant")]
    [InlineData("-TenantId contoso.com -ClientId $id -CertificatePath ./none.pfx -ManagedIdentityClientId x -Scope a", "-CertificatePath CertificateUnusable, -CertificatePath Contradiction, -Scope Contradiction")]
    [InlineData("-Identity -TenantId contoso.com -UseDeviceCode:$false -Scope User.Read", "-Scope Contradiction, -TenantId Contradiction")]
    [InlineData("-AccessToken { 'x' } -GraphEndpoint graph.example -Scope a", "-GraphEndpoint Invalid, -Scope Contradiction")]
    [InlineData("-TenantId contoso.com -ClientId $id -ManagedIdentityClientId x", "-ManagedIdentityClientId NotAnObjectId")]
    [InlineData("-TenantId contoso.com -ClientId $id -Certificate $none -SendCertificateChain -GraphEndpoint https://graph.example", "-Certificate Required, -LoginEndpoint NotUsable")]
    public void Everything_that_is_wrong_is_told_at_once_by_parameter_code_and_fix(string parameters, string expected)
    {
        using var engine = new Engine();
        engine.Run("$id = '22222222-3333-4444-8555-666666666666'; $none = $null; $secret = $args[0]", Secure.Credential("a name", "s")).Check();
        ErrorRecord error = engine.Run("Connect-AgentUser " + parameters).Error;
        dynamic[] violations = [.. ((dynamic)error.Exception).Problem.Violations];
        Assert.Equal(expected, string.Join(", ", violations.Select(violation => $"{violation.Field} {violation.Code}").Order(StringComparer.Ordinal)));
        foreach (dynamic violation in violations)
        {
            Assert.Contains($"{violation.Field}: {violation.Message}", error.ToString());
            Assert.Contains((string)violation.Fix, error.ErrorDetails.RecommendedAction);
            Assert.NotEmpty(engine.Run($"Get-AgentUserHelp {violation.Code}").Check());
        }
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
}
