using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Xunit;

namespace AgentUsers.Tests;

public sealed class RulesTests
{
    [Fact]
    public void Every_broken_rule_is_named_at_once_and_a_good_row_gives_the_request()
    {
        AgentUserValidation bad = AgentUserRules.Validate(new AgentUserRow
        {
            DisplayName = "",
            UserPrincipalName = "a b@contoso.com",
            UsageLocation = "XX",
            ["identityParentId"] = "no id",
        });
        Assert.False(bad.IsValid);
        Assert.Null(bad.AgentUser);
        Assert.Equal(
            ["displayName", "identityParentId", "usageLocation", "userPrincipalName"],
            bad.Violations.Select(violation => violation.Field).Distinct().Order());
        Assert.All(bad.Violations, violation => Assert.NotEqual("", violation.Code + violation.Message + violation.Fix));
        Assert.Equal(1, bad.Violations.First(violation => violation.Field == "userPrincipalName").Position);

        AgentUserValidation good = AgentUserRules.Validate(Simulation.Row(1));
        Assert.True(good.IsValid, string.Join("; ", good.Violations));
        Assert.Equal(Simulation.Identity(1).ToString(), good.AgentUser!["identityParentId"]);
        Assert.Equal("row1", good.AgentUser["mailNickname"]);
    }

    [Fact]
    public void A_domain_that_is_not_verified_is_named()
    {
        Violation violation = Assert.Single(AgentUserRules.Validate(Simulation.Row(1), verifiedDomains: ["fabrikam.com"]).Violations);
        Assert.Equal("userPrincipalName", violation.Field);
        Assert.True(AgentUserRules.Validate(Simulation.Row(1), verifiedDomains: ["CONTOSO.com"]).IsValid);
    }

    [Fact]
    public void One_member_is_checked_alone()
    {
        Assert.Empty(AgentUserRules.ValidateMember("usageLocation", "DE"));
        Assert.Equal("usageLocation", Assert.Single(AgentUserRules.ValidateMember("usageLocation", "Germany")).Field);
        Assert.NotEmpty(AgentUserRules.ValidateMember("accountEnabled", "yes"));
        Assert.Empty(AgentUserRules.ValidateMember("accountEnabled", true));
    }

    [Fact]
    public void A_roster_is_checked_with_row_and_column()
    {
        RosterValidation good = AgentUserRules.ValidateRoster(Simulation.Roster(3));
        Assert.True(good.IsValid);
        Assert.Equal(3, good.Rows);

        byte[] csv = Encoding.UTF8.GetBytes($"identityParentId,displayName,userPrincipalName\n{Simulation.Identity(1)},A,row1@contoso.com\n{Simulation.Identity(2)},B,row 2@contoso.com\n");
        RosterValidation bad = AgentUserRules.ValidateRoster(csv);
        Assert.False(bad.IsValid);
        Assert.Equal("RosterInvalid", bad.Problem!.Code);
        RowError error = Assert.Single(bad.Problem.RowErrors);
        Assert.Equal((3, "userPrincipalName"), (error.Row, error.Field));
        Assert.StartsWith("Row 3, userPrincipalName: ", error.ToString(), StringComparison.Ordinal);

        Assert.Equal("RosterUnreadable", AgentUserRules.ValidateRoster([]).Problem!.Code);
    }

    [Fact]
    public void Names_are_derived()
    {
        DerivedNames names = AgentUserRules.Derive("Agent Émilie Groß", "contoso.com");
        Assert.Equal(names.MailNickname + "@contoso.com", names.UserPrincipalName);
        Assert.True(names.MailNickname.All(char.IsAscii));
        Assert.Null(AgentUserRules.Derive("Agent").UserPrincipalName);
        Assert.Equal(names.MailNickname + "2", AgentUserRules.Derive("Agent Émilie Groß", "contoso.com", alternative: 2).MailNickname);
        Assert.Throws<AgentUserException>(() => AgentUserRules.Derive(""));
    }

    [Fact]
    public void An_answer_of_Graph_is_explained()
    {
        byte[] body = """{"error":{"code":"Request_BadRequest","message":"Another object with the same value for property userPrincipalName already exists.","details":[{"code":"ObjectConflict","target":"userPrincipalName","message":"x"}]}}"""u8.ToArray();
        Problem problem = AgentUserRules.Explain("createAgentUser", 400, body, [new("request-id", "abc")]);
        Assert.Equal("UpnTaken", problem.Code);
        Assert.Equal("userPrincipalName", problem.Field);
        Assert.Equal(400, problem.Status);
        Assert.Equal("abc", problem.RequestId);
        Assert.NotEqual("", problem.Fix);

        Problem throttled = AgentUserRules.Explain("createAgentUser", 429, [], [new("Retry-After", "17")]);
        Assert.Equal(("Throttled", TimeSpan.FromSeconds(17), true), (throttled.Code, throttled.RetryAfter, throttled.IsTransient));
        Assert.Equal(ProblemKind.Busy, throttled.Kind);

        const string challenge = "Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNzgwMjcyMDAwIn19fQ==\"";
        Problem challenged = AgentUserRules.Explain("getUser", 401, [], [new("WWW-Authenticate", challenge)]);
        Assert.Equal(("ClaimsChallenge", "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1780272000\"}}}"), (challenged.Code, challenged.Claims));
        Assert.Null(throttled.Claims);
    }

    [Fact]
    public void Input_that_is_no_question_is_a_problem()
    {
        var error = Assert.Throws<AgentUserException>(() => AgentUserRules.ValidateMember("noSuchMember", "x"));
        Assert.Contains("noSuchMember", error.Message, StringComparison.Ordinal);
        Assert.Throws<AgentUserException>(() => AgentUserRules.Explain("noSuchCall", 400, []));
    }

    [Fact]
    public void Members_keep_their_order_and_a_null_in_changes_clears()
    {
        var changes = new AgentUserChanges { JobTitle = "Lead", Department = null, OtherMails = ["a@b.c"], AccountEnabled = false };
        changes.JobTitle = "Head";
        Assert.Equal("{\"jobTitle\":\"Head\",\"department\":null,\"otherMails\":[\"a@b.c\"],\"accountEnabled\":false}", changes.ToJson().ToString());
        var row = new AgentUserRow { DisplayName = "A", Manager = null, EmployeeHireDate = new DateTimeOffset(2026, 6, 1, 2, 0, 0, TimeSpan.FromHours(2)) };
        Assert.Equal("{\"displayName\":\"A\",\"employeeHireDate\":\"2026-06-01T00:00:00Z\"}", row.ToJson().ToString());
        Assert.Equal(["displayName", "manager", "employeeHireDate"], row.Select(member => member.Key));
    }
}
