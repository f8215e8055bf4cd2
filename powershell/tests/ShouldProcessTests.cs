using System.Collections;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell.Tests;

/// <summary>Every cmdlet that changes the tenant plans with -WhatIf, asks with -Confirm, and does what it planned.</summary>
public sealed partial class ShouldProcessTests : IDisposable
{
    private const string User = "agent25@contoso.com";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Cmdlet, its arguments, and what there has to be before.</summary>
    public static TheoryData<string, string, string> Changes => new()
    {
        { "Add-AgentIdentityAppRole", "a1d00000-0000-4000-8000-000000000001 User.Read.All", "" },
        { "Add-AgentUserGroup", $"{User} 'Sales Agents'", "" },
        { "Add-AgentUserSponsor", $"{User} human3@contoso.com", "" },
        { "Clear-AgentUserManager", User, $"Set-AgentUserManager {User} human1@contoso.com" },
        { "Confirm-AgentIdentity", "a1d00000-0000-4000-8000-000000000001", "" },
        { "Disable-AgentUser", User, "" },
        { "Enable-AgentUser", User, $"Disable-AgentUser {User}" },
        { "Grant-AgentIdentityPermission", $"{User} Mail.Send", "" },
        { "Invoke-AgentUserPlan", "$folder/plan.json -Approved $plan.Digest", Exported("Disable") },
        { "Invoke-AgentUserRetirement", User, "" },
        { "Invoke-AgentUserRoster", "$folder/roster.csv", "" },
        { "Move-AgentUserSponsor", "human3@contoso.com human2@contoso.com", $"Add-AgentUserSponsor {User} human3@contoso.com" },
        { "New-AgentUser", "-ParentId a1d00000-0000-4000-8000-000000000001 -Name New -UserPrincipalName new@contoso.com", "" },
        { "Remove-AgentIdentityAppRole", "a1d00000-0000-4000-8000-000000000001 User.Read.All", "Add-AgentIdentityAppRole a1d00000-0000-4000-8000-000000000001 User.Read.All" },
        { "Remove-AgentUser", User, "" },
        { "Remove-AgentUser", $"{User} -Permanent", $"Remove-AgentUser {User} -Confirm:$false" },
        { "Remove-AgentUserGroup", $"{User} 'Sales Agents'", $"Add-AgentUserGroup {User} 'Sales Agents'" },
        { "Remove-AgentUserSponsor", $"{User} human3@contoso.com", $"Add-AgentUserSponsor {User} human3@contoso.com" },
        { "Restore-AgentUser", User, $"Remove-AgentUser {User} -Confirm:$false" },
        { "Revoke-AgentIdentityPermission", $"{User} Mail.Send", $"Grant-AgentIdentityPermission {User} Mail.Send" },
        { "Revoke-AgentUserSession", User, "" },
        { "Set-AgentIdentityBlueprint", "b1a00000-0000-4000-8000-000000000001 -AllowCreation", "" },
        { "Set-AgentUser", $"{User} -City Rome -Department Sales", "" },
        { "Set-AgentUserLicense", $"{User} -Add AGENT_365 -DisabledPlan TEAMS1", "" },
        { "Set-AgentUserLicense", $"{User} -Add AGENT_MESSAGING -Remove AGENT_365", $"Set-AgentUserLicense {User} -Add AGENT_365" },
        { "Set-AgentUserManager", $"{User} human1@contoso.com", "" },
        { "Suspend-AgentUser", $"{User}", "" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_is_planned_is_told_once_and_is_what_is_done(string cmdlet, string arguments, string before)
    {
        using var engine = new Engine();
        Tenant tenant = Prepared(engine, before);
        int writes = tenant.Writes().Count;
        string[] dry = engine.Run("(Get-Command $args[0]).Parameters.ContainsKey('Force')", cmdlet).Output.Single().BaseObject is true ? ["-WhatIf", "-WhatIf -Force"] : ["-WhatIf"];
        foreach (string whatIf in dry)
        {
            int shown = engine.Shown.Length;
            Outcome planned = engine.Run($"{cmdlet} {arguments} {whatIf}");
            // The leaver has a report, too, and nothing of it is changed.
            PSObject report = Assert.Single(planned.Check(), one => (string?)one.Properties["Kind"]?.Value != "Leaver");
            Assert.Contains("AgentUsers.PowerShell.PSAgentUserReport", report.TypeNames);
            Assert.Equal("Planned", report.Properties["Outcome"].Value);
            Assert.NotEqual("", report.Properties["Changes"].Value.ToString());
            string line = Assert.Single(WhatIf().Matches(engine.Shown[shown..])).Value;
            string name = (string)report.Properties["UserPrincipalName"].Value is { Length: > 0 } upn ? upn : (string)report.Properties["DisplayName"].Value;
            Assert.Contains(name, line, StringComparison.Ordinal);
            Assert.InRange(line.Length, 0, 160);
        }
        engine.Host.Screen.Answers.Enqueue("&No");
        engine.Run($"{cmdlet} {arguments} -Confirm").Check();
        Assert.Single(engine.Host.Screen.Questions);
        Assert.Equal(writes, tenant.Writes().Count);
        engine.Run($"{cmdlet} {arguments} -Confirm:$false").Check();
        Assert.Single(engine.Host.Screen.Questions);
        Assert.NotEqual(writes, tenant.Writes().Count);
    }

    /// <summary>Cmdlets that change much at once, each with its arguments, and what there has to be before.</summary>
    public static TheoryData<string, string, string> ManyChanges => new()
    {
        { "Invoke-AgentUserRetirement", $"{User} -LeaveGroups -FreeSeats -AcceptDataLoss", $"Add-AgentUserGroup {User} 'Sales Agents'; Set-AgentUserLicense {User} -Add AGENT_365" },
        {
            "New-AgentUser",
            "-ParentId a1d00000-0000-4000-8000-000000000001 -Name New -UserPrincipalName new@contoso.com -UsageLocation DE -Licenses AGENT_365 -Groups 'Sales Agents' -Sponsors human1@contoso.com -Manager human2@contoso.com",
            ""
        },
        { "Suspend-AgentUser", "-Blueprint b1a00000-0000-4000-8000-000000000001", "" },
        { "Suspend-AgentUser", "-Undo $stopped", "$stopped = Suspend-AgentUser -Blueprint b1a00000-0000-4000-8000-000000000001" },
        { "Restore-AgentUser", "-FromReport $left", $"$left = Invoke-AgentUserRetirement {User} -Confirm:$false -PassThru" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    [MemberData(nameof(ManyChanges))]
    public void What_was_planned_is_what_is_done(string cmdlet, string arguments, string before)
    {
        string[] planned = Changed(cmdlet, arguments, before, "-WhatIf", "", applied: false);
        string[] done = Changed(cmdlet, arguments, before, "-Confirm:$false", "; Get-AgentUserRosterReport", applied: true);
        Assert.NotEmpty(planned);
        Assert.Equal(planned, done);
    }

    /// <summary>The changes of a run in a tenant of its own, each with its object and the members that it has; in the order of their text.</summary>
    private string[] Changed(string cmdlet, string arguments, string before, string how, string reports, bool applied)
    {
        using var engine = new Engine();
        Prepared(engine, before);
        // A plan is of one tenant, and is as old as that.
        PSObject[] output = [.. engine.Run($"$output = {cmdlet} {arguments} {how}{(reports.Length > 0 ? reports : "; $output")}").Check()];
        return
        [
            .. output.SelectMany(
                report => ((IEnumerable)report.Properties["Changes"].Value).Cast<dynamic>(), (report, change) => (Report: report, Change: change))
                .Select(one =>
                {
                    Assert.Equal(applied, (bool)one.Change.Applied);
                    string whom = (string)one.Report.Properties["UserPrincipalName"].Value is { Length: > 0 } name ? name : one.Report.Properties["Id"].Value.ToString()!;
                    return $"{one.Report.Properties["Kind"].Value ?? "AgentUser"} {whom}: {one.Change.Change} {one.Change.Member} from {one.Change.From} to {one.Change.To} without {one.Change.DisabledPlans}";
                }).Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Cmdlet, its arguments, what there has to be before, and whether it asks by itself.</summary>
    public static TheoryData<string, string, string, bool> Questions => new()
    {
        { "Clear-AgentUserManager", User, $"Set-AgentUserManager {User} human1@contoso.com", true },
        { "Remove-AgentUserSponsor", $"{User} human3@contoso.com", $"Add-AgentUserSponsor {User} human3@contoso.com", true },
        { "Remove-AgentUserGroup", $"{User} 'Sales Agents'", $"Add-AgentUserGroup {User} 'Sales Agents'", true },
        { "Set-AgentUserLicense", $"{User} -Add AGENT_365", "", false },
        { "Set-AgentUserLicense", $"{User} -Remove AGENT_365", $"Set-AgentUserLicense {User} -Add AGENT_365", true },
        { "Invoke-AgentUserPlan", "$folder/plan.json -Approved $plan.Digest", Exported("Disable"), false },
        { "Invoke-AgentUserPlan", "$folder/plan.json -Approved $plan.Digest", Exported("Remove"), true },
        { "Invoke-AgentUserPlan", "$folder/plan.json -Approved $plan.Digest", Exported("Retire -Until Disabled"), true },
        { "Invoke-AgentUserPlan", "$folder/plan.json -Approved $plan.Digest", $"Remove-AgentUser {User} -Force; $plan = '{User}' | Export-AgentUserPlan $folder/plan.json -Verb RemovePermanent", true },
        { "Invoke-AgentUserPlan", "$folder/plan.json -Approved $plan.Digest", $"Set-AgentUserLicense {User} -Add AGENT_365; {Exported("License -Remove AGENT_365")}", true },
        { "Remove-AgentUser", User, "", true },
        { "Invoke-AgentUserRetirement", User, "", true },
        { "Suspend-AgentUser", User, "", false },
        { "Move-AgentUserSponsor", "human3@contoso.com human2@contoso.com", $"Add-AgentUserSponsor {User} human3@contoso.com", false },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_question_comes_by_itself_where_something_is_lost(string cmdlet, string arguments, string before, bool asks)
    {
        using var engine = new Engine();
        Tenant tenant = Prepared(engine, before);
        int writes = tenant.Writes().Count;
        if (asks)
        {
            engine.Host.Screen.Answers.Enqueue("&No");
            engine.Run($"{cmdlet} {arguments}").Check();
            Assert.Single(engine.Host.Screen.Questions);
            Assert.Equal(writes, tenant.Writes().Count);
        }
        // A session that wants no questions gets none, and one that wants all of them gets this one.
        engine.Host.Screen.Answers.Enqueue("&No");
        engine.Run($"$ConfirmPreference = 'Medium'; {cmdlet} {arguments}; $ConfirmPreference = 'High'").Check();
        Assert.Equal(asks ? 2 : 1, engine.Host.Screen.Questions.Count);
        Assert.Equal(writes, tenant.Writes().Count);
        engine.Run($"{cmdlet} {arguments} {(asks ? "-Force" : "")}").Check();
        Assert.Equal(asks ? 2 : 1, engine.Host.Screen.Questions.Count);
        Assert.NotEqual(writes, tenant.Writes().Count);
    }

    private static string Exported(string verb) => $"$plan = Get-AgentUser {User} | Export-AgentUserPlan $folder/plan.json -Verb {verb}";

    private Tenant Prepared(Engine engine, string before)
    {
        Tenant tenant = engine.Connect("-AgentUsers 4 -Option @{ groups = @(@{ name = 'Sales Agents' }) }");
        engine.Runspace.SessionStateProxy.SetVariable("folder", _folder);
        File.WriteAllText(Path.Combine(_folder, "roster.csv"), $"identityParentId,displayName,userPrincipalName\n{Tenant.Identity(1)},New,new@contoso.com\n");
        if (before.Length > 0)
            engine.Run(before).Check();
        return tenant;
    }

    [Fact]
    public void The_table_has_every_cmdlet_that_changes_the_tenant()
    {
        using var engine = new Engine();
        // These change files, or a simulator; -ProbeWrites makes something of its own, and has a test of its own.
        string[] others = ["Export-AgentUserReport", "Start-AgentUserSimulator", "Stop-AgentUserSimulator", "Test-AgentUserConnection"];
        IEnumerable<string> all = engine.Run("(Get-Command -Module AgentUser -ParameterName WhatIf).Name").Check().Select(name => name.ToString()!);
        Assert.Equal(all.Order(), Changes.Select(row => (string)row[0]).Distinct().Concat(others).Order());
    }

    [Fact]
    public void A_record_whose_manager_comes_later_and_waits_for_its_parent_is_offered()
    {
        using var engine = new Engine();
        engine.Connect();
        Outcome planned = engine.Run(
            """
            @{ parentId = $args[0]; name = 'One'; manager = 'two@contoso.com' }, @{ parentId = 'a1d00000-0000-4000-8000-00000000ffff'; name = 'Two' } |
                New-AgentUser -Domain contoso.com -WhatIf
            """, Tenant.Identity(1));
        planned.Check();
        Assert.Equal(["one@contoso.com", "two@contoso.com"], planned.Values("UserPrincipalName"));
        Assert.Contains("wait for the agent user that is the manager", engine.Shown);
        Assert.Contains("wait for the agent identity and create its agent user", engine.Shown);
    }

    [GeneratedRegex("^What if: .*$", RegexOptions.Multiline)]
    private static partial Regex WhatIf();
}
