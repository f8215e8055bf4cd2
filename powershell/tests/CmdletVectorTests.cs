using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

/// <summary>Runs the cases of tests/vectors that a cmdlet can express.</summary>
public sealed class CmdletVectorTests
{
    private const string Parent = "a1d00000-0000-4000-8000-000000000001";

    [Fact]
    public void Whole_agent_users_by_every_rule()
    {
        using var engine = new Engine();
        // PowerShell can't pass an array in place of an object: it would be several objects.
        JsonNode[] cases = [.. Cases("validation", "validate").Where(each => each["request"]!["agentUser"] is JsonObject)];
        Assert.True(cases.Length >= 6);
        foreach (JsonNode each in cases)
        {
            JsonNode request = each["request"]!, result = each["result"]!;
            PSObject test = engine.Run(
                "Test-AgentUser -InputObject $args[0] -Domain $args[1] -VerifiedDomains $args[2]",
                Plain(request["agentUser"])!, (string?)request["domain"] ?? "", Plain(request["verifiedDomains"])!).Check().Single();
            Assert.Equal($"{each["name"]}\n{Violations(result["violations"]!)}", $"{each["name"]}\n{Violations(test)}");
            if (result["agentUser"] is { } body)
                Assert.Equal(((string)body["userPrincipalName"]!, (string)body["mailNickname"]!), (test.Properties["UserPrincipalName"].Value, test.Properties["MailNickname"].Value));
        }
    }

    [Fact]
    public void Single_members_by_every_rule()
    {
        using var engine = new Engine();
        // In a record, null declares nothing, and a cell may hold the word true.
        JsonNode[] cases = [.. Cases("validation", "validateMember").Where(each =>
            each["result"] is not null && each["request"]!["value"] is not null
            && !(each["request"]!["value"]!.GetValueKind() == JsonValueKind.String && (string)each["request"]!["member"]! == "accountEnabled"))];
        Assert.True(cases.Length > 30);
        foreach (JsonNode each in cases)
        {
            string member = (string)each["request"]!["member"]!;
            var row = new Hashtable { ["identityParentId"] = Parent, ["displayName"] = "A", ["userPrincipalName"] = "a@contoso.com", [member] = Plain(each["request"]!["value"]) };
            PSObject test = engine.Run("Test-AgentUser -InputObject $args[0] -VerifiedDomains $args[1]", row, Plain(each["request"]!["verifiedDomains"])!).Check().Single();
            Assert.Equal($"{each["name"]}\n{Violations(each["result"]!["violations"]!)}", $"{each["name"]}\n{Violations(test)}");
        }
    }

    [Fact]
    public void Rosters()
    {
        using var engine = new Engine();
        string file = Path.GetTempFileName();
        try
        {
            foreach (JsonNode each in Cases("validation", "validateRoster"))
            {
                File.WriteAllText(file, (string?)each["input"] ?? "");
                PSObject test = engine.Run(
                    "Test-AgentUser -LiteralPath $args[0] -Domain $args[1] -VerifiedDomains $args[2]",
                    file, (string?)each["request"]!["domain"] ?? "", Plain(each["request"]!["verifiedDomains"])!).Check().Single();
                JsonNode result = each["result"]!;
                Assert.Equal((each["name"]!.ToString(), (int)result["rows"]!), (each["name"]!.ToString(), (int)test.Properties["Rows"].Value));
                JsonNode? errors = result["problem"]?["rowErrors"];
                if (errors is not null)
                    Assert.Equal(Violations(errors), Violations(test));
                else
                    Assert.Equal(result["problem"] is null, test.Properties["IsValid"].Value);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Derived_names()
    {
        using var engine = new Engine();
        // A cmdlet derives the first alternative, and always with a domain.
        JsonNode[] cases = [.. Cases("derivation", "derive").Where(each => each["request"]!["domain"] is not null && each["request"]!["alternative"] is null)];
        Assert.True(cases.Length >= 9);
        foreach (JsonNode each in cases)
        {
            PSObject test = engine.Run(
                "Test-AgentUser -IdentityParentId $args[0] -DisplayName $args[1] -Domain $args[2]",
                Parent, (string)each["request"]!["displayName"]!, (string)each["request"]!["domain"]!).Check().Single();
            Assert.Equal(each["result"] is not null, test.Properties["IsValid"].Value);
            if (each["result"] is { } names)
                Assert.Equal(((string)names["userPrincipalName"]!, (string)names["mailNickname"]!), (test.Properties["UserPrincipalName"].Value, test.Properties["MailNickname"].Value));
        }
    }

    public static TheoryData<string, string> Operations
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string file in new[] { "requests", "plans" })
            {
                foreach (JsonNode each in Cases(file, null).Where(each => Script(each["operation"]!) is not null))
                    data.Add(file, (string)each["name"]!);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Requests_and_what_comes_of_them(string file, string name)
    {
        JsonNode each = Cases(file, null).Single(one => (string)one["name"]! == name);
        JsonNode operation = each["operation"]!;
        using var server = new ExchangeServer(each["exchange"]?.AsArray());
        using var engine = new Engine();
        string roster = Path.GetTempFileName();
        try
        {
            File.WriteAllText(roster, (string?)each["input"] ?? "");
            engine.Run("Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { 'x' } -NoBatch", server.Root).Check();
            Outcome outcome = engine.Run(Script(operation)!, Plain(operation)!, roster);
            server.Check();
            JsonNode? problem = each["problem"] ?? each["result"]?["report"]?["problem"];
            if (problem?["rowErrors"] is { } errors)
                Assert.Equal(errors.AsArray().Select(error => (string)error!["code"]!), outcome.Errors.Select(Code));
            else if (problem is not null)
            {
                Assert.Equal((string)problem["code"]!, Code(outcome.Error));
                Assert.StartsWith((string)problem["fix"]!, outcome.Error.ErrorDetails.RecommendedAction);
            }
            else
                outcome.Check();
            IEnumerable<JsonNode?> expected = each["items"]?.AsArray().SelectMany(item => item is JsonArray page ? page : new JsonArray(item?.DeepClone())) ?? Results(each);
            Assert.Equal(
                expected.Select(item => $"{item!["userPrincipalName"]} {item["displayName"]} {item["outcome"]}".ToLowerInvariant()).Order(),
                outcome.Output.Select(item => $"{item.Properties["UserPrincipalName"]?.Value} {item.Properties["DisplayName"]?.Value} {item.Properties["Outcome"]?.Value}".ToLowerInvariant()).Order());
        }
        finally
        {
            File.Delete(roster);
        }
    }

    private static IEnumerable<JsonNode> Results(JsonNode each) => each["result"] switch
    {
        null => [],
        { } created when created["report"] is { } report => created["agentUser"] is { } user
            ? [new JsonObject { ["userPrincipalName"] = (string?)user["userPrincipalName"], ["displayName"] = (string?)user["displayName"], ["outcome"] = (string?)report["outcome"] }]
            : [],
        { } result => [result],
    };

    /// <summary>The cmdlet that starts exactly this operation. Remove-AgentUser plans before it asks.</summary>
    private static string? Script(JsonNode operation) => (string?)operation["operation"] switch
    {
        "get" when operation["force"] is null => "Get-AgentUser -Id $args[0].user",
        "verifyParent" => "Get-AgentIdentity $args[0].identityParentId",
        "findByParent" => "Get-AgentUser -IdentityParentId $args[0].identityParentId",
        "list" when operation["filter"] is null => "Get-AgentUser -All",
        "create" => "$row = $args[0].agentUser; New-AgentUser @row",
        "applyRoster" when operation["rows"] is null && operation["checkDomains"] is null => "Invoke-AgentUserRoster -LiteralPath $args[1] -WhatIf",
        _ => null,
    };

    private static IEnumerable<JsonNode> Cases(string file, string? function) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "vectors", file + ".json")))!["cases"]!.AsArray()
            .Select(each => each!).Where(each => function is null || (string?)each["function"] == function);

    private static string Code(ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];

    private static string Violations(JsonNode violations) => string.Join(
        "\n", violations.AsArray().Select(each => $"{each!["row"]}|{each["code"]}|{each["field"]}|{each["position"]}|{each["message"]}|{each["fix"]}"));

    private static string Violations(PSObject test) => string.Join(
        "\n", ((IEnumerable<dynamic>)test.Properties["Violations"].Value).Select(each => $"{each.Row}|{each.Code}|{each.Field}|{each.Position - 1}|{each.Message}|{each.Fix}"));

    /// <summary>JSON as PowerShell values.</summary>
    internal static object? Plain(JsonNode? json) => json switch
    {
        null => null,
        JsonArray items => items.Select(Plain).ToArray(),
        JsonObject members => new Hashtable(members.ToDictionary(member => member.Key, member => Plain(member.Value))),
        _ => json.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => (object)(int)json,
            _ => (string)json!,
        },
    };
}
