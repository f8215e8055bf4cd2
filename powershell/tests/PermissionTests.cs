using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The cmdlets about permissions of agents: names and objects, pipelines, what is told before and what is refused.</summary>
public sealed class PermissionTests
{
    private const string First = "first.agent@contoso.com";
    private const string Blueprint = "b1a00000-0000-4000-8000-000000000001";
    private const string Graph = "00000003-0000-0000-c000-000000000000";

    private static readonly string s_identity = Tenant.Identity(1);

    [Fact]
    public void A_pipeline_of_agents_is_granted_side_by_side()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 46");
        Outcome granted = engine.Run("Get-AgentUser | Grant-AgentIdentityPermission -Scope User.Read, Mail.Send -PassThru -KeepOrder");
        Assert.Equal(46, granted.Check().Count);
        Assert.Equal(Enumerable.Range(1, 46), granted.Values("Row").Cast<int>());
        Assert.All(granted.Values("Outcome"), outcome => Assert.Equal("Changed", outcome));
        Assert.All(granted.Values("Kind"), kind => Assert.Equal("AgentIdentity", kind));
        Assert.Equal("grant User.Read of Microsoft Graph; grant Mail.Send of Microsoft Graph", granted.Values("Changes").First()!.ToString());
        Assert.Equal(46, tenant.Writes().Count);
        Assert.InRange((long)tenant.Stats()["batches"]!, 4, 40);
        Assert.All(engine.Run("Get-AgentUser | Grant-AgentIdentityPermission -Scope mail.send -PassThru").Values("Outcome"), outcome => Assert.Equal("Unchanged", outcome));
        Outcome read = engine.Run("Get-AgentUser -UserPrincipalName agent2* | Get-AgentIdentityPermission | Where-Object Scope -contains 'Mail.Send'");
        Assert.Equal(engine.Run("Get-AgentUser -UserPrincipalName agent2*").Values("UserPrincipalName"), read.Values("Agent"));
    }

    [Fact]
    public void Agents_are_told_apart_by_what_names_them()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 3");
        engine.Run("Grant-AgentIdentityPermission $args[0] -Scope User.Read", First).Check();
        engine.Run("Grant-AgentIdentityPermission $args[0] -User human1@contoso.com -Scope User.Read", s_identity).Check();
        engine.Run("Get-AgentIdentity $args[0] | Grant-AgentIdentityPermission -AllPrincipals -Scope Files.ReadWrite.All", s_identity).Check();
        engine.Run("Get-AgentIdentityBlueprint $args[0] | Grant-AgentIdentityPermission -AllPrincipals -Scope User.Read", Blueprint).Check();
        // An object of another module, and a record of a file.
        engine.Run("[pscustomobject]@{ Id = $args[0]; ServicePrincipalType = 'ServiceIdentity' } | Add-AgentIdentityAppRole -AppRole User.Read.All", s_identity).Check();
        engine.Run("[pscustomobject]@{ AgentIdentityId = $args[0]; AppRole = 'Group.Read.All;User.Read.All' } | Add-AgentIdentityAppRole", s_identity).Check();
        Outcome own = engine.Run("Get-AgentIdentityPermission $args[0]", s_identity);
        Assert.Equal(["AppRole", "AppRole", "Delegated", "Delegated"], own.Values("Kind").Order());
        Assert.Equal(["Group.Read.All", "User.Read.All"], own.Values("AppRole").OfType<string>().Order());
        Assert.Equal([false, true], own.Output.Where(row => row.Properties["Kind"].Value is "Delegated").Select(row => row.Properties["AllPrincipals"].Value).Order());
        Assert.All(own.Values("ResourceAppId"), id => Assert.Equal(Guid.Parse(Graph), id));
        Assert.All(own.Values("Agent"), agent => Assert.Equal("Agent 1", agent));
        PSObject ofUser = engine.Run("Get-AgentUser $args[0] | Get-AgentIdentityPermission", First).Check().Single();
        Assert.Equal((First, "User.Read", false), (ofUser.Properties["Agent"].Value, ofUser.Properties["Scope"].Value.ToString(), ofUser.Properties["AllPrincipals"].Value));
        Assert.Equal("User.Read", engine.Run("Get-AgentIdentityPermission -Blueprint $args[0]", Blueprint).Check().Single().Properties["Scope"].Value.ToString());
        Assert.StartsWith("NotAnAgentUser,", engine.Run("Get-AgentIdentityPermission human1@contoso.com").Error.FullyQualifiedErrorId);
        Assert.StartsWith("ParentNotFound,", engine.Run("Get-AgentIdentityPermission a1d00000-0000-4000-8000-00000000ffff").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Permissions_that_were_read_are_taken_away()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        engine.Run("Grant-AgentIdentityPermission $args[0] -Scope User.Read, Mail.Send", First).Check();
        engine.Run("Grant-AgentIdentityPermission $args[0] -AllPrincipals -Scope User.Read; Add-AgentIdentityAppRole $args[0] -AppRole User.Read.All, Group.Read.All", s_identity).Check();
        engine.Run("Grant-AgentIdentityPermission -Blueprint $args[0] -AllPrincipals -Scope User.Read; Add-AgentIdentityAppRole -Blueprint $args[0] -AppRole User.Read.All", Blueprint).Check();
        int writes = tenant.Writes().Count;
        Outcome planned = engine.Run("$args[0], $args[1] | Get-AgentIdentityPermission | Where-Object Kind -eq Delegated | Revoke-AgentIdentityPermission -WhatIf -Force", First, s_identity);
        Assert.Equal(2, planned.Check().Count);
        Assert.Matches("\"revoke User.Read of Microsoft Graph; revoke Mail.Send of Microsoft Graph\" on target \"Agent \\d+ for first.agent@contoso.com\"", engine.Shown);
        Assert.Contains("\"revoke User.Read of Microsoft Graph\" on target \"Agent 1 for all users\"", engine.Shown);
        Assert.Equal(writes, tenant.Writes().Count);
        engine.Run("$args[0], $args[1] | Get-AgentIdentityPermission | Where-Object Kind -eq Delegated | Revoke-AgentIdentityPermission -Force", First, s_identity).Check();
        engine.Run("Get-AgentIdentityPermission $args[0] | Where-Object AppRole -like Group* | Remove-AgentIdentityAppRole -Force", s_identity).Check();
        Assert.Empty(engine.Run("Get-AgentIdentityPermission $args[0]", First).Check());
        Assert.Equal(["User.Read.All"], engine.Run("Get-AgentIdentityPermission $args[0]", s_identity).Values("AppRole"));
        // An app role is nothing to revoke: that is one error, and the others go on.
        Outcome mixed = engine.Run("Get-AgentIdentityBlueprint $args[0] | Get-AgentIdentityPermission | Revoke-AgentIdentityPermission -Force -PassThru", Blueprint);
        Assert.StartsWith("ScopeMissing,", Assert.Single(mixed.Errors).FullyQualifiedErrorId);
        Assert.Equal(["Changed"], mixed.Values("Outcome"));
    }

    /// <summary>A permission that is granted for all users stays when it is revoked for one of them.</summary>
    [Fact]
    public void A_warning_tells_what_a_user_still_has_for_all_users()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        string identity = engine.Run("(Get-AgentUser $args[0]).IdentityParentId", First).Check().Single().ToString()!;
        engine.Run("Grant-AgentIdentityPermission $args[0] -Scope Mail.Send, Files.ReadWrite.All; Grant-AgentIdentityPermission $args[1] -AllPrincipals -Scope User.Read, Mail.Send", First, identity).Check();
        const string Revoke = "$null = Revoke-AgentIdentityPermission {0} -WarningVariable told -WarningAction SilentlyContinue; $told | ForEach-Object ToString";
        int writes = tenant.Writes().Count;
        string told = engine.Run(string.Format(null, Revoke, "$args[0] -Scope user.read -Force"), First).Check().Single().ToString()!;
        Assert.StartsWith($"GrantedForAll: {First} still has User.Read: ", told);
        Assert.Contains($"Revoke-AgentIdentityPermission {identity} -AllPrincipals -Scope User.Read takes", told);
        Assert.Equal(writes, tenant.Writes().Count);
        // With -Debug the engine asks after a warning that the cmdlet writes by itself.
        Outcome debugged = engine.Run("Revoke-AgentIdentityPermission $args[0] -Scope User.Read -Force -Debug 3>&1 5>$null", First);
        Assert.StartsWith($"GrantedForAll: {First} still has User.Read: ", debugged.Check().Select(line => line.BaseObject).OfType<WarningRecord>().Single().Message);
        Assert.Contains("still has Mail.Send", engine.Run(string.Format(null, Revoke, "$args[0] -Scope Mail.Send, Files.ReadWrite.All -WhatIf"), First).Check().Single().ToString());
        Assert.Contains("still has Mail.Send", engine.Run(string.Format(null, Revoke, "$args[0] -Scope Mail.Send -Confirm:$false"), First).Check().Single().ToString());
        Assert.Empty(engine.Run(string.Format(null, Revoke, "$args[0] -Scope Files.ReadWrite.All -Force"), First).Check());
        Assert.Empty(engine.Run(string.Format(null, Revoke, "$args[0] -AllPrincipals -Scope User.Read, Mail.Send -Force"), identity).Check());
        Assert.Empty(engine.Run(string.Format(null, Revoke, "$args[0] -Scope User.Read -Force"), First).Check());
    }

    [Fact]
    public void A_record_of_a_file_names_its_agent_and_its_resource_and_an_empty_cell_nothing()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 3");
        Outcome granted = engine.Run(
            """
            $empty = @{ AgentIdentityId = ''; Blueprint = ''; AllPrincipals = 'False'; AppRole = ''; ResourceAppId = '' }
            $records = @{ User = 'agent25@contoso.com'; Scope = 'User.Read; Mail.Send'; ResourceAppId = '12345678-0000-4000-8000-000000000001' },
                @{ User = 'agent25@contoso.com'; Scope = 'User.Read; Mail.Send' },
                @{ AgentIdentityId = $args[0]; User = ''; AllPrincipals = 'True'; Scope = 'User.Read' }
            $records | ForEach-Object { $record = $empty.Clone(); foreach ($one in $_.GetEnumerator()) { $record[$one.Key] = $one.Value }; [pscustomobject]$record } |
                Grant-AgentIdentityPermission -PassThru -KeepOrder
            """, s_identity);
        Assert.StartsWith("ResourceNotFound,", Assert.Single(granted.Errors).FullyQualifiedErrorId);
        Assert.Equal(["agent25@contoso.com", ""], granted.Values("UserPrincipalName"));
        Assert.Equal("User.Read; Mail.Send", engine.Run("(Get-AgentIdentityPermission agent25@contoso.com).Scope.ToString()").Check().Single().ToString());
        Assert.True((bool)engine.Run("Get-AgentIdentityPermission $args[0]", s_identity).Check().Single().Properties["AllPrincipals"].Value);
    }

    [Fact]
    public void Blueprints_create_and_let_inherit_in_one_command()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        const string Set = "Get-AgentIdentityBlueprint -DisplayName 'Blueprint *' | Set-AgentIdentityBlueprint -AllowCreation -InheritableScopes AllAllowed -PassThru -KeepOrder";
        Outcome set = engine.Run(Set + " -WarningVariable told -WarningAction SilentlyContinue");
        Assert.Equal(6, set.Check().Count);
        Assert.Equal(["BlueprintPrincipal", "Blueprint", "BlueprintPrincipal", "Blueprint", "BlueprintPrincipal", "Blueprint"], set.Values("Kind"));
        Assert.Equal(6, tenant.Writes().Count);
        Assert.Equal(["InheritanceNeedsGrant", "NewTokenNeeded"], engine.Run("$told").Output.Select(one => one.ToString()!.Split(':')[0]).Order());
        Assert.All(engine.Run(Set + " -WarningAction SilentlyContinue").Values("Outcome"), outcome => Assert.Equal("Unchanged", outcome));
        Outcome read = engine.Run("Get-AgentIdentityPermission -Blueprint $args[0]", Blueprint);
        Assert.Equal(["AppRole", "Inheritable"], read.Values("Kind"));
        Assert.Equal(("AllAllowed", "AgentIdUser.ReadWrite.IdentityParentedBy"), (read.Output[1].Properties["InheritableScopes"].Value, read.Output[0].Properties["AppRole"].Value));
        // A question comes before agent identities lose permissions.
        Assert.Empty(engine.Host.Screen.Questions);
        engine.Host.Screen.Answers.Enqueue("&No");
        engine.Run("Set-AgentIdentityBlueprint $args[0] -InheritableScopes None", Blueprint).Check();
        Assert.Contains("set inheritableScopes of Microsoft Graph from allAllowed to none", Assert.Single(engine.Host.Screen.Questions));
        Assert.Equal(6, tenant.Writes().Count);
        Assert.Equal("Changed", engine.Run("Set-AgentIdentityBlueprint $args[0] -InheritableScopes None -Force -PassThru", Blueprint).Check().Single().Properties["Outcome"].Value);
    }

    [Fact]
    public void A_token_that_shows_nothing_is_a_warning()
    {
        using var engine = new Engine();
        engine.Connect();
        Outcome waited = engine.Run("Get-AgentUserPermission Remove-AgentUser -Caller Application | Where-Object Need -eq Always | Wait-AgentIdentityPermission -PassThru -WarningVariable told -WarningAction SilentlyContinue");
        Assert.Equal(["AgentIdUser.ReadWrite.All"], waited.Values("Permission"));
        Assert.Equal(["Unknown"], waited.Values("State"));
        Assert.StartsWith("PermissionUnseen: ", engine.Run("$told").Check().Single().ToString());
        Assert.Empty(engine.Run("Wait-AgentIdentityPermission User.Read.All -WarningAction SilentlyContinue").Check());
    }

    [Fact]
    public void A_token_that_shows_its_permissions_ends_the_wait_or_is_asked_for_anew()
    {
        using var engine = new Engine();
        engine.Run("Start-AgentUserSimulator | Connect-AgentUser").Check();
        Outcome carried = engine.Run("Wait-AgentIdentityPermission AgentIdUser.ReadWrite.All, auditlog.read.all -PassThru");
        carried.Check();
        Assert.Equal(["Carried", "Carried"], carried.Values("State"));
        // That token was given as a SecureString, and no other one can be had.
        ErrorRecord one = engine.Run("Wait-AgentIdentityPermission Mail.Send").Error;
        Assert.StartsWith("TokenMissing,", one.FullyQualifiedErrorId);
        Assert.Contains("Mail.Send, and a connection by a SecureString can't wait", one.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_names_of_permissions_are_one_error_with_the_right_ones()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        Outcome outcome = engine.Run("'agent25@contoso.com', 'nobody@contoso.com' | Grant-AgentIdentityPermission -Scope User.Raed -PassThru");
        Assert.Equal(["NotFound", "ScopeNotFound"], outcome.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).Order());
        Assert.Contains(outcome.Errors, error => error.ErrorDetails.RecommendedAction.Contains("Did you mean User.Read", StringComparison.Ordinal));
        Assert.StartsWith("AppRoleNotAssignable,", engine.Run("Add-AgentIdentityAppRole agent25@contoso.com User.Read.All").Error.FullyQualifiedErrorId);
        Assert.StartsWith("ResourceNotFound,", engine.Run("Grant-AgentIdentityPermission agent25@contoso.com User.Read -ResourceAppId 12345678-0000-4000-8000-000000000001").Error.FullyQualifiedErrorId);
        Assert.StartsWith("NotABlueprint,", engine.Run("Set-AgentIdentityBlueprint $args[0] -AllowCreation", s_identity).Error.FullyQualifiedErrorId);
        Assert.Empty(tenant.Writes());
    }

    [Theory]
    [InlineData("Get-AgentIdentityPermission", "AgentMissing")]
    [InlineData("Get-AgentIdentityPermission 'Agent*'", "NoWildcards")]
    [InlineData("Get-AgentIdentityPermission -User 'agent*'", "NoWildcards")]
    [InlineData("Grant-AgentIdentityPermission agent25@contoso.com", "ScopeMissing")]
    [InlineData("Grant-AgentIdentityPermission -Scope User.Read", "AgentMissing")]
    [InlineData("Grant-AgentIdentityPermission agent25@contoso.com -Scope User.Read -User human1@contoso.com", "Contradiction")]
    [InlineData("Grant-AgentIdentityPermission a1d00000-0000-4000-8000-000000000001 -Scope User.Read", "Required")]
    [InlineData("Grant-AgentIdentityPermission agent25@contoso.com -Scope 'User Read'", "PermissionNameShape")]
    [InlineData("Revoke-AgentIdentityPermission agent25@contoso.com", "ScopeMissing")]
    [InlineData("Revoke-AgentIdentityPermission -Blueprint b1a00000-0000-4000-8000-000000000001 -Scope User.Read -User human1@contoso.com -Force", "Contradiction")]
    [InlineData("Add-AgentIdentityAppRole a1d00000-0000-4000-8000-000000000001", "AppRoleMissing")]
    [InlineData("Remove-AgentIdentityAppRole -AppRole User.Read.All", "AgentMissing")]
    [InlineData("Set-AgentIdentityBlueprint b1a00000-0000-4000-8000-000000000001", "NothingToChange")]
    [InlineData("Set-AgentIdentityBlueprint -AllowCreation", "BlueprintMissing")]
    [InlineData("Set-AgentIdentityBlueprint 'Blueprint*' -AllowCreation", "NoWildcards")]
    [InlineData("Wait-AgentIdentityPermission", "PermissionNotNamed")]
    public void Wrong_parameters_are_told_before_anything_is_sent(string script, string id) => Engine.Refuses(script, id);
}
