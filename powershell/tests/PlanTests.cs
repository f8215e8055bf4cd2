using System.Management.Automation;
using System.Text.Json.Nodes;
using AgentUsers.PowerShell.Host;

namespace AgentUsers.PowerShell.Tests;

public sealed class PlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentuser-plans").FullName;

    [Fact]
    public void A_plan_is_exported_looked_at_and_makes_only_what_was_approved()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 4");
        PSObject plan = engine.Run("(Get-AgentUser)[0..2] | Export-AgentUserPlan $args[0] -Verb Disable", Plan).Check().Single();
        Assert.Equal(("Disable", 3), (plan.Properties["Verb"].Value, plan.Properties["Objects"].Value));
        string digest = (string)plan.Properties["Digest"].Value;
        PSObject read = engine.Run("Import-AgentUserPlan $args[0]", Plan).Check().Single();
        Assert.Equal(digest, read.Properties["Digest"].Value);
        Assert.Equal(
            ["set accountEnabled from true to false", "set accountEnabled from true to false", "set accountEnabled from true to false"],
            engine.Run("(Import-AgentUserPlan $args[0]).Changes", Plan).Values("Change").Select(change => change!.ToString()));
        Assert.Empty(tenant.Writes());

        ErrorRecord unapproved = engine.Run("Invoke-AgentUserPlan $args[0]", Plan).Error;
        Assert.StartsWith("PlanNotApproved,", unapproved.FullyQualifiedErrorId);
        Assert.Contains($"(Import-AgentUserPlan {Plan}).Changes", unapproved.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        // A dry run needs no approval.
        Assert.Equal(["Planned", "Planned", "Planned"], engine.Run("Invoke-AgentUserPlan $args[0] -WhatIf", Plan).Values("Outcome"));
        Assert.Equal("PlanNotApproved", Code(engine.Run("Invoke-AgentUserPlan $args[0] -Approved $args[1]", Plan, new string('0', 64))));
        Outcome dry = engine.Run("Import-AgentUserPlan $args[0] | Invoke-AgentUserPlan -Approved $args[1] -WhatIf", Plan, digest);
        dry.Check();
        Assert.Equal(["Planned", "Planned", "Planned"], dry.Values("Outcome"));
        Assert.Matches(@"What if: \S+@contoso\.com: disable\r?\n", engine.Shown);
        Assert.Empty(tenant.Writes());

        // The second object alone is approved.
        Answer(engine, "&No", "&Yes", "&No");
        Outcome some = engine.Run("Invoke-AgentUserPlan $args[0] -Approved $args[1] -Confirm", Plan, digest);
        some.Check();
        Assert.Equal(["Changed", "Planned", "Planned"], some.Values("Outcome").Order());
        Assert.Single(tenant.Writes());
        Outcome rest = engine.Run("Invoke-AgentUserPlan $args[0] -Approved $args[1]", Plan, digest);
        rest.Check();
        Assert.Equal(["Changed", "Changed", "Unchanged"], rest.Values("Outcome").Order());
        Assert.Equal(3, tenant.Writes().Count);
    }

    [Fact]
    public void What_can_not_be_planned_is_an_error_and_not_in_the_plan()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        Outcome outcome = engine.Run("'first.agent@contoso.com', 'nobody@contoso.com' | Export-AgentUserPlan $args[0] -Verb License -Add AGENT_365", Plan);
        Assert.Equal("NotFound", Code(outcome));
        Assert.Equal(1, outcome.Output.Single().Properties["Objects"].Value);
        Assert.Equal("FileExists", Code(engine.Run("'first.agent@contoso.com' | Export-AgentUserPlan $args[0] -Verb Disable -NoClobber", Plan)));
        Assert.Equal("VerbMissing", Code(engine.Run("'first.agent@contoso.com' | Export-AgentUserPlan $args[0]", Plan)));
        File.Delete(Plan);
        Assert.Empty(engine.Run("@() | Export-AgentUserPlan $args[0]", Plan).Check());
        Assert.False(File.Exists(Plan));
        Assert.Equal("AgentUserMissing", Code(engine.Run("Export-AgentUserPlan $args[0] -Verb Disable", Plan)));
        Assert.Equal("PathMissing", Code(engine.Run("'first.agent@contoso.com' | Export-AgentUserPlan -Verb Disable")));
        File.WriteAllText(Plan, "{\"kind\":\"other\"}");
        Assert.Equal("PlanUnreadable", Code(engine.Run("Import-AgentUserPlan $args[0]", Plan)));
        Assert.Equal("PlanUnreadable", Code(engine.Run("Invoke-AgentUserPlan $args[0] -Approved x", Plan)));
    }

    /// <summary>Plans name the verbs as cmdlets do.</summary>
    [Fact]
    public void Removing_is_planned_by_its_own_name()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        PSObject removal = engine.Run("Get-AgentUser first.agent@contoso.com | Export-AgentUserPlan $args[0] -Verb Remove", Plan).Check().Single();
        Assert.Equal(("Remove", 1), (removal.Properties["Verb"].Value, removal.Properties["Objects"].Value));
        engine.Run("Import-AgentUserPlan $args[0] | ForEach-Object { $_ | Invoke-AgentUserPlan -Approved $_.Digest -Force }", Plan).Check();
        PSObject purge = engine.Run("Get-AgentUser -Deleted | Export-AgentUserPlan $args[0] -Verb RemovePermanent", Plan).Check().Single();
        Assert.Equal("RemovePermanent", purge.Properties["Verb"].Value);
        engine.Run("Import-AgentUserPlan $args[0] | ForEach-Object { $_ | Invoke-AgentUserPlan -Approved $_.Digest -Force }", Plan).Check();
        Assert.Empty(engine.Run("Get-AgentUser -Deleted").Check());
        Assert.All(engine.Run("[enum]::GetNames([AgentUsers.PowerShell.PlannedVerb])").Check().Select(verb => verb.ToString()), verb => Assert.Equal(
            verb is "Restore" or "RemovePermanent" ? "DeletedItemNotFound" : "NotFound", Code(engine.Run($"'nobody@contoso.com' | Export-AgentUserPlan $args[0] -Verb {verb} {(verb == "License" ? "-Add AGENT_365" : "")}", Plan))));
        ErrorRecord made = engine.Run("[AgentUsers.PowerShell.PSAgentUserPlan]@{ Verb = 'Remove' } | Invoke-AgentUserPlan -Approved abc").Error;
        Assert.Equal((true, true), (made.FullyQualifiedErrorId.StartsWith("PlanUnreadable,", StringComparison.Ordinal), char.IsUpper(made.ErrorDetails.Message[0])));
    }

    [Fact]
    public void The_error_of_an_object_of_the_pipeline_has_its_sign_in_name()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        const string Script =
            "$gone = Get-AgentUser first.agent@contoso.com; $gone | Remove-AgentUser -Force | Out-Null; $gone | Export-AgentUserPlan $args[0] -Verb Disable";
        ErrorRecord error = engine.Run(Script, Plan).Error;
        Assert.StartsWith("NotFound,", error.FullyQualifiedErrorId);
        Assert.Equal("There is no user first.agent@contoso.com.", error.ErrorDetails.Message);
        Assert.Equal("first.agent@contoso.com", ((dynamic)error.TargetObject).UserPrincipalName);
    }

    [Fact]
    public void A_roster_is_planned_and_applied_from_the_plan_alone()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        string roster = Path.Combine(Repository.Root, "tests", "flows", "twelve.csv");
        PSObject plan = engine.Run("Export-AgentUserPlan $args[0] -Roster $args[1]", Plan, roster).Check().Single();
        Assert.Equal(("Roster", 12), (plan.Properties["Verb"].Value, plan.Properties["Objects"].Value));
        Assert.Equal(0, (int)tenant.Stats()["agentUsersCreated"]!);
        Outcome applied = engine.Run("Import-AgentUserPlan $args[0] | Invoke-AgentUserPlan -Approved $args[1]", Plan, plan.Properties["Digest"].Value);
        applied.Check();
        Assert.Equal(12, applied.Values("Outcome").Count(outcome => (string)outcome! == "Created"));
        Assert.Equal(12, (int)tenant.Stats()["agentUsersCreated"]!);
    }

    [Fact]
    public void Findings_that_are_piped_become_a_plan_of_these_alone()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        engine.Run("Get-AgentUser | Export-AgentUserPlan $args[0] -Verb License -Add AGENT_365 | ForEach-Object { $null = $_ | Invoke-AgentUserPlan -Approved $_.Digest }", Plan).Check();
        engine.Run("Get-AgentUser | Export-AgentUserPlan $args[0] -Verb Disable | ForEach-Object { $null = $_ | Invoke-AgentUserPlan -Approved $_.Digest }", Plan).Check();
        Assert.Equal(3, engine.Run("($found = Invoke-AgentUserAudit -Rule disabled-and-licensed)").Check().Count);
        PSObject plan = engine.Run("$found[0..1] | Export-AgentUserPlan $args[0]", Plan).Check().Single();
        Assert.Equal(("Audit", 2), (plan.Properties["Verb"].Value, plan.Properties["Objects"].Value));
        engine.Run("Import-AgentUserPlan $args[0] | Invoke-AgentUserPlan -Approved $args[1] -Confirm:$false", Plan, plan.Properties["Digest"].Value).Check();
        Assert.Single(engine.Run("Invoke-AgentUserAudit -Rule disabled-and-licensed").Check());
        Assert.NotEmpty(tenant.Writes());
    }

    [Fact]
    public void Retiring_tells_what_is_lost_before_it_changes_anything()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        const string Losses = "$null = Invoke-AgentUserRetirement first.agent@contoso.com -WarningVariable told {0}; $told";
        Assert.Contains("RetirementLoses", Assert.Single(engine.Run(string.Format(null, Losses, "-WhatIf")).Check()).ToString());
        Assert.Empty(tenant.Writes());
        Answer(engine, "&No");
        engine.Run("Invoke-AgentUserRetirement first.agent@contoso.com").Check();
        Assert.Empty(tenant.Writes());
        Assert.Equal("acceptDataLoss", ((dynamic)engine.Run("Invoke-AgentUserRetirement first.agent@contoso.com -Until Purged -Force").Error.Exception).Problem.Field);
        Outcome retired = engine.Run("'first.agent@contoso.com' | Invoke-AgentUserRetirement -Until Disabled -Force -PassThru");
        retired.Check();
        Assert.Equal(["Changed"], retired.Values("Outcome"));
        Assert.Equal(2, tenant.Writes().Count);
        Assert.Empty(engine.Run("Invoke-AgentUserRetirement first.agent@contoso.com -Until Disabled -Force").Check());
    }

    [Fact]
    public void Sponsors_and_managers_are_handed_over()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        JsonNode human = tenant.State()["users"]!.AsArray().Single(user => (string?)user!["userPrincipalName"] == "human1@contoso.com")!;
        tenant.Graph("/users/first.agent@contoso.com/sponsors/$ref", new JsonObject { ["@odata.id"] = $"https://graph.microsoft.com/v1.0/users/{human["id"]}" });
        int before = tenant.Writes().Count;
        Outcome dry = engine.Run("Move-AgentUserSponsor human1@contoso.com human2@contoso.com -WhatIf");
        dry.Check();
        Assert.Contains("first.agent@contoso.com", dry.Values("UserPrincipalName"));
        Assert.Equal(["Leaver"], dry.Output.Where(one => (string)one.Properties["Outcome"].Value == "Unchanged").Select(one => one.Properties["Kind"].Value));
        int objects = dry.Values("Outcome").Count(outcome => (string)outcome! == "Planned");
        Assert.Equal(before, tenant.Writes().Count);
        Answer(engine, "No to A&ll");
        Outcome declined = engine.Run("Move-AgentUserSponsor human1@contoso.com human2@contoso.com -Confirm");
        declined.Check();
        Assert.Equal(objects, declined.Values("Outcome").Count(outcome => (string)outcome! == "Planned"));
        Assert.Equal(before, tenant.Writes().Count);
        Outcome moved = engine.Run("[pscustomobject]@{ From = 'human1@contoso.com'; To = 'human2@contoso.com' } | Move-AgentUserSponsor -Only Sponsor");
        moved.Check();
        Assert.Equal(objects, moved.Values("Outcome").Count(outcome => (string)outcome! == "Changed"));
        Assert.Equal(before + (2 * objects), tenant.Writes().Count);
        PSObject plan = engine.Run("Move-AgentUserSponsor human2@contoso.com human1@contoso.com -PlanPath $args[0]", Plan).Check().Single();
        Assert.Equal(("Handover", objects), (plan.Properties["Verb"].Value, plan.Properties["Objects"].Value));
        Assert.Equal(before + (2 * objects), tenant.Writes().Count);
        File.Delete(Plan);
        engine.Run("Move-AgentUserSponsor human2@contoso.com human1@contoso.com -PlanPath $args[0] -WhatIf", Plan).Check();
        Assert.False(File.Exists(Plan));
        Assert.Equal("LeaverMissing", Code(engine.Run("Move-AgentUserSponsor human1@contoso.com")));
        Assert.Equal("NotFound", Code(engine.Run("Move-AgentUserSponsor nobody@contoso.com human2@contoso.com")));
    }

    [Fact]
    public void What_is_stopped_is_kept_in_a_file_and_taken_back_by_it()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 2");
        const string Stop = "$file = $args[0]; Get-AgentUser -UserPrincipalName first.agent@contoso.com | ForEach-Object { Suspend-AgentUser -AgentIdentity $_.IdentityParentId -ReportPath $file OPTIONS }";
        Outcome dry = engine.Run(Stop.Replace("OPTIONS", "-WhatIf"), Plan);
        dry.Check();
        Assert.Equal((2, 0), (dry.Output.Count, tenant.Writes().Count));
        Assert.False(File.Exists(Plan));
        Outcome stopped = engine.Run(Stop.Replace("OPTIONS", ""), Plan);
        stopped.Check();
        Assert.Equal(["Changed", "Changed"], stopped.Values("Outcome"));
        Assert.Equal(2, File.ReadAllLines(Plan).Length);
        Assert.Equal(false, engine.Run("(Get-AgentUser first.agent@contoso.com).AccountEnabled").Check().Single().BaseObject);
        int writes = tenant.Writes().Count;
        Assert.Equal(2, engine.Run("Suspend-AgentUser -Undo $args[0] -WhatIf", Plan).Check().Count);
        Assert.Equal(writes, tenant.Writes().Count);
        // The first of the two alone is taken back.
        Answer(engine, "&Yes", "&No");
        engine.Run("Suspend-AgentUser -Undo $args[0] -Confirm", Plan).Check();
        Assert.Equal(writes + 1, tenant.Writes().Count);
        engine.Run("Suspend-AgentUser -Undo $args[0]", Plan).Check();
        Assert.Equal(true, engine.Run("(Get-AgentUser first.agent@contoso.com).AccountEnabled").Check().Single().BaseObject);

        // Reports of the session are taken back as they are; an account of -Except is never stopped.
        engine.Run("$stopped = Suspend-AgentUser first.agent@contoso.com; Suspend-AgentUser -Undo $stopped").Check();
        Assert.Equal(true, engine.Run("(Get-AgentUser first.agent@contoso.com).AccountEnabled").Check().Single().BaseObject);
        Assert.Equal("NeverStopped", Code(engine.Run("Suspend-AgentUser first.agent@contoso.com -Except first.agent@contoso.com")));
        int made = tenant.Writes().Count;
        PSObject plan = engine.Run("Suspend-AgentUser first.agent@contoso.com -PlanPath $args[0]", Plan).Check().Single();
        Assert.Equal(("Contain", made), (plan.Properties["Verb"].Value, tenant.Writes().Count));
        Assert.Equal("FileExists", Code(engine.Run("Suspend-AgentUser first.agent@contoso.com -PlanPath $args[0] -NoClobber", Plan)));
        string before = File.ReadAllText(Plan);
        Assert.Equal("OnePlanForSeveral", Code(engine.Run("Suspend-AgentUser agent25@contoso.com, first.agent@contoso.com -PlanPath $args[0]", Plan)));
        Assert.Equal("OnePlanForSeveral", Code(engine.Run("'agent25@contoso.com', 'first.agent@contoso.com' | Suspend-AgentUser -PlanPath $args[0]", Plan)));
        // The reports of an earlier run are not emptied by one that stops nothing.
        ErrorRecord pair = engine.Run("Suspend-AgentUser first.agent@contoso.com -PlanPath other.json -ReportPath $args[0]", Plan).Error;
        Assert.Equal(("Contradiction", true), (pair.FullyQualifiedErrorId.Split(',')[0], pair.ErrorDetails.RecommendedAction.Contains("-ReportPath", StringComparison.Ordinal)));
        Assert.Equal(before, File.ReadAllText(Plan));
        Assert.Equal("Contradiction", Code(engine.Run("Suspend-AgentUser -Undo $args[0] -ReportPath $args[0]", Plan)));
        Assert.Equal(before, File.ReadAllText(Plan));
        engine.Run("Suspend-AgentUser agent25@contoso.com -PlanPath $args[0] -WhatIf", Plan).Check();
        Assert.Equal(before, File.ReadAllText(Plan));
        Assert.Contains("What if: Performing the operation \"Write the plan\" on target", engine.Shown, StringComparison.Ordinal);
        Assert.Equal("TargetMissing", Code(engine.Run("Suspend-AgentUser")));
    }

    [Fact]
    public void Reports_of_a_file_are_undone_by_the_cmdlet_that_restores()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        engine.Run("$stopped = Suspend-AgentUser first.agent@contoso.com -ReportPath $args[0]", Plan).Check();
        Outcome undone = engine.Run("Restore-AgentUser -FromReport $args[0] -PassThru", Plan);
        undone.Check();
        Assert.Equal(["Changed"], undone.Values("Outcome"));
        Assert.Equal(true, engine.Run("(Get-AgentUser first.agent@contoso.com).AccountEnabled").Check().Single().BaseObject);
        File.WriteAllText(Plan, "no reports");
        Assert.Equal("ReportUnreadable", Code(engine.Run("Restore-AgentUser -FromReport $args[0]", Plan)));
        // A text of the pipeline is an agent user.
        Assert.Equal("DeletedItemNotFound", Code(engine.Run("'nobody@contoso.com' | Restore-AgentUser")));
    }

    [Fact]
    public void Objects_that_are_piped_are_stopped_as_what_they_are()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        // Objects of another session or of a file: the same properties, and no type of the module.
        engine.Run("$bare = { $copy = @{}; foreach ($one in $_.PSObject.Properties) { $copy[$one.Name] = \"$($one.Value)\" }; [pscustomobject] $copy }").Check();
        const string Blueprint = "@(Get-AgentIdentityBlueprint)[0]";
        IEnumerable<object?> Kinds(string script)
        {
            Outcome outcome = engine.Run($"{script} | Suspend-AgentUser -WhatIf");
            outcome.Check();
            return outcome.Values("Kind").Select(kind => kind ?? "AgentUser");
        }
        object?[] below = [.. Kinds(Blueprint)];
        Assert.Equal("BlueprintPrincipal", below[0]);
        Assert.Contains("AgentUser", below);
        Assert.Equal(below, Kinds($"{Blueprint} | ForEach-Object $bare"));
        const string Identity = "Get-AgentUser -UserPrincipalName first.agent@contoso.com | ForEach-Object { Get-AgentIdentity $_.IdentityParentId }";
        Assert.Equal(["AgentIdentity", "AgentUser"], Kinds(Identity));
        Assert.Equal(["AgentIdentity", "AgentUser"], Kinds($"{Identity} | ForEach-Object $bare"));
        Assert.Equal(["AgentUser"], Kinds("Get-AgentUser -UserPrincipalName first.agent@contoso.com"));
        Assert.Equal(["AgentUser"], Kinds("Get-AgentUser first.agent@contoso.com | ForEach-Object $bare"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Plan => Path.Combine(_folder, "plan.json");

    private static string Code(Outcome outcome) => outcome.Error.FullyQualifiedErrorId.Split(',')[0];

    private static void Answer(Engine engine, params string[] labels) => Array.ForEach(labels, ((ScriptHostUI)engine.Host.UI).Answers.Enqueue);
}
