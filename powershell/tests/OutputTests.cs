using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell.Tests;

public sealed partial class OutputTests
{
    private static readonly string s_roster = Path.Combine(Repository.Root, "examples", "roster.csv");

    [Theory]
    [InlineData("Get-AgentUser -UserPrincipalName sales.lead@contoso.com", "UserPrincipalName", "DisplayName", "Enabled", "Usage", "Id")]
    [InlineData("Get-AgentIdentity a1d00000-0000-4000-8000-000000000001", "DisplayName", "Id", "Enabled", "BlueprintId")]
    [InlineData("Invoke-AgentUserRoster $roster", "Row", "UserPrincipalName", "Outcome", "Details")]
    [InlineData("Test-AgentUser -DisplayName A", "Valid", "Tested", "Violations")]
    [InlineData("(Test-AgentUser -DisplayName A).Violations", "Row", "Field", "Code", "Details")]
    public void A_table_shows_what_matters(string script, params string[] columns)
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("$roster = $args[0]; $null = Invoke-AgentUserRoster $roster", s_roster).Check();
        engine.Run(script + " | Out-Default").Check();
        string header = Plain(engine.Shown).Split('\n').First(line => line.Contains(columns[^1], StringComparison.Ordinal));
        Assert.Equal(columns, header.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void At_80_columns_violations_show_whole_codes_and_take_few_lines()
    {
        using var engine = new Engine();
        engine.Host.UI.RawUI.BufferSize = new(80, 50);
        string roster = Path.Combine(Repository.Root, "examples", "roster-bad.csv");
        engine.Run("$violations = (Test-AgentUser -Path $args[0]).Violations; $violations | Out-Default", roster).Check();
        string[] lines = [.. Plain(engine.Shown).Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        object?[] codes = [.. engine.Run("$violations").Values("Code")];
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.All(codes, code => Assert.Contains(lines, line => line.Contains($" {code} ", StringComparison.Ordinal)));
        Assert.InRange(lines.Length, codes.Length, codes.Length * 7);
    }

    [Fact]
    public void A_row_that_failed_shows_why()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("$null = New-AgentUser -IdentityParentId $args[0] -DisplayName Other -UserPrincipalName other@contoso.com", Tenant.Identity(24)).Check();
        engine.Run("$ErrorActionPreference = 'SilentlyContinue'; Invoke-AgentUserRoster $args[0] | Where-Object Row -eq 25 | Out-Default", s_roster);
        Assert.Matches("""25\s+\S+@contoso\.com\s+failed\s+Parent\w+: """, Plain(engine.Shown));
    }

    [Fact]
    public void Objects_survive_Export_Clixml()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("$null = Invoke-AgentUserRoster $args[0]", s_roster).Check();
        PSObject user = engine.Run("Get-AgentUser -UserPrincipalName sales.lead@contoso.com").Check().Single();
        // Export-Clixml and Import-Clixml call the same.
        var back = (PSObject)PSSerializer.Deserialize(PSSerializer.Serialize(user, 2));
        foreach (PSPropertyInfo property in user.Properties)
        {
            object? was = property.Value, now = back.Properties[property.Name].Value;
            if (was is string or bool or Guid or DateTime or null)
                Assert.Equal(was, now is PSObject wrapped ? wrapped.BaseObject : now);
            else
                Assert.Equal(Items(was), Items(now!));
        }
        Assert.IsType<DateTime>(back.Properties["CreatedDateTime"].Value);
        Assert.Equal(DateTimeKind.Utc, ((DateTime)back.Properties["CreatedDateTime"].Value).Kind);

        PSObject row = engine.Run("Invoke-AgentUserRoster $args[0] -Domain contoso.com | Where-Object Row -eq 2", s_roster).Check().Single();
        var rowBack = (PSObject)PSSerializer.Deserialize(PSSerializer.Serialize(row, 2));
        Assert.Equal((2, "unchanged", "sales.lead@contoso.com"), (rowBack.Properties["Row"].Value, rowBack.Properties["Outcome"].Value, rowBack.Properties["UserPrincipalName"].Value));
    }

    [Fact]
    public void Every_property_reads_well_in_a_csv_file_and_in_json()
    {
        using var engine = new Engine();
        engine.Connect();
        PSObject planned = engine.Run("Invoke-AgentUserRoster $args[0] -WhatIf | Where-Object Row -eq 2", s_roster).Check().Single();
        // Export-Csv writes each property's text, which must not be a type's name.
        Assert.Contains("; assign license AGENT_365", planned.Properties["Changes"].Value.ToString());
        engine.Run("$null = Invoke-AgentUserRoster $args[0]", s_roster).Check();
        foreach (string script in new[] { "Get-AgentUser", "Get-AgentIdentity a1d00000-0000-4000-8000-000000000001", "Invoke-AgentUserRoster $args[0]", "Test-AgentUser -DisplayName A" })
        {
            Outcome outcome = engine.Run(script, s_roster);
            Assert.NotEmpty(outcome.Output);
            foreach (PSPropertyInfo property in outcome.Output.SelectMany(item => item.Properties))
            {
                Assert.DoesNotMatch(TypeName(), property.Value?.ToString() ?? "");
                Assert.False(property.Value is DateTimeOffset or System.Collections.IDictionary or Enum, $"{property.Name} is {property.Value?.GetType()}");
            }
        }
    }

    [Fact]
    public void Members_without_a_property_are_kept()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        dynamic user = engine.Run("Get-AgentUser -UserPrincipalName agent25@contoso.com").Check().Single();
        JsonNode json = JsonNode.Parse((string)user.ToJson())!;
        Assert.Equal("agent25@contoso.com", (string)json["userPrincipalName"]!);
    }

    private static IEnumerable<string> Items(object list) =>
        ((System.Collections.IEnumerable)(list is PSObject wrapped ? wrapped.BaseObject : list)).Cast<object>().Select(item => item.ToString()!);

    private static string Plain(string shown) => Colour().Replace(shown, "");

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();

    [GeneratedRegex(@"System\.|AgentUsers\.|`1")]
    private static partial Regex TypeName();
}
