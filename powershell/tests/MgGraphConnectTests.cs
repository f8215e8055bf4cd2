using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

/// <summary>Connect-AgentUser -MgGraph, and its words about the session that it finds.</summary>
public sealed class MgGraphConnectTests
{
    private static string[] Warnings(Engine engine, string script = "Connect-AgentUser -MgGraph")
    {
        using var shell = engine.Shell(script);
        shell.Invoke();
        Assert.Empty(shell.Streams.Error);
        return [.. shell.Streams.Warning.Select(warning => warning.Message)];
    }

    [Theory]
    [InlineData(MgGraphSetup.Scopes)]
    [InlineData("User.ReadWrite.All, Application.Read.All, Organization.Read.All, User.Read")]
    [InlineData("")] // A token that is not a JWT tells none.
    public void Enough_permissions_are_not_worth_a_word(string scopes)
    {
        using var engine = new Engine();
        engine.SignIn(scopes: scopes);
        Assert.Empty(Warnings(engine));
    }

    [Fact]
    public void Permissions_that_are_missing_are_named_with_their_cmdlets()
    {
        using var engine = new Engine();
        engine.SignIn(scopes: "User.Read.All");
        string[] warnings = Warnings(engine);
        Assert.Equal(
            [
                "AgentIdentity.Read.All for Get-AgentIdentity, New-AgentUser and Invoke-AgentUserRoster",
                "AgentIdUser.ReadWrite.All for New-AgentUser and Invoke-AgentUserRoster",
                "AgentIdUser.ReadWrite.All for Remove-AgentUser",
                "LicenseAssignment.Read.All for New-AgentUser and Invoke-AgentUserRoster with licenses",
            ],
            warnings.Select(warning => System.Text.RegularExpressions.Regex.Match(warning, "has neither (.*) nor a permission that includes it; (.*) need it"))
                .Select(match => $"{match.Groups[1]} for {match.Groups[2]}"));
        Assert.All(warnings, warning => Assert.Contains("Run Connect-MgGraph -Scopes ", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Directory.AccessAsUser.All", "makes its Agent ID permissions void")]
    [InlineData("Directory.ReadWrite.All", "may make its Agent ID permissions void")]
    public void Permissions_that_void_others_are_told_with_the_consequence(string scope, string consequence)
    {
        using var engine = new Engine();
        engine.SignIn(scopes: MgGraphSetup.Scopes + ", " + scope);
        string warning = Assert.Single(Warnings(engine));
        Assert.Contains(scope, warning, StringComparison.Ordinal);
        Assert.Contains(consequence, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_permissions_of_an_application_count_as_well()
    {
        using var engine = new Engine();
        engine.SignIn();
        var credential = new PSCredential("b1e00000-0000-4000-8000-000000000001", Secure.Text("secret"));
        engine.Run("Connect-MgGraph -Environment Simulated -NoWelcome -ClientSecretCredential $args[0] -Scopes AgentIdUser.ReadWrite.IdentityParentedBy, Application.Read.All, Organization.Read.All", credential).Check();
        Assert.Empty(Warnings(engine));
        Assert.NotEmpty(engine.Run("Get-AgentUser").Check());
    }

    [Fact]
    public void Without_a_sign_in_the_error_says_how_to_sign_in()
    {
        using var engine = new Engine();
        engine.Run("Import-Module $args[0]", MgGraphSetup.Module).Check();
        ErrorRecord error = engine.Run("Connect-AgentUser -MgGraph").Error;
        Assert.StartsWith("MgGraphSignedOut,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.StartsWith("Run Connect-MgGraph -Scopes AgentIdUser.ReadWrite.All", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_module_the_error_says_how_to_install_it()
    {
        using var engine = new Engine();
        ErrorRecord error = engine.Run("Connect-AgentUser -MgGraph").Error;
        Assert.StartsWith("MgGraphMissing,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Install-PSResource Microsoft.Graph.Authentication", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_is_too_old_is_named_with_what_it_lacks()
    {
        using var engine = new Engine();
        engine.Run("New-Module -Name Microsoft.Graph.Authentication { function Invoke-MgGraphRequest { param($Method, $Uri, $Body, $Headers, $ContentType, $UserAgent, $OutputType) } } | Import-Module").Check();
        ErrorRecord error = engine.Run("Connect-AgentUser -MgGraph").Error;
        Assert.StartsWith("MgGraphMissing,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("has no parameter SkipHttpErrorCheck, StatusCodeVariable, ResponseHeadersVariable", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_of_that_name_is_not_taken_for_the_cmdlet()
    {
        using var engine = new Engine();
        engine.ConnectMgGraph();
        engine.Run("function Invoke-MgGraphRequest { throw 'not this one' }; function Get-MgContext { throw 'nor this one' }").Check();
        Assert.NotEmpty(engine.Run("Get-AgentUser").Check());
    }

    [Fact]
    public void Settings_of_connections_that_are_not_made_are_refused()
    {
        using var engine = new Engine();
        engine.SignIn();
        ErrorRecord error = engine.Run("Connect-AgentUser -MgGraph -ReadTimeout 00:00:10 -InFlight 2 -TenantId contoso.com").Error;
        Assert.StartsWith("Invalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.All(["-ReadTimeout", "-InFlight", "-TenantId"], parameter => Assert.Contains(parameter + ": ", error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_cloud_is_refused()
    {
        using var engine = new Engine();
        engine.SignIn();
        engine.Run("Connect-MgGraph -Environment Nowhere -NoWelcome").Check();
        Assert.StartsWith("MgGraphEnvironmentUnknown,", engine.Run("Connect-AgentUser -MgGraph").Error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connect-MgGraph -Environment Simulated -NoWelcome -TenantId 7e000000-0000-4000-8000-000000000002", "MgGraphSessionChanged")]
    [InlineData($"Connect-MgGraph -Environment Simulated -NoWelcome -Scopes {MgGraphSetup.Scopes}, Directory.AccessAsUser.All", "MgGraphSessionChanged", "with other permissions")]
    [InlineData("Disconnect-MgGraph", "MgGraphSignedOut")]
    public void Nothing_is_sent_once_somebody_else_is_signed_in(string script, string id, string said = "")
    {
        using var engine = new Engine();
        Tenant tenant = engine.ConnectMgGraph();
        engine.Run(script).Check();
        ErrorRecord error = engine.Run("Get-AgentUser").Error;
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Connect-AgentUser -MgGraph", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, (int)tenant.Stats()["requests"]!);
    }

    [Fact]
    public void The_same_permissions_in_another_order_are_the_same_session()
    {
        using var engine = new Engine();
        engine.ConnectMgGraph();
        engine.Run($"Connect-MgGraph -Environment Simulated -NoWelcome -Scopes {string.Join(", ", MgGraphSetup.Scopes.ToLowerInvariant().Split(", ").Reverse())}").Check();
        Assert.NotEmpty(engine.Run("Get-AgentUser").Check());
    }

    [Fact]
    public void The_errors_of_the_other_module_are_not_the_users()
    {
        using var engine = new Engine();
        engine.SignIn();
        engine.Run("Connect-AgentUser -MgGraph -OutageTimeout 00:00:05; Set-MgStandIn -Elsewhere http://127.0.0.1:1/; try { throw 'mine' } catch { $null = $_ }").Check();
        Assert.StartsWith("Unreachable,", engine.Run("Get-AgentUser").Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(
            ["Unreachable,AgentUsers.PowerShell.GetAgentUserCommand", "mine"],
            engine.Run("$Error | ForEach-Object FullyQualifiedErrorId").Output.Select(id => id.BaseObject));
    }

    [Theory]
    [InlineData("getAgentIdentity", "Get-AgentIdentity, New-AgentUser and Invoke-AgentUserRoster")]
    [InlineData("listAgentUsers", "Get-AgentUser, New-AgentUser, Invoke-AgentUserRoster and Remove-AgentUser")]
    [InlineData("createAgentUser", "New-AgentUser and Invoke-AgentUserRoster")]
    [InlineData("deleteAgentUser", "Remove-AgentUser")]
    [InlineData("listSubscribedSkus", "New-AgentUser and Invoke-AgentUserRoster with licenses")]
    public void Each_permission_that_the_docs_name_for_a_call_is_enough(string call, string cmdlets)
    {
        string row = File.ReadLines(Path.Combine(Repository.Root, "docs", "errors.md")).Single(line => line.StartsWith($"| [{call}](", StringComparison.Ordinal));
        string[] permissions = [.. System.Text.RegularExpressions.Regex.Matches(row.Split('|')[3], "`([^`]+)`").Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(permissions);
        using var engine = new Engine();
        engine.SignIn();
        foreach (string permission in permissions)
        {
            string[] warnings = Warnings(engine, $"Connect-MgGraph -Environment Simulated -NoWelcome -Scopes {permission}; Connect-AgentUser -MgGraph");
            Assert.DoesNotContain(warnings, warning => warning.Contains($"; {cmdlets} need it", StringComparison.Ordinal));
        }
        string[] without = Warnings(engine, "Connect-MgGraph -Environment Simulated -NoWelcome -Scopes User.Read; Connect-AgentUser -MgGraph");
        Assert.Single(without, warning => warning.Contains($"; {cmdlets} need it", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_of_the_session_is_changed()
    {
        using var engine = new Engine();
        engine.ConnectMgGraph();
        engine.Run("$null = Get-AgentUser; $null = Get-AgentUser nobody@contoso.com -ErrorAction SilentlyContinue").Check();
        // The one error is the cmdlet's, and no variable is left.
        Assert.Equal(["NotFound,AgentUsers.PowerShell.GetAgentUserCommand"], engine.Run("$Error | ForEach-Object FullyQualifiedErrorId").Output.Select(id => id.BaseObject));
        Assert.Null(engine.Run("$answer, $status, $headers, $failure, $errors, $request | Where-Object { $null -ne $_ }").Check().SingleOrDefault());
    }
}
