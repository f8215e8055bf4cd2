using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The cmdlets of operations: $args[0] is the operation, $args[1] the file beside it.</summary>
internal static class CmdletScripts
{
    private const string Identity = "Get-AgentIdentity $args[0].agentIdentityId -SkipParentCheck";

    /// <summary>The members that name an agent, which are parameters and aliases of the same names.</summary>
    private static readonly string[] s_holders = ["user", "agentIdentityId", "blueprint"];

    private static readonly string[] s_limits = ["maxBytes", "maxRows", "maxErrors"];

    /// <summary>Cmdlets that change one agent user: the operation, its script, and the members that this uses.</summary>
    private static readonly Dictionary<string, (string Script, string[] Members)> s_changes = new()
    {
        ["delete"] = ("Remove-AgentUser $args[0].user -Confirm:$false", []),
        ["purge"] = ("Remove-AgentUser $args[0].user -Permanent -Confirm:$false", []),
        ["restore"] = (
            "$more = @{}; if ($args[0].newUserPrincipalName) { $more.NewUserPrincipalName = $args[0].newUserPrincipalName }; Restore-AgentUser $args[0].user -AutoReconcileProxyConflict:([bool] $args[0].autoReconcileProxyConflict) @more",
            ["newUserPrincipalName", "autoReconcileProxyConflict"]),
        ["revokeSessions"] = ("Revoke-AgentUserSession $args[0].user", []),
        ["attest"] = ("Confirm-AgentIdentity $args[0].agentIdentityId", ["agentIdentityId"]),
        ["update"] = (
            """
            $set = @{}; $clear = @()
            foreach ($change in $args[0].changes.GetEnumerator()) { if ($null -eq $change.Value) { $clear += $change.Key } else { $set[$change.Key] = $change.Value } }
            if ($clear) { $set.Clear = $clear }
            Set-AgentUser $args[0].user @set
            """, ["changes"]),
        ["setManager"] = ("Set-AgentUserManager $args[0].user $args[0].manager", ["manager"]),
        ["clearManager"] = ("Clear-AgentUserManager $args[0].user -Confirm:$false", []),
        ["addSponsor"] = ("Add-AgentUserSponsor $args[0].user $args[0].sponsor", ["sponsor"]),
        ["removeSponsor"] = ("Remove-AgentUserSponsor $args[0].user $args[0].sponsor -Confirm:$false", ["sponsor"]),
        ["addToGroup"] = ("Add-AgentUserGroup $args[0].user $args[0].group", ["group"]),
        ["removeFromGroup"] = ("Remove-AgentUserGroup $args[0].user $args[0].group -Confirm:$false", ["group"]),
        ["changeLicenses"] = (
            """
            $plans = @{}
            $add = foreach ($one in $args[0]['add']) { if ($one -is [string]) { $one } else { $one.sku; if ($one.disabledPlans) { $plans.DisabledPlan = $one.disabledPlans }; if ($one.enabledPlans) { $plans.EnabledPlan = $one.enabledPlans } } }
            Set-AgentUserLicense $args[0].user -Add $add -Remove $args[0]['remove'] @plans -Confirm:$false
            """, ["add", "remove"]),
        ["retire"] = (Splat("until", "acceptDataLoss", "leaveGroups") + "Invoke-AgentUserRetirement $args[0].user @more -Confirm:$false", ["until", "acceptDataLoss", "leaveGroups"]),
        ["waitReady"] = ("Wait-AgentUser $args[0].user -For @($args[0].readiness.Keys)", ["readiness"]),
    };

    /// <summary>The cmdlets of the verbs of plans.</summary>
    private static readonly Dictionary<string, string> s_verbs = new()
    {
        ["delete"] = "Remove-AgentUser",
        ["restore"] = "Restore-AgentUser",
        ["purge"] = "Remove-AgentUser -Permanent",
        ["enable"] = "Enable-AgentUser",
        ["disable"] = "Disable-AgentUser",
        ["license"] = "Set-AgentUserLicense",
        ["retire"] = "Invoke-AgentUserRetirement",
    };

    /// <summary>The script of an operation; null without a cmdlet.</summary>
    internal static string? Of(JsonObject operation) => (string)operation["operation"]! == "many" ? Together(operation) : Single(operation);

    /// <summary>The script of operations that are the same but for their users, which a cmdlet takes from the pipeline; null for others.</summary>
    private static string? Together(JsonObject many)
    {
        JsonObject[] each = [.. many["operations"]!.AsArray().Select(one => (JsonObject)one!.DeepClone())];
        foreach (JsonObject one in each)
            one["user"] = "";
        bool areAlike = each.All(one => JsonNode.DeepEquals(one, each[0])) && Knows(many, "operations", "atOnce");
        if (!areAlike || Single(each[0]) is not { } script)
            return null;
        string bound = many["atOnce"] is null ? "" : " -ThrottleLimit $all.atOnce";
        return $"$all = $args[0]; $one = $all.operations[0]; $one.user = @($all.operations | ForEach-Object {{ $_.user }}); {script.Replace("$args[0]", "$one", StringComparison.Ordinal)}{bound}";
    }

    private static string? Single(JsonObject operation)
    {
        string name = (string)operation["operation"]!;
        string dry = (bool?)operation["dryRun"] == true ? " -WhatIf" : "";
        if (s_changes.TryGetValue(name, out (string Script, string[] Members) change))
            return Knows(operation, [.. change.Members, "user", "dryRun"]) ? $"{change.Script} -PassThru{dry}" : null;
        return name switch
        {
            "verifyParent" when Knows(operation, "identityParentId") => "Get-AgentIdentity $args[0].identityParentId",
            "findByParent" when Knows(operation, "identityParentId") => "Get-AgentUser -IdentityParentId $args[0].identityParentId",
            "get" when Knows(operation, "user", "select") =>
                "Get-AgentUser $args[0].user" + (operation["select"] is null ? "" : " -Property $args[0].select"),
            "list" when Knows(operation, "pageSize", "filter", "select") => Listed(operation),
            "listDeleted" when Knows(operation) => "Get-AgentUser -Deleted",
            "create" when Knows(operation, "agentUser", "domain") => "$row = $args[0].agentUser; New-AgentUser @row -Domain $args[0].domain",
            // A roster of one row.
            "provision" when Knows(operation, "agentUser", "readiness", "dryRun") =>
                "$more = @{}; if ($args[0].readiness) { $more.Wait = $args[0].readiness.Keys -join ',' }; $args[0].agentUser | Invoke-AgentUserRoster @more" + dry,
            "access" when Knows(operation, "user") => "Get-AgentUserAccess $args[0].user",
            "manager" when Knows(operation, "user") => "Get-AgentUserManager $args[0].user",
            "sponsors" when Knows(operation, "user") => "Get-AgentUserSponsor $args[0].user",
            "sponsored" when Knows(operation, "person") =>
                "$whose = if ($args[0].person) { @{ SponsoredBy = $args[0].person } } else { @{ Mine = $true } }; Get-AgentUser @whose; Get-AgentIdentity @whose",
            "groups" when Knows(operation, "user") => "Get-AgentUserGroup $args[0].user",
            "licenses" when Knows(operation, "user") => "Get-AgentUserLicense $args[0].user",
            "skus" when Knows(operation) => "Get-AgentUserSku",
            "applyRoster" when Knows(operation, ["dryRun", .. s_limits]) => "Invoke-AgentUserRoster -LiteralPath $args[1]"
                + string.Concat(s_limits.Where(limit => operation[limit] is not null).Select(limit => $" -{limit} $args[0].{limit}")) + dry,
            _ => OfParents(name, operation) ?? OfPermissions(name, operation, dry) ?? OfPlans(name, operation, dry) ?? OfChecks(name, operation),
        };
    }

    /// <summary>Operations on agent identities and blueprints.</summary>
    private static string? OfParents(string name, JsonObject operation) => name switch
    {
        "identity" when Knows(operation, "agentIdentityId") => Identity,
        "identitySponsors" when Knows(operation, "agentIdentityId") => $"({Identity} -Property Sponsors).Sponsors",
        "identityOwners" when Knows(operation, "agentIdentityId") => $"({Identity} -Property Owners).Owners",
        "lifecycle" when Knows(operation, "agentIdentityId") => $"({Identity} -Property Lifecycle).Lifecycle",
        "listIdentities" when Knows(operation, "pageSize", "withoutAgentUser", "blueprint", "displayNameStartsWith", "accountEnabled") =>
            """
            $more = @{}
            if ($args[0].pageSize) { $more.PageSize = $args[0].pageSize }
            if ($args[0].withoutAgentUser) { $more.WithoutAgentUser = $true }
            if ($args[0].blueprint) { $more.BlueprintId = $args[0].blueprint }
            if ($args[0].displayNameStartsWith) { $more.DisplayName = $args[0].displayNameStartsWith + '*' }
            if ($null -ne $args[0].accountEnabled) { $more[$(if ($args[0].accountEnabled) { 'Enabled' } else { 'Disabled' })] = $true }
            Get-AgentIdentity @more
            """,
        "listBlueprints" when Knows(operation, "displayNameStartsWith") =>
            "Get-AgentIdentityBlueprint" + (operation["displayNameStartsWith"] is null ? "" : " -DisplayName ($args[0].displayNameStartsWith + '*')"),
        "blueprint" when Knows(operation, "blueprint") => "Get-AgentIdentityBlueprint $args[0].blueprint",
        "verifyBlueprint" when Knows(operation, "blueprint") => "Get-AgentIdentityBlueprint $args[0].blueprint -Chain",
        _ => null,
    };

    /// <summary>Operations on the permissions of agents.</summary>
    private static string? OfPermissions(string name, JsonObject operation, string dry)
    {
        string? cmdlet = name switch
        {
            "permissions" when Knows(operation, s_holders) => "Get-AgentIdentityPermission",
            "grantPermission" when Knows(operation, [.. s_holders, "allPrincipals", "scopes", "dryRun"]) => "Grant-AgentIdentityPermission -Scope $args[0].scopes -PassThru",
            "revokePermission" when Knows(operation, [.. s_holders, "allPrincipals", "scopes", "dryRun"]) => "Revoke-AgentIdentityPermission -Scope $args[0].scopes -PassThru -Confirm:$false",
            "assignAppRole" when Knows(operation, [.. s_holders, "appRole", "dryRun"]) => "Add-AgentIdentityAppRole -AppRole $args[0].appRole -PassThru",
            "removeAppRole" when Knows(operation, [.. s_holders, "appRole", "dryRun"]) => "Remove-AgentIdentityAppRole -AppRole $args[0].appRole -PassThru -Confirm:$false",
            "allowCreation" when Knows(operation, "blueprint", "dryRun") => "Set-AgentIdentityBlueprint $args[0].blueprint -AllowCreation -PassThru",
            "inheritPermissions" when Knows(operation, "blueprint", "inheritableScopes", "inheritableRoles", "dryRun") =>
                Splat("inheritableScopes", "inheritableRoles") + "Set-AgentIdentityBlueprint $args[0].blueprint @more -PassThru -Confirm:$false",
            "waitPermission" when Knows(operation, "permission") => "Wait-AgentIdentityPermission $args[0].permission -PassThru",
            _ => null,
        };
        bool isOfAgents = cmdlet is not null && name is not ("allowCreation" or "inheritPermissions" or "waitPermission");
        return cmdlet is null ? null : isOfAgents ? Splat([.. s_holders, "allPrincipals"]) + cmdlet + " @more" + dry : cmdlet + dry;
    }

    /// <summary>
    /// Operations that plan, apply plans, stop, and take back. Beside a plan that is made there are the reports of the cmdlet that makes the
    /// same changes, with -WhatIf.
    /// </summary>
    private static string? OfPlans(string name, JsonObject operation, string dry) => name switch
    {
        "plan" when Knows(operation, "verb", "users", "add", "autoReconcileProxyConflict", "until", "acceptDataLoss", "leaveGroups") =>
            Splat("add", "autoReconcileProxyConflict", "until", "acceptDataLoss", "leaveGroups") + "$verb = @{ delete = 'Remove'; purge = 'RemovePermanent' }[$args[0].verb]; if (-not $verb) { $verb = $args[0].verb }; "
            + Written("($plan = $args[0].users | Export-AgentUserPlan $file -Verb $verb @more)")
                + $"\nif ($plan) {{ $args[0].users | {s_verbs[(string)operation["verb"]!]} @more -WhatIf -ErrorAction Ignore }}",
        "planRoster" when Knows(operation) =>
            Written("($plan = Export-AgentUserPlan $file -Roster $args[1])") + "\nif ($plan) { Invoke-AgentUserRoster -LiteralPath $args[1] -WhatIf -ErrorAction Ignore }",
        "planHandover" when Knows(operation, "leavers") && operation["leavers"]!.AsArray().All(leaver => ((string)leaver!).Contains(',')) =>
            """
            $leavers = $args[0].leavers | ForEach-Object { $from, $to = $_.Split(','); [pscustomobject]@{ From = $from; To = $to } }
            $leavers | Move-AgentUserSponsor -WhatIf

            """ + Written("$leavers | Move-AgentUserSponsor -PlanPath $file -ErrorAction Ignore"),
        "applyPlan" when Knows(operation, "approved", "dryRun") => "Invoke-AgentUserPlan $args[1] -Approved $args[0].approved -Confirm:$false" + dry,
        "contain" when Stopped(operation) is { } script => script + dry,
        "planContain" when Stopped(operation) is { } script => $"{script} -WhatIf\n" + Written($"{script} -PlanPath $file -ErrorAction Ignore"),
        "restoreReported" when Knows(operation) => "Suspend-AgentUser -Undo $args[1]",
        _ => null,
    };

    /// <summary>Operations that tell of the tenant and the caller.</summary>
    private static string? OfChecks(string name, JsonObject operation) => name switch
    {
        "audit" when Knows(operation, "rules", "snapshot") =>
            Written("Invoke-AgentUserAudit -Summary -SaveSnapshot $file -Rule $args[0].rules; [IO.File]::ReadAllText($file)"),
        "auditSnapshot" when Knows(operation, "rules") => "Invoke-AgentUserAudit -Summary -SnapshotPath $args[1]" + (operation["rules"] is null ? "" : " -Rule $args[0].rules"),
        "doctor" when Knows(operation, "operations") => "Test-AgentUserConnection -Operation $args[0].operations",
        "doctor" when Knows(operation, "probe") => "Test-AgentUserConnection -Probe",
        "doctor" when Knows(operation, "probeWrites") => "Test-AgentUserConnection -ProbeWrites $args[0].probeWrites -Confirm:$false",
        "requiredPermissions" when Knows(operation, "operations") =>
            "if ([IO.FileInfo]::new($args[1]).Length) { Get-AgentUserPermission -Roster $args[1] } else { Get-AgentUserPermission -Operation @($args[0].operations | Where-Object { $_ }) }",
        _ => null,
    };

    /// <summary>Suspend-AgentUser of one target; null where there is none, or more than its parameters take together.</summary>
    private static string? Stopped(JsonObject operation)
    {
        string[] targets = ["user", "agentIdentityId", "blueprint"];
        string[] given = [.. targets.Where(target => operation[target] is not null)];
        if (given.Length != 1 || !Knows(operation, [.. targets, "except", "dryRun"]))
            return null;
        string parameter = given[0] switch { "user" => "Id", "blueprint" => "Blueprint", _ => "AgentIdentity" };
        return $"Suspend-AgentUser -{parameter} $args[0].{given[0]}" + (operation["except"] is null ? "" : " -Except $args[0].except");
    }

    /// <summary>Members of the operation as parameters of the same names, in $more.</summary>
    private static string Splat(params string[] members) =>
        $"$more = @{{}}; foreach ($name in '{string.Join("', '", members)}') {{ if ($args[0].ContainsKey($name)) {{ $more[$name] = $args[0][$name] }} }}; ";

    /// <summary>A script that writes $file, which is gone afterwards.</summary>
    private static string Written(string script) => $"$file = [IO.Path]::GetTempFileName(); try {{ {script} }} finally {{ [IO.File]::Delete($file) }}";

    private static string? Listed(JsonObject operation)
    {
        // Those of a parent are a set of parameters of their own.
        if (operation["filter"]?["identityParentId"] is not null && Knows(operation, "filter") && operation["filter"]!.AsObject().Count == 1)
            return "Get-AgentUser -IdentityParentId $args[0].filter.identityParentId";
        string script = "Get-AgentUser -All";
        foreach ((string member, JsonNode? value) in operation["filter"]?.AsObject() ?? [])
        {
            string? filter = member switch
            {
                "accountEnabled" => (bool)value! ? " -Enabled" : " -Disabled",
                "displayNameStartsWith" => " -DisplayName ($args[0].filter.displayNameStartsWith + '*')",
                "userPrincipalNameStartsWith" => " -UserPrincipalName ($args[0].filter.userPrincipalNameStartsWith + '*')",
                "skuId" => null,
                _ => $" -{member} $args[0].filter.{member}",
            };
            if (filter is null)
                return null;
            script += filter;
        }
        return script + (operation["pageSize"] is null ? "" : " -PageSize $args[0].pageSize") + (operation["select"] is null ? "" : " -Property $args[0].select");
    }

    private static bool Knows(JsonObject operation, params string[] members) =>
        operation.All(member => member.Key == "operation" || members.Contains(member.Key));
}
