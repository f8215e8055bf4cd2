using System.Management.Automation;
using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The cmdlets that change agent users: what is written, what is refused before anything is sent, what is output.</summary>
public sealed class UserChangeTests
{
    private const string Agent = "agent25@contoso.com";

    [Fact]
    public void Values_come_from_parameters_and_never_from_the_objects_of_the_pipeline()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        engine.Run("$before = Get-AgentUser -UserPrincipalName agent25@contoso.com").Check();
        engine.Run("Set-AgentUser agent25@contoso.com -JobTitle Lead -Department Old").Check();
        // $before knows neither; a binding by property name would put them back.
        engine.Run("$before | Set-AgentUser -Department Sales").Check();
        PSObject after = engine.Run("Get-AgentUser agent25@contoso.com").Check().Single();
        Assert.Equal(("Lead", "Sales"), (after.Properties["JobTitle"].Value, after.Properties["Department"].Value));
        Assert.Equal(2, tenant.Writes().Count);
    }

    [Fact]
    public void A_pipeline_is_changed_side_by_side_and_only_what_differs_is_written()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 46");
        engine.Run("Set-AgentUser agent30@contoso.com -Department Sales").Check();
        long before = (long)tenant.Stats()["batches"]!;
        Outcome outcome = engine.Run("Get-AgentUser | Set-AgentUser -Department Sales -PassThru -KeepOrder");
        Assert.Equal(46, outcome.Check().Count);
        Assert.Equal(Enumerable.Range(1, 46), outcome.Values("Row").Cast<int>());
        Assert.Equal(1, outcome.Values("Outcome").Count(value => value is "Unchanged"));
        Assert.Equal(46, tenant.Writes().Count);
        // Two batches of reads, or of writes, hold up to 20 each; one by one there would be none.
        Assert.InRange((long)tenant.Stats()["batches"]! - before, 4, 12);
        Assert.All(engine.Run("Get-AgentUser").Values("Department"), department => Assert.Equal("Sales", department));
    }

    [Theory]
    [InlineData("Set-AgentUser agent25@contoso.com", "NothingToChange")]
    [InlineData("[pscustomobject]@{ Id = 'agent25@contoso.com'; Department = 'Sales' } | Set-AgentUser", "NothingToChange", "Invoke-AgentUserRoster")]
    [InlineData("Set-AgentUser agent25@contoso.com -Department ''", "Required")]
    [InlineData("Set-AgentUser agent25@contoso.com -Department $null", "Required")]
    [InlineData("Set-AgentUser agent25@contoso.com -UsageLocation UK", "UsageLocationUnknown")]
    [InlineData("Set-AgentUser agent25@contoso.com -UsageLocation UK -Mail x", "Invalid")]
    [InlineData("Set-AgentUser agent25@contoso.com -City Rome -Clear city", "Contradiction")]
    [InlineData("Set-AgentUser -City Rome", "AgentUserMissing")]
    [InlineData("Set-AgentUser 'agent*' -City Rome", "NoWildcards")]
    [InlineData("Set-AgentUserManager agent25@contoso.com", "ManagerMissing")]
    [InlineData("Add-AgentUserSponsor agent25@contoso.com", "SponsorMissing")]
    [InlineData("Remove-AgentUserSponsor agent25@contoso.com", "SponsorMissing")]
    [InlineData("Add-AgentUserGroup agent25@contoso.com", "GroupMissing")]
    [InlineData("Remove-AgentUserGroup agent25@contoso.com", "GroupMissing")]
    [InlineData("Set-AgentUserLicense agent25@contoso.com", "LicenseMissing")]
    [InlineData("Set-AgentUserLicense agent25@contoso.com -DisabledPlan TEAMS1", "LicenseMissing")]
    [InlineData("Wait-AgentUser agent25@contoso.com", "ServiceMissing")]
    [InlineData("Disable-AgentUser", "AgentUserMissing")]
    [InlineData("Remove-AgentUser '*' -Force", "NoWildcards")]
    [InlineData("Confirm-AgentIdentity", "IdentityMissing")]
    [InlineData("Restore-AgentUser a@contoso.com, b@contoso.com -NewUserPrincipalName c@contoso.com", "OneNameForSeveral")]
    [InlineData("Get-AgentUserManager 'agent*'", "NoWildcards")]
    public void Wrong_parameters_are_told_before_anything_is_sent(string script, string id, string fix = "") => Engine.Refuses(script, id, fix);

    [Fact]
    public void A_member_is_emptied_renamed_and_set_by_its_path()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        engine.Run("Set-AgentUser agent25@contoso.com -City Rome -OtherMails a@x.org, b@x.org -AccountEnabled false -EmployeeHireDate ([datetime]'2026-06-01Z')").Check();
        PSObject set = engine.Run("Get-AgentUser agent25@contoso.com").Check().Single();
        Assert.Equal(("Rome", false), (set.Properties["City"].Value, set.Properties["AccountEnabled"].Value));
        Assert.Equal("a@x.org; b@x.org", set.Properties["OtherMails"].Value.ToString());
        engine.Run("Set-AgentUser agent25@contoso.com -Clear City, otherMails -UserPrincipalName renamed@contoso.com").Check();
        PSObject emptied = engine.Run("Get-AgentUser renamed@contoso.com").Check().Single();
        Assert.Null(emptied.Properties["City"].Value);
        Assert.Empty((IEnumerable<string>)emptied.Properties["OtherMails"].Value);
        engine.Run("Set-AgentUser renamed@contoso.com -OtherMembers @{ 'employeeOrgData.costCenter' = '4711' }").Check();
        Assert.Contains("4711", (string)((dynamic)engine.Run("Get-AgentUser renamed@contoso.com -Property employeeOrgData").Check().Single().BaseObject).ToJson());
        Assert.StartsWith("UnknownColumn,", engine.Run("Set-AgentUser renamed@contoso.com -Clear depart").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void One_that_is_not_there_is_one_error_and_the_others_go_on()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        Outcome outcome = engine.Run("Disable-AgentUser agent25@contoso.com, nobody@contoso.com, human1@contoso.com, agent26@contoso.com -PassThru");
        Assert.Equal(["NotAnAgentUser", "NotFound"], outcome.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).Order());
        Assert.All(outcome.Errors, error => Assert.Equal("Failed", (string)((dynamic)error.TargetObject).Outcome));
        Assert.Equal(["Changed", "Changed"], outcome.Values("Outcome"));
        Assert.Equal(2, tenant.Writes().Count);
        Assert.Equal([Agent, "agent26@contoso.com"], engine.Run("Get-AgentUser -Disabled").Values("UserPrincipalName").Order());
        engine.Run("Get-AgentUser -Disabled | Enable-AgentUser").Check();
        Assert.Empty(engine.Run("Get-AgentUser -Disabled").Check());
    }

    [Fact]
    public void The_bin_is_left_by_name_by_report_and_for_ever()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 5");
        Outcome removed = engine.Run("$reports = Remove-AgentUser agent25@contoso.com, agent26@contoso.com, agent27@contoso.com -Force -PassThru; $reports");
        Assert.Equal(3, removed.Check().Count);
        Assert.Equal(3, engine.Run("Get-AgentUser -Deleted").Check().Count);
        engine.Run("Restore-AgentUser agent25@contoso.com -NewUserPrincipalName back@contoso.com").Check();
        Assert.Single(engine.Run("Get-AgentUser back@contoso.com").Check());
        Outcome undone = engine.Run("$reports | Where-Object UserPrincipalName -eq agent26@contoso.com | Restore-AgentUser -PassThru");
        Assert.Equal(("Changed", "agent26@contoso.com"), (undone.Check().Single().Properties["Outcome"].Value, undone.Output[0].Properties["UserPrincipalName"].Value));
        engine.Run("Get-AgentUser -Deleted | Remove-AgentUser -Permanent -WhatIf").Check();
        Assert.Contains("delete permanently", engine.Shown);
        Assert.Single(engine.Run("Get-AgentUser -Deleted").Check());
        engine.Host.Screen.Answers.Enqueue("&Yes");
        engine.Run("Get-AgentUser -Deleted | Remove-AgentUser -Permanent").Check();
        Assert.Single(engine.Host.Screen.Questions);
        Assert.Empty(engine.Run("Get-AgentUser -Deleted").Check());
        Assert.StartsWith("DeletedItemNotFound,", engine.Run("Restore-AgentUser agent27@contoso.com").Error.FullyQualifiedErrorId);
        Assert.StartsWith("DeletedItemNotFound,", engine.Run("Remove-AgentUser agent26@contoso.com -Permanent -Force").Error.FullyQualifiedErrorId);
        Assert.Equal(6, tenant.Writes().Count);
    }

    [Fact]
    public void Reports_are_undone_one_by_one_as_they_are_approved()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 5");
        engine.Run("$reports = Remove-AgentUser agent25@contoso.com, agent26@contoso.com -Force -PassThru -KeepOrder").Check();
        Outcome planned = engine.Run("Restore-AgentUser -FromReport $reports -WhatIf");
        Assert.Equal(["Planned", "Planned"], planned.Values("Outcome"));
        engine.Host.Screen.Answers.Enqueue("&No");
        engine.Host.Screen.Answers.Enqueue("&Yes");
        Outcome restored = engine.Run("$reports | Restore-AgentUser -Confirm -PassThru");
        Assert.Equal(["agent26@contoso.com"], restored.Values("UserPrincipalName"));
        Assert.Equal([Agent], engine.Run("Get-AgentUser -Deleted").Values("UserPrincipalName"));
        Assert.Equal(3, tenant.Writes().Count);
        Assert.StartsWith("ReportUnreadable,", engine.Run("$reports | Restore-AgentUser -PassThru | Restore-AgentUser").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Managers_and_sponsors_are_set_read_and_removed()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 4");
        engine.Run("Get-AgentUser -UserPrincipalName agent2* | Set-AgentUserManager -Manager human1@contoso.com").Check();
        Outcome managers = engine.Run("Get-AgentUser -Search agent2 | Get-AgentUserManager");
        Assert.Equal(["agent25@contoso.com", "agent26@contoso.com", "agent27@contoso.com"], managers.Values("AgentUser"));
        Assert.All(managers.Values("DisplayName"), name => Assert.Equal("Human 1", name));
        Assert.All(managers.Values("Kind"), kind => Assert.Equal("User", kind));
        engine.Run("1..2 | ForEach-Object { Clear-AgentUserManager agent25@contoso.com -Confirm:$false }").Check();
        Assert.Empty(engine.Run("Get-AgentUserManager agent25@contoso.com").Check());
        int writes = tenant.Writes().Count;
        Outcome added = engine.Run("Add-AgentUserSponsor agent25@contoso.com human1@contoso.com, human2@contoso.com, human1@contoso.com -PassThru -KeepOrder");
        Assert.Equal(["Changed", "Changed", "Unchanged"], added.Values("Outcome"));
        Assert.Equal(writes + 2, tenant.Writes().Count);
        Assert.Equal(["Human 1", "Human 2"], engine.Run("Get-AgentUserSponsor agent25@contoso.com").Values("DisplayName").Order());
        engine.Run("Get-AgentUser agent25@contoso.com | Remove-AgentUserSponsor -Sponsor human2@contoso.com -Confirm:$false").Check();
        PSObject shown = engine.Run("Get-AgentUser agent26@contoso.com, agent25@contoso.com -Property Manager, Sponsors -KeepOrder").Check()[1];
        Assert.Null(shown.Properties["Manager"].Value);
        Assert.Equal("human1@contoso.com", shown.Properties["Sponsors"].Value.ToString());
        Assert.StartsWith("NotFound,", engine.Run("Get-AgentUserSponsor nobody@contoso.com").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Groups_take_ids_names_and_objects()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 3 -Option @{ groups = @(@{ name = 'Sales Agents' }, @{ name = 'By rule'; dynamic = $true }) }");
        engine.Run("'agent25@contoso.com', 'agent26@contoso.com' | Add-AgentUserGroup -Group 'Sales Agents'").Check();
        Outcome groups = engine.Run("$groups = 'agent25@contoso.com', 'agent26@contoso.com' | Get-AgentUserGroup; $groups");
        Assert.Equal([Agent, "agent26@contoso.com"], groups.Values("AgentUser"));
        engine.Run("Remove-AgentUserGroup agent25@contoso.com -Group $groups[0] -Confirm:$false").Check();
        Assert.Empty(engine.Run("Get-AgentUserGroup agent25@contoso.com").Check());
        Assert.StartsWith("GroupNotFound,", engine.Run("Add-AgentUserGroup agent25@contoso.com Nowhere").Error.FullyQualifiedErrorId);
        Assert.StartsWith("GroupIsDynamic,", engine.Run("Add-AgentUserGroup agent25@contoso.com 'By rule'").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Licenses_go_by_name_with_plans_off_and_on()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3 -Speed 600");
        engine.Run("Set-AgentUser agent25@contoso.com -UsageLocation DE").Check();
        Assert.Equal(["AGENT_365"], engine.Run("Get-AgentUserSku AGENT_3*").Values("SkuPartNumber"));
        Assert.Equal(25L, engine.Run("Get-AgentUserSku AGENT_365").Check().Single().Properties["Free"].Value);
        engine.Run("Set-AgentUserLicense agent25@contoso.com -Add (Get-AgentUserSku AGENT_365) -DisabledPlan TEAMS1").Check();
        Assert.Equal(24L, engine.Run("Get-AgentUserSku AGENT_365").Check().Single().Properties["Free"].Value);
        PSObject license = engine.Run("Get-AgentUserLicense agent25@contoso.com").Check().Single();
        Assert.Equal(("AGENT_365", "Active", "TEAMS1"), (license.Properties["SkuPartNumber"].Value, license.Properties["State"].Value, license.Properties["DisabledPlans"].Value.ToString()));
        Assert.Equal([Agent], engine.Run("Get-AgentUser -SkuId AGENT_365").Values("UserPrincipalName"));
        Assert.Equal([Agent], engine.Run("Get-AgentUser -SkuId (Get-AgentUserSku AGENT_365)").Values("UserPrincipalName"));
        engine.Run("Get-AgentUser -SkuId AGENT_365 | Set-AgentUserLicense -Add AGENT_365 -EnabledPlan TEAMS1").Check();
        Assert.Empty((IEnumerable<string>)engine.Run("Get-AgentUserLicense agent25@contoso.com").Check().Single().Properties["DisabledPlans"].Value);
        int writes = tenant.Writes().Count;
        Outcome plan = engine.Run("Set-AgentUserLicense agent25@contoso.com -Remove AGENT_365 -WhatIf");
        Assert.Equal("remove license AGENT_365", plan.Check().Single().Properties["Changes"].Value.ToString());
        Assert.Equal(writes, tenant.Writes().Count);
        Assert.StartsWith("SkuNotFound,", engine.Run("Set-AgentUserLicense agent25@contoso.com -Add NOPE").Error.FullyQualifiedErrorId);
        Assert.StartsWith("SkuNotFound,", engine.Run("Get-AgentUserSku NOPE").Error.FullyQualifiedErrorId);
        Assert.StartsWith("SkuNotFound,", engine.Run("Get-AgentUser -SkuId NOPE").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void The_skus_are_read_once_for_a_pipeline()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 4 -Speed 600 -Seats 100");
        engine.Run("Get-AgentUser | Set-AgentUser -UsageLocation DE").Check();
        Outcome outcome = engine.Run("Get-AgentUser | Set-AgentUserLicense -Add AGENT_365 -PassThru -Verbose 4>&1");
        string[] lines = [.. outcome.Check().Where(item => item.BaseObject is VerboseRecord).Select(item => item.ToString())];
        Assert.Single(lines, line => line.StartsWith("GET /v1.0/subscribedSkus", StringComparison.Ordinal));
        Assert.Equal(4, outcome.Output.Count(item => item.Properties["Outcome"]?.Value is "Changed"));
    }

    [Fact]
    public void Waiting_ends_when_the_service_is_there_and_tells_what_is_not()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 3 -Speed 6000");
        engine.Run("Set-AgentUser agent25@contoso.com -UsageLocation DE; Set-AgentUserLicense agent25@contoso.com -Add AGENT_365").Check();
        Assert.Empty(engine.Run("Wait-AgentUser agent25@contoso.com -For Mailbox, Teams").Check());
        PSObject report = engine.Run("'agent25@contoso.com' | Wait-AgentUser -For Mailbox -PassThru").Check().Single();
        Assert.Equal(Agent, report.Properties["UserPrincipalName"].Value);
        ErrorRecord error = engine.Run("Wait-AgentUser agent26@contoso.com -For Mailbox -Timeout 00:00:30").Error;
        Assert.Equal("Failed", (string)((dynamic)error.TargetObject).Outcome);
    }

    [Fact]
    public void Sessions_end_and_agent_identities_are_attested()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 4");
        Assert.Equal("end its sign-in sessions", engine.Run("Revoke-AgentUserSession agent25@contoso.com -PassThru").Check().Single().Properties["Changes"].Value.ToString());
        Outcome attested = engine.Run("Get-AgentUser -Search agent2 | Confirm-AgentIdentity -PassThru");
        Assert.Equal(3, attested.Check().Count);
        Assert.All(attested.Values("Changes"), changes => Assert.Equal("attest", changes!.ToString()));
        Assert.Equal(4, tenant.Writes().Count);
        engine.Run("Confirm-AgentIdentity $args[0] -WhatIf", Tenant.Identity(1)).Check();
        Assert.Equal(4, tenant.Writes().Count);
    }

    [Fact]
    public void Access_is_an_object_for_each_thing_and_a_warning_for_what_may_not_be_read()
    {
        using var engine = new Engine();
        engine.Connect("-Option @{ tenant = 'troubled' }");
        Outcome access = engine.Run("Get-AgentUserAccess role.active@contoso.com, role.group@contoso.com, grant.for.all@contoso.com");
        access.Check();
        Assert.Contains(access.Output, one => one.Properties["Kind"].Value is "Role" && one.Properties["Source"].Value is "Itself");
        Assert.Contains(access.Output, one => one.Properties["Kind"].Value is "Group" && one.Properties["AgentUser"].Value is "role.group@contoso.com" && one.Properties["Name"].Value is "Role holders");
        Assert.Contains(access.Output, one => one.Properties["Kind"].Value is "Delegated" && one.Properties["Source"].Value is "AllUsers" && one.Properties["Name"].Value is "Mail.Read");
        Outcome unknown = engine.Run("Get-AgentUserAccess parent.gone@contoso.com -WarningVariable told -WarningAction SilentlyContinue; $told | ForEach-Object { \"$_\" }");
        // Neither the delegated permissions nor what is inherited is known without the parent; the reason is told once.
        string told = Assert.Single(unknown.Check(), line => line.ToString().Contains("ParentNotFound", StringComparison.Ordinal)).ToString();
        Assert.Matches("^parent\\.gone@contoso\\.com: Delegated, .*Inheritable: ParentNotFound: ", told);
        Assert.Equal(unknown.Output.Count, unknown.Output.Select(line => line.ToString()[line.ToString().LastIndexOf(": ", StringComparison.Ordinal)..]).Distinct().Count());
        Assert.StartsWith("NotAnAgentUser,", engine.Run("Get-AgentUserAccess human1@contoso.com").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Names_are_derived_offline()
    {
        using var engine = new Engine();
        Outcome names = engine.Run("'Zoë Müller', '', 'Sales Agent' | Resolve-AgentUserName -Domain contoso.com");
        Assert.Equal(["zoe.muller@contoso.com", "sales.agent@contoso.com"], names.Values("UserPrincipalName"));
        Assert.Single(names.Errors);
        PSObject second = engine.Run("Resolve-AgentUserName 'Sales Agent' -Alternative 2").Check().Single();
        Assert.Equal((null, "sales.agent2"), (second.Properties["UserPrincipalName"].Value, second.Properties["MailNickname"].Value));
        Assert.StartsWith("DisplayNameMissing,", engine.Run("Resolve-AgentUserName").Error.FullyQualifiedErrorId);
    }
}
