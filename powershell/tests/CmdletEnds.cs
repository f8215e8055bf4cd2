using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentUsers.Tests;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The ends of operations as the JSON tier has them: a cmdlet outputs objects, and errors with the report as their target.</summary>
internal static class CmdletEnds
{
    /// <summary>The operations whose reports are the output, those that failed included.</summary>
    private static readonly string[] s_reported = ["applyRoster", "applyPlan", "contain", "restoreReported"];

    /// <summary>The operations that list.</summary>
    private static readonly string[] s_listed = ["list", "listDeleted", "listIdentities"];

    /// <summary>The operations that change permissions of agents.</summary>
    private static readonly string[] s_ofPermissions = ["grantPermission", "revokePermission", "assignAppRole", "removeAppRole", "allowCreation", "inheritPermissions"];

    /// <summary>The end of an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="output">The output of its cmdlets. A member of nothing is null.</param>
    /// <param name="errors">Their errors.</param>
    /// <param name="remarks">Their remarks: a code and a message each.</param>
    internal static FlowEnd Of(JsonObject operation, object[] output, ErrorRecord[] errors, string[] remarks)
    {
        string name = (string)operation["operation"]!;
        if (name == "audit")
            return errors.Length > 0 ? Failed(errors) : Ended(new JsonObject { ["report"] = Json(output[0]), ["snapshot"] = JsonNode.Parse((string)output[1]) });
        if (name == "auditSnapshot")
            return errors.Length > 0 ? Failed(errors) : Ended(new JsonObject { ["report"] = Json(output.Single()) });
        if (name == "doctor")
            return errors.Length > 0 ? Failed(errors) : Ended(output is [string probe] ? new JsonObject { ["probe"] = JsonNode.Parse(probe) } : Diagnosis(output));
        if (name == "requiredPermissions")
            return errors.Length > 0 ? Failed(errors) : new FlowEnd(Permissions(output), null, [], null) { Unseen = ["operations", "mapDate"] };
        if (name == "access")
            return errors.Length > 0 ? Failed(errors) : Ended(Access(output, remarks));
        if (name == "permissions")
            return errors.Length > 0 ? Failed(errors) : Ended(AgentPermissions(output));
        if (name == "waitPermission")
            return errors.Length > 0 ? Failed(errors) : Ended(TokenPermission(output.Single(), remarks));
        JsonNode[] items = [.. output.Select(item => Json(item)!)];
        if (s_ofPermissions.Contains(name))
        {
            foreach (JsonObject report in items.Cast<JsonObject>().Where(report => (string?)report["userPrincipalName"] == ""))
                report.Remove("userPrincipalName");
        }
        if (name == "sponsored")
            return errors.Length > 0 ? Failed(errors) : Ended(OfSponsor(items)) with { Unseen = ["person", "others"] };
        if (name == "many")
            return OfMany(items, errors);
        return name.StartsWith("plan", StringComparison.Ordinal) ? OfPlan(items, errors) : OfOne(name, items, errors, remarks, Outcome(output));
    }

    /// <summary>The property Outcome of one object, as New-AgentUser adds it, in the letters of the JSON tier; null without one.</summary>
    private static string? Outcome(object[] output) =>
        output is [var one] && (string?)PSObject.AsPSObject(one).Properties["Outcome"]?.Value is { } outcome ? JsonNamingPolicy.CamelCase.ConvertName(outcome) : null;

    private static FlowEnd OfOne(string operation, JsonNode[] output, ErrorRecord[] errors, string[] remarks, string? outcome)
    {
        bool isReports = s_reported.Contains(operation), isList = s_listed.Contains(operation);
        JsonNode? result = operation switch
        {
            _ when isList => new JsonObject { ["count"] = output.Length },
            _ when isReports => Summary(output, remarks),
            "sponsors" or "groups" or "licenses" or "skus" or "identitySponsors" or "identityOwners" or "listBlueprints" => new JsonArray([.. output.Select(item => item.DeepClone())]),
            "create" when errors.Length == 0 => new JsonObject { ["report"] = new JsonObject { ["outcome"] = outcome }, ["agentUser"] = output.Single() },
            "create" => new JsonObject { ["report"] = Json(errors[0].TargetObject) },
            _ => output.SingleOrDefault(),
        };
        // A roster tells the remarks that hold for every row apart from its one row.
        if (operation == "provision" && result is JsonObject report && report["remarks"] is null && remarks.Length > 0)
            report["remarks"] = Remarks(remarks);
        // The report of an agent user that was not found has no id.
        bool isReported = errors.Length > 0 && errors[0].TargetObject is { } target and not string && Json(target)?["id"] is not null;
        if (isReported && !isReports && operation != "create")
            result = Json(errors[0].TargetObject);
        bool failed = errors.Length > 0 && (operation == "create" ? errors[0].TargetObject is string : isReports ? output.Length == 0 : !isReported);
        return failed ? Failed(errors, isList ? output : []) : Ended(result?.DeepClone(), isList || isReports ? output : []);
    }

    /// <summary>An operation that failed is an error, whose target is the report.</summary>
    private static FlowEnd OfMany(JsonNode[] output, ErrorRecord[] errors)
    {
        JsonNode[] items = [.. output, .. errors.Select(error => Json(error.TargetObject)!)];
        return Ended(Summary([.. items.Where(item => item["outcome"] is not null)], []), items);
    }

    /// <summary>The plan with the reports of -WhatIf, which tell the same changes, and with the reports of failures.</summary>
    private static FlowEnd OfPlan(JsonNode[] output, ErrorRecord[] errors)
    {
        JsonNode? plan = output.SingleOrDefault(one => (string?)one["kind"] == "agentuserPlan");
        if (plan is null)
            return Failed(errors);
        JsonNode[] reports = [.. output.Where(one => one != plan)];
        IEnumerable<JsonNode> failed = errors.Select(error => Json(error.TargetObject)!).Where(one => !reports.Any(report => JsonNode.DeepEquals(report, one)));
        string[] planned = Changes(plan["changes"]!.AsArray().Select(one => (one!, one!["change"]!)));
        string[] told = Changes(reports.Where(one => (string?)one["outcome"] == "planned").SelectMany(one => one["changes"]!.AsArray(), (one, change) => (one, change!)));
        Assert.Equal(planned, told);
        return Ended(plan, [.. reports, .. failed]);
    }

    /// <summary>Changes with the object of each, without whether they were made, which a plan does not say.</summary>
    private static string[] Changes(IEnumerable<(JsonNode Of, JsonNode Change)> changes) =>
    [
        .. changes.Select(one =>
        {
            JsonObject change = one.Change.DeepClone().AsObject();
            change.Remove("applied");
            return $"{one.Of["userPrincipalName"]} {one.Of["id"]} {change.ToJsonString()}";
        }).Order(StringComparer.Ordinal),
    ];

    /// <summary>The access of one agent user: its things by their kinds, and the kinds that warnings name as unknown.</summary>
    private static JsonObject Access(object[] things, string[] warnings)
    {
        dynamic[] all = [.. things];
        (string Kind, string Part)[] parts =
        [
            ("Group", "groups"), ("Role", "roles"), ("EligibleRole", "eligibleRoles"), ("Delegated", "delegated"), ("AppRole", "appRoles"), ("Inheritable", "inheritable"),
        ];
        var access = new JsonObject { ["userPrincipalName"] = all.Length > 0 ? (string)all[0].AgentUser : null };
        foreach ((string kind, string part) in parts)
        {
            string? unknown = warnings.Select(warning => warning.Split(": ", 4)).FirstOrDefault(words => words[1].Split(", ").Contains(kind))?[2];
            access[part] = unknown is not null ? new JsonObject { ["unknown"] = new JsonObject { ["code"] = unknown } } : new JsonObject
            {
                ["known"] = new JsonArray([.. all.Where(one => one.Kind == kind).Select(one => new JsonObject
                {
                    ["source"] = new JsonObject { ["kind"] = JsonNamingPolicy.CamelCase.ConvertName((string)one.Source) },
                    ["access"] = new JsonObject
                    {
                        ["displayName"] = (string?)one.Name,
                        ["directoryScopeId"] = (string?)one.Scope,
                        ["consentType"] = (string?)one.Scope,
                        ["isAssignableToRole"] = (bool?)one.IsAssignableToRole,
                        ["scopes"] = kind == "Delegated" ? new JsonArray([.. ((string)one.Name).Split(' ').Select(scope => (JsonNode)scope)]) : null,
                    },
                })]),
            };
        }
        return access;
    }

    /// <summary>The agent users, which have a name to sign in with, and the agent identities: each is the output of its cmdlet.</summary>
    private static JsonObject OfSponsor(JsonNode[] output)
    {
        JsonArray Those(bool areUsers) => [.. output.Where(one => one["userPrincipalName"] is not null == areUsers).Select(one => one.DeepClone())];
        return new JsonObject { ["agentUsers"] = Those(true), ["agentIdentities"] = Those(false) };
    }

    private static JsonObject Diagnosis(object[] tests)
    {
        dynamic[] all = [.. tests];
        return new JsonObject
        {
            ["operations"] = new JsonArray([.. all.Where(test => test.Test == "Operation").Select(test => new JsonObject { ["operation"] = (string)test.Name })]),
            ["reads"] = new JsonArray([.. all.Where(test => test.Test == "Read").Select(test => (JsonNode)(string)test.Name)]),
        };
    }

    private static JsonObject AgentPermissions(object[] rows)
    {
        dynamic[] all = [.. rows];
        JsonArray Of(string kind, Func<dynamic, JsonObject> made) => new([.. all.Where(row => row.Kind == kind).Select(row => made(row))]);
        return new JsonObject
        {
            ["id"] = all.Length == 0 ? null : all[0].AgentId.ToString(),
            ["delegated"] = Of("Delegated", row => new JsonObject
            {
                ["scopes"] = new JsonArray([.. ((IEnumerable<string>)row.Scope).Select(scope => (JsonNode)scope)]),
                ["consentType"] = row.AllPrincipals ? "AllPrincipals" : "Principal",
                ["resourceDisplayName"] = (string)row.Resource,
            }),
            ["appRoles"] = Of("AppRole", row => new JsonObject { ["appRole"] = (string)row.AppRole, ["resourceDisplayName"] = (string)row.Resource }),
            ["inheritable"] = Of("Inheritable", row => new JsonObject
            {
                ["resourceAppId"] = row.ResourceAppId.ToString(),
                ["inheritableScopes"] = JsonNamingPolicy.CamelCase.ConvertName((string)row.InheritableScopes),
            }),
        };
    }

    private static JsonObject TokenPermission(dynamic ended, string[] remarks) => new()
    {
        ["permission"] = (string)ended.Permission,
        ["state"] = JsonNamingPolicy.CamelCase.ConvertName((string)ended.State),
        ["remarks"] = Remarks(remarks),
    };

    private static JsonArray Remarks(string[] remarks) =>
        new([.. remarks.Select(remark => remark.Split(": ", 2)).Select(remark => new JsonObject { ["code"] = remark[0], ["message"] = remark[1] })]);

    private static JsonObject Permissions(object[] rows)
    {
        dynamic[] all = [.. rows];
        JsonArray? Named(IEnumerable<dynamic> some) => some.Any() ? new JsonArray([.. some.Select(row => (JsonNode)(string)row.Permission)]) : null;
        return new JsonObject(all.GroupBy(row => (string)row.Caller).Select(caller => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(caller.Key), (JsonNode?)new JsonObject
        {
            ["permissions"] = Named(caller.Where(row => row.Kind == "Permission" && row.Need == "Always")),
            ["roles"] = Named(caller.Where(row => row.Kind == "Role" && row.Need == "Always")),
            ["conditional"] = Named(caller.Where(row => row.Need == "Sometimes")),
        })));
    }

    private static JsonObject Summary(JsonNode[] reports, string[] remarks)
    {
        string[] outcomes = ["created", "changed", "unchanged", "planned", "failed", "cancelled"];
        var summary = new JsonObject { ["rows"] = reports.Length };
        foreach (string outcome in outcomes)
            summary[outcome] = reports.Count(report => (string?)report["outcome"] == outcome);
        if (remarks.Length > 0)
            summary["remarks"] = Remarks(remarks);
        return summary;
    }

    private static FlowEnd Ended(JsonNode? result, IReadOnlyList<JsonNode>? items = null) => new(result, null, items ?? [], null);

    /// <summary>The problem of the first error. An error of the cmdlet itself has a code alone.</summary>
    private static FlowEnd Failed(ErrorRecord[] errors, IReadOnlyList<JsonNode>? items = null)
    {
        JsonNode problem = errors[0].Exception.GetType().GetProperty("Problem") is { } property
            ? Json(property.GetValue(errors[0].Exception))! : new JsonObject { ["code"] = errors[0].FullyQualifiedErrorId.Split(',')[0] };
        return new FlowEnd(null, problem, items ?? [], null);
    }

    /// <summary>An output object as JSON: what it gives itself, or its properties.</summary>
    private static JsonNode? Json(object? value) => value switch
    {
        null => null,
        PSObject wrapped => Json(wrapped.BaseObject),
        string text => text,
        bool flag => flag,
        int number => number,
        DateTime moment => moment.ToString("o"),
        Guid id => id.ToString(),
        Enum name => JsonNamingPolicy.CamelCase.ConvertName(name.ToString()),
        TimeSpan time => time.TotalMilliseconds,
        IEnumerable items => new JsonArray([.. items.Cast<object>().Select(Json)]),
        _ when value.GetType().GetMethod("ToJson") is { } toJson => JsonNode.Parse((string)toJson.Invoke(value, null)!),
        _ => Properties(value),
    };

    private static JsonObject Properties(object value) =>
        new(value.GetType().GetProperties().Select(property => new KeyValuePair<string, JsonNode?>(
            JsonNamingPolicy.CamelCase.ConvertName(property.Name), Json(property.GetValue(value)))));
}
