using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

public sealed class AgentUserTests
{
    [Fact]
    public void An_agent_user_is_created_found_and_removed()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        PSObject made = engine.Run(
            "New-AgentUser -IdentityParentId $args[0] -DisplayName 'Sales Agent' -UserPrincipalName sales@contoso.com -UsageLocation DE -EmployeeHireDate ([datetime]'2026-06-01Z') -Manager human1@contoso.com -Sponsor human1@contoso.com -License AGENT_365 -AccountEnabled $true",
            Tenant.Identity(1)).Check().Single();
        Assert.Equal("sales@contoso.com", made.Properties["UserPrincipalName"].Value);
        var id = (Guid)made.Properties["Id"].Value;
        foreach (string way in new[]
        {
            $"Get-AgentUser {id}", $"Get-AgentUser -Id {id}", "Get-AgentUser -UserPrincipalName sales@contoso.com",
            $"Get-AgentUser -IdentityParentId {Tenant.Identity(1)}", $"'{id}' | Get-AgentUser", $"[guid]'{id}' | Get-AgentUser",
        })
        {
            PSObject found = engine.Run(way).Check().Single();
            Assert.Equal(id, found.Properties["Id"].Value);
            Assert.Equal("DE", found.Properties["UsageLocation"].Value);
            Assert.Equal("2026-06-01T00:00:00Z", found.Properties["EmployeeHireDate"].Value.ToString());
            Assert.NotEmpty((IEnumerable<object>)found.Properties["AssignedLicenses"].Value);
        }
        Assert.Contains(id, engine.Run("Get-AgentUser").Values("Id"));
        Assert.Empty(engine.Run("Remove-AgentUser $args[0] -Confirm:$false", id).Check());
        Assert.Empty(engine.Run("Get-AgentUser -IdentityParentId $args[0]", Tenant.Identity(1)).Check());
        Assert.StartsWith("NotFound,", engine.Run("Get-AgentUser $args[0]", id).Error.FullyQualifiedErrorId);
        Assert.Equal(2, tenant.Writes().Count(write => (string)write!["method"]! is "POST" or "DELETE" && ((string)write["path"]!).Contains("agentUser", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Records_of_a_csv_file_are_created_by_property_name()
    {
        using var engine = new Engine();
        engine.Connect();
        Outcome outcome = engine.Run(
            """
            $records = [pscustomobject]@{ identityParentId = $args[0]; displayName = 'One'; userPrincipalName = 'one@contoso.com'; accountEnabled = 'false'; usageLocation = ''; sponsors = 'human1@contoso.com; human2@contoso.com' },
                       [pscustomobject]@{ identityParentId = $args[1]; displayName = 'Two Words'; userPrincipalName = ''; accountEnabled = ''; usageLocation = 'US'; sponsors = '' }
            $records | New-AgentUser -Domain contoso.com
            """, Tenant.Identity(1), Tenant.Identity(2));
        Assert.Empty(outcome.Errors);
        Assert.Equal(["one@contoso.com", "two.words@contoso.com"], outcome.Values("UserPrincipalName"));
        Assert.Equal([false, true], outcome.Values("AccountEnabled"));
        Assert.Equal([null, "US"], outcome.Values("UsageLocation"));
    }

    [Fact]
    public void Every_broken_rule_is_in_one_error_and_nothing_is_sent()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        ErrorRecord error = engine.Run("New-AgentUser -IdentityParentId 42 -DisplayName A -UserPrincipalName 'a b@contoso.com' -UsageLocation UK").Error;
        Assert.Equal("Invalid,AgentUsers.PowerShell.NewAgentUserCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        foreach (string field in new[] { "-IdentityParentId", "-UserPrincipalName", "-UsageLocation" })
            Assert.Contains(field, error.ToString());
        Assert.Equal(0, (int)tenant.Stats()["requests"]!);
        Assert.Equal(error.ToString(), engine.Run("New-AgentUser -IdentityParentId 42 -DisplayName A -UserPrincipalName 'a b@contoso.com' -UsageLocation UK -WhatIf").Error.ToString());
        Assert.Empty(engine.Shown);
    }

    [Fact]
    public void The_question_is_about_the_name_it_will_have()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName 'Zoë Müller' -Domain contoso.com -WhatIf", Tenant.Identity(1)).Check();
        Assert.Contains("\"create zoe.muller@contoso.com (Zoë Müller)\" on target \"zoe.muller@contoso.com\"", engine.Shown);
    }

    [Fact]
    public void A_failure_carries_the_report_of_how_far_it_came()
    {
        using var engine = new Engine();
        engine.Connect();
        ErrorRecord error = engine.Run(
            "New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com -License NO_SUCH_SKU", Tenant.Identity(1)).Error;
        Assert.StartsWith("SkuNotFound,", error.FullyQualifiedErrorId);
        dynamic report = error.TargetObject;
        Assert.Equal("Failed", (string)report.Outcome);
        Assert.Equal("SkuNotFound", (string)report.Problem.Code);
    }

    [Fact]
    public void Objects_flow_from_cmdlet_to_cmdlet()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com", Tenant.Identity(1)).Check();
        Assert.Equal(Guid.Parse(Tenant.Identity(1)), engine.Run("Get-AgentUser -UserPrincipalName a1@contoso.com | Get-AgentIdentity").Check().Single().Properties["Id"].Value);
        Assert.Equal("a1@contoso.com", engine.Run("Get-AgentUser -UserPrincipalName a1@contoso.com | Get-AgentUser").Check().Single().Properties["UserPrincipalName"].Value);
        Assert.Equal("a1@contoso.com", engine.Run("[pscustomobject]@{ userPrincipalName = 'a1@contoso.com' } | Get-AgentUser").Check().Single().Properties["UserPrincipalName"].Value);
        Assert.Equal("a1@contoso.com", engine.Run("[pscustomobject]@{ identityParentId = $args[0] } | Get-AgentUser", Tenant.Identity(1)).Check().Single().Properties["UserPrincipalName"].Value);
        Assert.Equal("a1@contoso.com", engine.Run("Get-AgentIdentity $args[0] | Get-AgentUser", Tenant.Identity(1)).Check().Single().Properties["UserPrincipalName"].Value);
        Assert.Equal("a1@contoso.com", engine.Run("Get-AgentIdentity $args | Get-AgentUser", Tenant.Identity(1), Tenant.Identity(2)).Check().Single().Properties["UserPrincipalName"].Value);
        Assert.Equal("a1@contoso.com", engine.Run("$identity = Get-AgentIdentity $args[0]; Get-AgentUser -AgentIdentity $identity", Tenant.Identity(1)).Check().Single().Properties["UserPrincipalName"].Value);
        PSObject report = engine.Run("Get-AgentUser -UserPrincipalName a1@contoso.com | Remove-AgentUser -Confirm:$false -PassThru").Check().Single();
        Assert.Equal("Changed", report.Properties["Outcome"].Value);
        Assert.Empty(engine.Run("Get-AgentIdentity $args[0] | ForEach-Object { Get-AgentUser -IdentityParentId $_.Id }", Tenant.Identity(1)).Check());
    }

    [Fact]
    public void Removing_asks_and_takes_no_for_an_answer()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 4");
        engine.Host.Screen.Answers.Enqueue("&No");
        engine.Run("Remove-AgentUser -UserPrincipalName agent25@contoso.com").Check();
        Assert.Single(engine.Host.Screen.Questions);
        Assert.Empty(tenant.Writes());
        engine.Host.Screen.Answers.Enqueue("Yes to &All");
        engine.Run("Remove-AgentUser -UserPrincipalName agent25@contoso.com, agent26@contoso.com").Check();
        Assert.Equal(2, engine.Host.Screen.Questions.Count);
        Assert.Equal(2, tenant.Writes().Count);
    }

    [Fact]
    public void A_human_is_not_removed()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        ErrorRecord error = engine.Run("Remove-AgentUser -UserPrincipalName human1@contoso.com -Confirm:$false").Error;
        Assert.StartsWith("NotAnAgentUser,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Empty(tenant.Writes());
    }

    [Theory]
    [InlineData("Get-AgentUser | Remove-AgentUser -WhatIf")]
    [InlineData("Get-AgentUser | Remove-AgentUser -WhatIf -Confirm:$false")]
    [InlineData("$WhatIfPreference = $true; Get-AgentUser | Remove-AgentUser -Confirm:$false")]
    [InlineData("New-AgentUser -IdentityParentId a1d00000-0000-4000-8000-000000000001 -DisplayName A -UserPrincipalName a1@contoso.com -WhatIf")]
    public void WhatIf_changes_nothing_and_says_what(string script)
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        engine.Run(script).Check();
        Assert.Contains("What if: ", engine.Shown);
        Assert.Contains("@contoso.com", engine.Shown);
        Assert.Empty(tenant.Writes());
        Assert.Empty(engine.Host.Screen.Questions);
    }

    [Fact]
    public void Testing_needs_no_connection_and_names_every_broken_rule()
    {
        using var engine = new Engine();
        PSObject good = engine.Run("Test-AgentUser -IdentityParentId $args[0] -DisplayName 'Sales Agent' -Domain contoso.com", Tenant.Identity(1)).Check().Single();
        Assert.Equal((true, "sales.agent@contoso.com", "sales.agent"), (good.Properties["IsValid"].Value, good.Properties["UserPrincipalName"].Value, good.Properties["MailNickname"].Value));
        PSObject bad = engine.Run("Test-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName 'a b@contoso.com' -UsageLocation UK", Tenant.Identity(1)).Check().Single();
        Assert.Equal(["UpnCharacter", "UsageLocationUnknown"], ((IEnumerable<dynamic>)bad.Properties["Violations"].Value).Select(violation => (string)violation.Code));
        Assert.Equal(false, engine.Run("Test-AgentUser -DisplayName A -Quiet").Check().Single().BaseObject);
    }

    [Fact]
    public void Testing_takes_any_object_and_sees_members_that_do_not_exist()
    {
        using var engine = new Engine();
        Outcome outcome = engine.Run(
            """
            @{ IdentityParentId = $args[0]; DisplayName = 'A'; UserPrincipalName = 'a@contoso.com' },
            [pscustomobject]@{ identityParentId = $args[0]; displayName = 'A'; userPrincipalName = 'a@contoso.com'; jobTitel = 'Lead' } | Test-AgentUser
            """, Tenant.Identity(1));
        outcome.Check();
        Assert.Equal([true, false], outcome.Values("IsValid"));
    }

    [Fact]
    public void Testing_a_roster_names_row_and_field()
    {
        using var engine = new Engine();
        string folder = Path.Combine(Repository.Root, "examples");
        PSObject good = engine.Run("Test-AgentUser -Path $args[0]", Path.Combine(folder, "roster.csv")).Check().Single();
        Assert.Equal((true, 24), (good.Properties["IsValid"].Value, good.Properties["Rows"].Value));
        Outcome bad = engine.Run("(Test-AgentUser -LiteralPath $args[0] -VerifiedDomains contoso.com).Violations", Path.Combine(folder, "roster-bad.csv"));
        Assert.True(bad.Check().Count > 30);
        Assert.Contains(bad.Output, violation => violation.Properties["Code"].Value is "UpnMissingAt" && violation.Properties["Row"].Value is 9 && violation.Properties["Field"].Value is "userPrincipalName");
    }
}
