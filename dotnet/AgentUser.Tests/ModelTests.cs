using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>Agent users as Graph sends them, in typed objects and back.</summary>
public sealed class ModelTests
{
    private const string Full = """
        {"@odata.type":"#microsoft.graph.agentUser","id":"0F3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f","userPrincipalName":"zoe@contoso.com",
        "displayName":"Zo\u00eb \ud83d\ude00","mailNickname":"zoe","identityParentId":"a1d00000-0000-4000-8000-000000000001","accountEnabled":false,
        "usageLocation":"DE","userType":"Member","mail":"zoe@contoso.com","createdDateTime":"2026-01-31T10:00:00.1234567Z","deletedDateTime":"2026-02-01T00:00:00Z",
        "givenName":"Zoë","surname":"S","jobTitle":"J","department":"D","companyName":"C","employeeId":"E1","employeeType":"agent",
        "employeeHireDate":"2026-01-01T00:00:00Z","employeeLeaveDateTime":"2027-01-01T00:00:00Z","officeLocation":"O","city":"Ci","state":"St","country":"Co",
        "streetAddress":"Str","postalCode":"PC","preferredLanguage":"de-DE","mobilePhone":"+49 1",
        "businessPhones":["+1"],"otherMails":["o@contoso.com"],"proxyAddresses":["SMTP:zoe@contoso.com"],
        "assignedLicenses":[{"skuId":"c7df2760-2c81-4ef7-b578-5b5392b571df","disabledPlans":["8a256a2b-b617-496d-b51b-e76466e88db0"],"new":1}],
        "licenseAssignmentStates":[{"skuId":"c7df2760-2c81-4ef7-b578-5b5392b571df","assignedByGroup":null,"state":"Active","error":"None"}],
        "assignedPlans":[{"service":"exchange","servicePlanId":"efb87545-963c-4e0d-99df-69c6916d9eb0","capabilityStatus":"Enabled"}],
        "agentIdentityBlueprintId":"b","extension_x":{"deep":[1.50,{"a":null}],"text":"\"\u0007"},"aboutMe":null}
        """;

    private static async Task<AgentUser> ListedAsync(string user)
    {
        using var graph = new FakeGraph($"{{\"value\":[{user}]}}");
        using AgentUserClient client = graph.Client();
        using AgentUserPages pages = client.List();
        return Assert.Single((await pages.NextPageAsync())!);
    }

    [Theory]
    [InlineData("set", "jobTitle", "null", "\"Clerk\"", "Set a@contoso.com: jobTitle from null to \"Clerk\"")]
    [InlineData("addLicense", "licenses", "null", "\"AGENT_365\"", "AddLicense a@contoso.com: licenses \"AGENT_365\"")]
    [InlineData("removeSponsor", "sponsors", "\"b@contoso.com\"", "null", "RemoveSponsor a@contoso.com: sponsors \"b@contoso.com\"")]
    [InlineData("setManager", "manager", "\"b@contoso.com\"", "\"c@contoso.com\"", "SetManager a@contoso.com: manager from \"b@contoso.com\" to \"c@contoso.com\"")]
    [InlineData("delete", null, "null", "null", "Delete a@contoso.com")]
    public void The_record_of_a_change_reads_as_it_was(string change, string? member, string before, string after, string words)
    {
        string name = member is null ? "null" : $"\"{member}\"";
        JsonValue json = JsonValue.Parse($$"""{"change":"{{change}}","userPrincipalName":"a@contoso.com","member":{{name}},"before":{{before}},"after":{{after}},"outcome":"done"}""");
        Assert.Equal(words, new AgentUserChangeRecord(json).ToString());
    }

    [Fact]
    public async Task Every_member_arrives_typed_and_those_that_are_not_known_are_kept()
    {
        AgentUser user = await ListedAsync(Full);
        Assert.Equal("Zoë 😀", user.DisplayName);
        Assert.Equal(Guid.Parse("0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f"), user.Id);
        Assert.Equal(Simulation.Identity(1), user.IdentityParentId);
        Assert.False(user.AccountEnabled);
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 10, 0, 0, TimeSpan.Zero).AddTicks(1234567), user.CreatedDateTime);
        Assert.Equal(2027, user.EmployeeLeaveDateTime!.Value.Year);
        Assert.Equal((TimeSpan.Zero, 2), (user.DeletedDateTime!.Value.Offset, user.DeletedDateTime.Value.Month));
        Assert.Equal(("+1", "o@contoso.com", "SMTP:zoe@contoso.com"), (user.BusinessPhones.Single(), user.OtherMails.Single(), user.ProxyAddresses.Single()));
        AssignedLicense license = Assert.Single(user.AssignedLicenses);
        Assert.Equal(Guid.Parse("c7df2760-2c81-4ef7-b578-5b5392b571df"), license.SkuId);
        Assert.Equal(Guid.Parse("8a256a2b-b617-496d-b51b-e76466e88db0"), Assert.Single(license.DisabledPlans));
        Assert.Equal(1L, license.Members["new"]);
        Assert.Equal(("Active", null), (user.LicenseAssignmentStates.Single().State, user.LicenseAssignmentStates.Single().AssignedByGroup));
        Assert.Equal("exchange", user.AssignedPlans.Single().Service);
        Assert.Equal(["agentIdentityBlueprintId", "extension_x", "aboutMe"], user.AdditionalMembers.Keys);
        var extension = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(user.AdditionalMembers["extension_x"]);
        Assert.Equal(1.5, Assert.IsAssignableFrom<IReadOnlyList<object?>>(extension["deep"])[0]);
        Assert.Equal("\"\a", extension["text"]);
        Assert.Contains("1.50", user.ToJson(), StringComparison.Ordinal);
        Assert.True(user.IsAgentUser);
        // Every property has a member above.
        foreach (PropertyInfo property in typeof(AgentUser).GetProperties())
            Assert.True(property.GetValue(user) is not null, property.Name);
    }

    [Fact]
    public async Task It_goes_back_to_JSON_with_everything_it_came_with()
    {
        JsonValue expected = JsonValue.Parse(Full.Replace("0F3cb4e1", "0f3cb4e1", StringComparison.Ordinal));
        Assert.Equal(expected, JsonValue.Parse((await ListedAsync(Full)).ToJson()));
    }

    [Fact]
    public async Task A_list_and_a_get_give_the_same()
    {
        AgentUser listed = await ListedAsync(Full);
        using var graph = new FakeGraph(Full);
        using AgentUserClient client = graph.Client();
        AgentUser got = await client.GetAsync(listed.Id.ToString());
        // The native library's own model leaves null members out.
        Assert.Equal(
            listed.ToJsonValue().Members.Where(member => member.Key != "aboutMe").Select(member => member.Key).Order(),
            got.ToJsonValue().Members.Where(member => member.Key != "aboutMe").Select(member => member.Key).Order());
        Assert.Equal(listed.DisplayName, got.DisplayName);
        Assert.Equal(PlainValues.ToJson(listed.AdditionalMembers["extension_x"]), PlainValues.ToJson(got.AdditionalMembers["extension_x"]));
        Assert.Equal(listed.AssignedLicenses[0].Members["skuId"], got.AssignedLicenses[0].Members["skuId"]);
    }

    [Fact]
    public async Task What_is_not_there_is_null_or_empty()
    {
        AgentUser user = await ListedAsync("""{"id":"0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f","identityParentId":"a1d00000-0000-4000-8000-000000000001","mail":null,"businessPhones":null,"createdDateTime":"soon"}""");
        Assert.Null(user.AccountEnabled);
        Assert.Null(user.DisplayName);
        Assert.Null(user.Mail);
        Assert.Null(user.CreatedDateTime);
        Assert.Empty(user.BusinessPhones);
        Assert.Empty(user.AssignedLicenses);
        Assert.Empty(user.AdditionalMembers);
        Assert.Equal("0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f", user.ToString());
        Assert.Contains("\"createdDateTime\":\"soon\"", user.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_that_rows_share_are_kept_once_and_never_mixed_up()
    {
        const string Row = """{{"id":"0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5{0}","identityParentId":"a1d00000-0000-4000-8000-000000000001","city":{1},"department":"{2}"}}""";
        string[] cities = ["\"Rom\"", "\"Rom\"", "\"Röm\"", "\"Röm\"", "null", "\"\"", "\"Rom\"", "\"Bom\"", "\"Ã©\"", "\"\\u00e9\""];
        string rows = string.Join(',', cities.Select((city, n) => string.Format(null, Row, n, city, n % 3 == 0 ? "Sales" : $"Department {n % 3}")));
        using var graph = new FakeGraph($"{{\"value\":[{rows}]}}");
        using AgentUserClient client = graph.Client();
        using AgentUserPages pages = client.List();
        var page = (await pages.NextPageAsync())!;
        Assert.Equal(["Rom", "Rom", "Röm", "Röm", null, "", "Rom", "Bom", "Ã©", "é"], page.Select(user => user.City));
        Assert.Same(page[0].Department, page[9].Department);
        Assert.Same(page[2].Department, page[8].Department);
        Assert.Equal("Department 1", page[7].Department);
    }

    [Fact]
    public async Task What_many_agent_users_of_a_page_have_alike_is_kept_once()
    {
        string rows = string.Join(',', Enumerable.Range(0, 999).Select(n => $$"""
            {"id":"0f3cb4e1-2e2c-4f0d-9b6e-{{n:d12}}","userPrincipalName":"a{{n}}@contoso.com","department":"Department {{n % 13}}","jobTitle":"Assistant",
            "assignedLicenses":{{(n % 2 == 0 ? "[]" : """[{"skuId":"c7df2760-2c81-4ef7-b578-5b5392b571df"}]""")}}}
            """));
        using var graph = new FakeGraph($"{{\"value\":[{rows}]}}");
        using AgentUserClient client = graph.Client();
        using AgentUserPages pages = client.List();
        var page = (await pages.NextPageAsync())!;
        // No licenses are one list of all.
        Assert.Equal(13 + 1, page.Select(user => user.AssignedLicenses).Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal(13, page.Select(user => user.Department).Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.All(page, user => Assert.Equal(user.Id.ToString()[^1] % 2, user.AssignedLicenses.Count));
        Assert.All(page.Select((user, n) => (user, n)), one => Assert.Equal($"Department {one.n % 13}", one.user.Department));
    }

    /// <summary>A nickname that is the sign-in name up to its @ has no text of its own.</summary>
    [Theory]
    [InlineData("\"ada@contoso.com\"", "\"ada\"", "ada")]
    [InlineData("\"ada@contoso.com\"", "\"Ada\"", "Ada")]
    [InlineData("\"ada@contoso.com\"", "\"ad\"", "ad")]
    [InlineData("\"ada@contoso.com\"", "\"ada@contoso.com\"", "ada@contoso.com")]
    [InlineData("\"ada@b@contoso.com\"", "\"ada@b\"", "ada@b")]
    [InlineData("\"ada\"", "\"ada\"", "ada")]
    [InlineData("\"@contoso.com\"", "\"\"", "")]
    [InlineData("\"ada@contoso.com\"", "null", null)]
    [InlineData("null", "\"ada\"", "ada")]
    public async Task A_mail_nickname_is_as_Graph_sent_it(string name, string nickname, string? expected)
    {
        AgentUser user = await ListedAsync($$"""{"id":"0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f","userPrincipalName":{{name}},"mailNickname":{{nickname}},"mail":{{name}}}""");
        Assert.Equal(expected, user.MailNickname);
        Assert.Equal(user.UserPrincipalName, user.Mail);
        Assert.Equal(nickname, JsonValue.Parse(user.ToJson())["mailNickname"]?.ToString() ?? "null");
    }

    [Fact]
    public void Fields_and_names_agree()
    {
        Assert.Equal(AgentUserFields.Other, AgentUserFields.Names.Length);
        foreach (FieldInfo field in typeof(AgentUserFields).GetFields(BindingFlags.Static | BindingFlags.NonPublic).Where(field => field.FieldType == typeof(int)))
        {
            int number = (int)field.GetRawConstantValue()!;
            if (number < AgentUserFields.Other)
                Assert.Equal(field.Name, AgentUserFields.Names[number].Replace("@odata.type", "ODataType", StringComparison.Ordinal), ignoreCase: true);
        }
    }

    [Fact]
    public void Names_of_a_newer_library_are_unknown_and_no_error()
    {
        ProvisionReport report = ProvisionReport.From(JsonValue.Parse("""{"userPrincipalName":"a@b.c","outcome":"teleported","stage":"7","changes":[{"change":"paint","applied":true},{"change":"set","member":"city","from":null,"to":["x"],"applied":false}]}"""));
        Assert.Equal((ProvisionOutcome.Unknown, ProvisionStage.Unknown), (report.Outcome, report.Stage));
        Assert.Equal((ChangeKind.Unknown, true), (report.Changes[0].Kind, report.Changes[0].IsApplied));
        Assert.Equal("set city to [\"x\"]", report.Changes[1].ToString());
        Assert.Equal(["x"], Assert.IsAssignableFrom<IReadOnlyList<object?>>(report.Changes[1].To));
        AgentUserProgress progress = AgentUserProgress.From(JsonValue.Parse("""{"event":"waiting","row":3,"why":"throttled","waitMs":18446744073709551615}"""));
        Assert.Equal((ProgressKind.Waiting, WaitReason.Throttled, (int?)3), (progress.Kind, progress.Reason, progress.Row));
        Assert.True(progress.Wait > TimeSpan.FromDays(24));
    }

    [Fact]
    public void What_the_sign_in_remarks_on_is_progress()
    {
        AgentUserProgress progress = AgentUserProgress.From(JsonValue.Parse("""{"event":"remark","code":"TokenActsAsUser","message":"It is so."}"""));
        Assert.Equal((ProgressKind.Remark, "TokenActsAsUser", "It is so."), (progress.Kind, progress.Remark?.Code, progress.ToString()));
        Assert.Null(AgentUserProgress.From(JsonValue.Parse("""{"event":"ending","withinMs":1}""")).Remark);
    }
}
