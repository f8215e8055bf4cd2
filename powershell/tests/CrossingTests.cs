using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

/// <summary>Values for another cmdlet, and parameters that exclude each other: each is an error that says what to use.</summary>
public sealed class CrossingTests
{
    [Theory]
    [InlineData("Get-AgentUser -SponsoredBy human1@contoso.com -Department Sales", "-SponsoredBy and -Department don't go together.", "Get-AgentUser -SponsoredBy … | Where-Object …")]
    [InlineData("Get-AgentUser -Mine -Enabled", "-Mine and -Enabled don't go together.", "Get-AgentUser -Mine | Where-Object …")]
    [InlineData("Get-AgentUser -Mine -SponsoredBy human1@contoso.com", "-SponsoredBy and -Mine don't go together.", "Where-Object")]
    [InlineData("Get-AgentUser -IdentityParentId a1d00000-0000-4000-8000-000000000001 -Deleted", "-IdentityParentId and -Deleted don't go together.", "Where-Object")]
    [InlineData("Get-AgentIdentity -Mine -WithoutAgentUser", "-Mine and -WithoutAgentUser don't go together.", "Get-AgentIdentity -Mine | Where-Object …")]
    [InlineData("Get-AgentIdentity -SponsoredBy human1@contoso.com -DisplayName 'A*'", "-SponsoredBy and -DisplayName don't go together.", "Where-Object")]
    [InlineData("Get-AgentIdentity -SkipParentCheck -DisplayName 'A*'", "-SkipParentCheck is for agent identities that are named.", "Leave it out")]
    [InlineData("Get-AgentIdentity -Mine -SkipParentCheck", "-SkipParentCheck is for agent identities that are named.", "Leave it out")]
    public void Parameters_that_do_not_go_together_are_told(string command, string message, string fix)
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 1");
        ErrorRecord error = engine.Run(command).Error;
        Assert.StartsWith("Contradiction,", error.FullyQualifiedErrorId);
        Assert.Equal(message, error.ErrorDetails.Message);
        Assert.Contains(fix, error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("Get-AgentIdentity Agent*", "Invalid -IdentityParentId: \"Agent*\" is not an object id", "A name is looked for by Get-AgentIdentity -DisplayName 'Agent*'.")]
    [InlineData("Get-AgentIdentity 'Agent 1'", "Invalid -IdentityParentId: \"Agent 1\" is not an object id", "A name is looked for by Get-AgentIdentity -DisplayName 'Agent 1*'.")]
    [InlineData("Get-AgentIdentity agent25@contoso.com", "Invalid -IdentityParentId: ", "That of an agent user is got by Get-AgentUser agent25@contoso.com | Get-AgentIdentity.")]
    [InlineData("Get-AgentIdentityBlueprint Blue*", "Invalid -Id: \"Blue*\" is not an object id", "A name is looked for by Get-AgentIdentityBlueprint -DisplayName 'Blue*'.")]
    public void A_name_in_the_place_of_an_id_is_told_where_names_go(string command, string message, string fix)
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 1");
        ErrorRecord error = engine.Run(command).Error;
        Assert.StartsWith("NotAnObjectId,", error.FullyQualifiedErrorId);
        Assert.StartsWith(message, error.ErrorDetails.Message);
        Assert.Contains(fix, error.ErrorDetails.RecommendedAction);
    }

    [Theory]
    [InlineData("*25")]
    [InlineData("agent?5")]
    [InlineData("a*5*")]
    public void A_pattern_is_told_as_it_was_typed(string typed)
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 1");
        ErrorRecord error = engine.Run("Get-AgentUser $args[0]", typed).Error;
        Assert.StartsWith($"'{typed}' can't be looked for:", error.ErrorDetails.Message);
        Assert.EndsWith($"-like '{typed}'.", error.ErrorDetails.RecommendedAction);
        Assert.Equal(typed, error.TargetObject);
    }

    [Fact]
    public void An_object_with_the_id_of_an_agent_user_is_one()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        Outcome got = engine.Run("[pscustomobject]@{ AgentUserId = (Get-AgentUser agent25@contoso.com).Id } | Get-AgentUser");
        Assert.Equal("agent25@contoso.com", got.Check().Single().Properties["UserPrincipalName"].Value);
    }

    [Fact]
    public void A_permission_of_another_kind_is_told_which_cmdlet_takes_it_away()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        engine.Run("Grant-AgentIdentityPermission $args[0] -AllPrincipals -Scope User.Read; Add-AgentIdentityAppRole $args[0] -AppRole User.Read.All", Tenant.Identity(1)).Check();
        Outcome revoked = engine.Run("Get-AgentIdentityPermission $args[0] | Revoke-AgentIdentityPermission -Force -PassThru", Tenant.Identity(1));
        Assert.Single(revoked.Output);
        Assert.Equal(("User.Read.All is an app role.", "Use Remove-AgentIdentityAppRole."), Text(Assert.Single(revoked.Errors)));
        engine.Run("Grant-AgentIdentityPermission $args[0] -AllPrincipals -Scope User.Read, Mail.Send", Tenant.Identity(1)).Check();
        Outcome removed = engine.Run("Get-AgentIdentityPermission $args[0] | Remove-AgentIdentityAppRole -Force -PassThru", Tenant.Identity(1));
        Assert.Single(removed.Output);
        Assert.Equal(("User.Read, Mail.Send are delegated permissions.", "Use Revoke-AgentIdentityPermission."), Text(Assert.Single(removed.Errors)));
        engine.Run("Set-AgentIdentityBlueprint b1a00000-0000-4000-8000-000000000001 -InheritableScopes AllAllowed").Check();
        ErrorRecord rule = engine.Run("Get-AgentIdentityPermission -Blueprint b1a00000-0000-4000-8000-000000000001 | Where-Object Kind -eq Inheritable | Remove-AgentIdentityAppRole -Force").Error;
        Assert.StartsWith("Set-AgentIdentityBlueprint with None takes it away.", rule.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void The_id_of_an_agent_user_in_the_place_of_an_agent_identity_is_told_where_it_goes()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        foreach (string command in new[] { "Get-AgentIdentityPermission $args[0]", "Grant-AgentIdentityPermission $args[0] -AllPrincipals -Scope User.Read" })
        {
            ErrorRecord error = engine.Run(command, engine.Run("(Get-AgentUser agent25@contoso.com).Id").Check().Single()).Error;
            Assert.StartsWith("ParentNotFound,", error.FullyQualifiedErrorId);
            Assert.Contains("If it is the id of an agent user, give it by -User.", error.ErrorDetails.RecommendedAction);
        }
    }

    [Fact]
    public void Values_that_mean_nothing_are_not_offered()
    {
        using var engine = new Engine();
        string[] Offered(string line) => [.. engine.Run("(TabExpansion2 $args[0] $args[0].Length).CompletionMatches.CompletionText", line).Check().Select(value => value.ToString())];
        Assert.Equal(["AllAllowed", "None"], Offered("Set-AgentIdentityBlueprint -InheritableScopes ").Order());
        Assert.Equal(["High", "Info", "Low", "Medium"], Offered("Invoke-AgentUserAudit -Severity ").Order());
        Assert.Equal(ErrorCategory.InvalidData, engine.Run("Invoke-AgentUserAudit -Severity Unknown").Error.CategoryInfo.Category);
    }

    [Fact]
    public void A_session_with_other_connections_says_to_name_one()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 1");
        engine.Run("Disconnect-AgentUser; $simulator | Connect-AgentUser -Name one; $simulator | Connect-AgentUser -Name two; Disconnect-AgentUser one").Check();
        foreach ((string command, string fix) in new[] { ("Get-AgentUser", "Name one: -Connection two."), ("Disconnect-AgentUser", "Name one: Disconnect-AgentUser two.") })
        {
            ErrorRecord error = engine.Run(command).Error;
            Assert.StartsWith("NotConnected,", error.FullyQualifiedErrorId);
            Assert.Equal(fix, error.ErrorDetails.RecommendedAction);
        }
        Assert.Single(engine.Run("Get-AgentUser -Connection two").Check());
        engine.Run("Disconnect-AgentUser two; Disconnect-AgentUser").Check();
        Assert.Equal("This session is not connected to Microsoft Graph.", engine.Run("Get-AgentUser").Error.ErrorDetails.Message);
    }

    private static (string Message, string Fix) Text(ErrorRecord error) => (error.ErrorDetails.Message, error.ErrorDetails.RecommendedAction);
}
