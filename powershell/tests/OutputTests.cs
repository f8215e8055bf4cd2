using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AgentUsers.PowerShell.Tests;

public sealed partial class OutputTests
{
    private static readonly string s_roster = Path.Combine(Repository.Root, "examples", "roster.csv");

    [Theory]
    [InlineData("Get-AgentUser", "UserPrincipalName", "Enabled", "Location", "DisplayName")]
    [InlineData("Get-AgentIdentity a1d00000-0000-4000-8000-000000000001", "Id", "Enabled", "DisplayName")]
    [InlineData("Invoke-AgentUserRoster $roster", "Row", "Outcome", "Name", "Details")]
    [InlineData("(Invoke-AgentUserRoster $changed -WhatIf).Changes", "Applied", "Change", "Member", "From", "To")]
    [InlineData("Test-AgentUser -DisplayName A", "Valid", "Tested", "Violations")]
    [InlineData("Test-AgentUser -Path $bad", "Valid", "Tested", "Violations")]
    [InlineData("(Test-AgentUser -DisplayName A).Violations", "Row", "Column", "Code", "Details")]
    [InlineData("(Test-AgentUser -Path $bad).Violations", "Row", "Column", "Code", "Details")]
    [InlineData("Connect-AgentUser -GraphEndpoint http://localhost:1 -AccessToken { 'x' } -PassThru", "Name", "Account", "SignIn", "Graph")]
    [InlineData("Get-AgentUserSku", "SkuPartNumber", "Free", "Used", "Seats", "State")]
    [InlineData("Get-AgentUserLicense sales.lead@contoso.com", "AgentUser", "License", "State", "Details")]
    [InlineData("Get-AgentUserSponsor sales.lead@contoso.com", "AgentUser", "Kind", "Name")]
    [InlineData("Resolve-AgentUserName Sales -Domain contoso.com", "DisplayName", "MailNickname", "UserPrincipalName")]
    [InlineData("Get-AgentUserManager sales.emilie@contoso.com", "AgentUser", "Kind", "Name")]
    [InlineData("Grant-AgentIdentityPermission sales.lead@contoso.com -Scope User.Read, Mail.Send; Get-AgentIdentityPermission sales.lead@contoso.com", "Agent", "Kind", "Permission")]
    [InlineData("Set-AgentIdentityBlueprint b1a00000-0000-4000-8000-000000000001 -AllowCreation -InheritableScopes AllAllowed -WarningAction Ignore; Get-AgentIdentityPermission -Blueprint b1a00000-0000-4000-8000-000000000001", "Agent", "Kind", "Permission")]
    [InlineData("Get-AgentUserPermission Invoke-AgentUserAudit", "Permission", "Need", "Caller", "When")]
    [InlineData("Get-AgentIdentityBlueprint b1a00000-0000-4000-8000-000000000001 -Chain", "Verdict", "DisplayName", "Details")]
    [InlineData("Invoke-AgentUserAudit", "Severity", "State", "Rule", "Details")]
    [InlineData("$simulator", "GraphEndpoint", "Running")]
    public void A_table_shows_what_matters_at_80_columns_and_uses_120(string script, params string[] columns)
    {
        using var engine = new Engine();
        engine.Connect("-Identities 30");
        string folder = Path.Combine(Repository.Root, "examples"), changed = Path.GetTempFileName();
        File.WriteAllText(changed, $"identityParentId,displayName,userPrincipalName,sponsors\n{Tenant.Identity(30)},New,new@contoso.com,human1@contoso.com\n");
        engine.Run(
            "$roster, $bad, $changed = $args; $null = Invoke-AgentUserRoster $roster",
            s_roster, Path.Combine(folder, "roster-bad.csv"), changed).Check();
        try
        {
            string[] Lines(int width)
            {
                engine.Host.UI.RawUI.BufferSize = new(width, 50);
                int before = engine.Shown.Length;
                engine.Run(script + " | Out-Default");
                return [.. Plain(engine.Shown[before..]).Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
            }

            string[] words = [.. Words(Lines(400))];
            foreach (int width in new[] { 80, 120 })
            {
                string[] lines = Lines(width);
                Assert.Subset(Words(lines), words.Where(word => word.Length <= 28).ToHashSet());
                string heading = lines.First(line => line.Contains(columns[^1], StringComparison.Ordinal));
                Assert.Equal(columns, heading.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                Assert.All(lines.SkipWhile(line => line != heading), line => Assert.InRange(line.Length, 0, width));
                // Room for a user principal name, or for a sentence.
                Assert.InRange(width - heading.IndexOf(columns[^1], StringComparison.Ordinal), 20, width);
            }
        }
        finally
        {
            File.Delete(changed);
        }
    }

    [Fact]
    public void A_list_of_an_agent_user_has_every_property()
    {
        using var engine = new Engine();
        var views = XDocument.Load(Path.Combine(Repository.Root, "powershell", "AgentUser", "AgentUser.format.ps1xml"));
        XElement list = views.Descendants("View").Single(view => (string?)view.Element("Name") == "AgentUser" && view.Element("ListControl") is not null);
        IEnumerable<string?> shown = list.Descendants("ListItem").Select(item => (string?)item.Element("Label") ?? (string?)item.Element("PropertyName"));
        Assert.Equal(engine.Run("[AgentUsers.PowerShell.PSAgentUser]::new()").Check().Single().Properties.Select(property => property.Name).Order(), shown.Order());
    }

    /// <summary>The SKU is one of this test alone, because the whole process keeps the names.</summary>
    [Fact]
    public void A_license_that_was_assigned_by_its_name_is_shown_by_it()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 1 -Option @{ skus = @(@{ partNumber = 'NAMED_ONCE'; seats = 5 }) }");
        engine.Run("Set-AgentUser first.agent@contoso.com -UsageLocation DE; Set-AgentUserLicense first.agent@contoso.com -Add NAMED_ONCE").Check();
        Assert.Equal("NAMED_ONCE", engine.Run("(Get-AgentUser first.agent@contoso.com).AssignedLicenses").Check().Single().ToString());
    }

    [Fact]
    public void A_script_makes_an_agent_user_with_manager_and_sponsors()
    {
        using var engine = new Engine();
        dynamic user = engine.Run("[AgentUsers.PowerShell.PSAgentUser]@{ Manager = 'a@contoso.com'; Sponsors = 'b@contoso.com', 'group:5c000000-0000-4000-8000-000000000001' }").Check().Single();
        Assert.Equal(("a@contoso.com", "User", "Group"), ((string)user.Manager.UserPrincipalName, (string)user.Manager.Kind, (string)user.Sponsors[1].Kind));
        Assert.Equal("b@contoso.com; group:5c000000-0000-4000-8000-000000000001", (string)user.Sponsors.ToString());
    }

    [Fact]
    public void A_report_of_a_permission_names_the_agent_before_the_one_it_acts_for()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 1");
        engine.Run("Grant-AgentIdentityPermission $args[0] -User human1@contoso.com -Scope User.Read, Mail.Send -PassThru | Out-Default", Tenant.Identity(1)).Check();
        Assert.Matches(@"Changed\S* +Agent 1 for human1 +grant", Plain(engine.Shown));
        engine.Run("Get-AgentIdentityPermission $args[0] | Out-Default", Tenant.Identity(1)).Check();
        Assert.Contains("User.Read, Mail.Send of Microsoft", Plain(engine.Shown), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_wraps_sentences_at_blanks()
    {
        using var engine = new Engine();
        engine.Host.UI.RawUI.BufferSize = new(80, 50);
        engine.Run("Get-AgentUserHelp UpnTaken | Out-Default").Check();
        string[] lines = Plain(engine.Shown).Split('\n');
        Assert.Contains("Cause         : Another user of the tenant, human or agent, has this", lines.Select(line => line.TrimEnd()));
        Assert.Contains("                userPrincipalName.", lines.Select(line => line.TrimEnd()));
    }

    [Fact]
    public void The_views_are_those_of_their_table() =>
        Assert.Equal(Host.FormatFile.Write(), File.ReadAllText(Path.Combine(Repository.Root, "powershell", "AgentUser", "AgentUser.format.ps1xml")));

    [Fact]
    public void States_are_in_colour()
    {
        using var engine = new Engine();
        engine.Run("[AgentUsers.PowerShell.PSAgentUserReport]@{ UserPrincipalName = 'a@contoso.com'; Outcome = 'Failed' } | Out-Default").Check();
        Assert.Contains("\u001b[91mFailed", engine.Shown, StringComparison.Ordinal);
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
        Assert.Matches("""25\s+Failed\s+\S+@contoso\.com\s+Parent\w+: """, Plain(engine.Shown));
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
            object? was = Base(property.Value), now = Base(back.Properties[property.Name].Value);
            if (was is string or bool or Guid or DateTime or null)
                Assert.Equal(was, now);
            else if (property.Name != "AssignedLicenses")
                Assert.Equal(Items(was), Items(now!));
        }
        Assert.Equal(DateTimeKind.Utc, Assert.IsType<DateTime>(Base(back.Properties["CreatedDateTime"].Value)).Kind);
        // Cmdlets and scripts that take the type take what was read from a file, too.
        dynamic again = engine.Run("[AgentUsers.PowerShell.PSAgentUser]$args[0]", back).Check().Single();
        Assert.Equal(("sales.lead@contoso.com", "Lead"), ((string)again.UserPrincipalName, (string)again.JobTitle));

        PSObject row = engine.Run("Invoke-AgentUserRoster $args[0] -Domain contoso.com | Where-Object Row -eq 2", s_roster).Check().Single();
        var rowBack = (PSObject)PSSerializer.Deserialize(PSSerializer.Serialize(row, 2));
        Assert.Equal((2, "Unchanged", "sales.lead@contoso.com"), (rowBack.Properties["Row"].Value, rowBack.Properties["Outcome"].Value, rowBack.Properties["UserPrincipalName"].Value));
    }

    [Fact]
    public void Details_tell_a_creation_that_is_planned_and_not_one_that_the_outcome_tells()
    {
        using var engine = new Engine();
        engine.Connect();
        const string New = "[pscustomobject]@{ ParentId = $args[0]; Name = 'New' } | Invoke-AgentUserRoster -Domain contoso.com";
        engine.Run(New + " -WhatIf | Out-Default; " + New + " | Out-Default", Tenant.Identity(1)).Check();
        Assert.Matches(@"Planned\S* +new@contoso\.com +create\s", engine.Shown);
        Assert.Matches(@"Created\S* +new@contoso\.com\s*$", engine.Shown);
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
                string text = property.Value?.ToString() ?? "";
                Assert.DoesNotMatch(TypeName(), text);
                if (Base(property.Value) is DateTime)
                    Assert.EndsWith("Z", text);
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

    [Fact]
    public void A_moment_keeps_its_zone_and_stays_a_DateTime()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("$user = Get-AgentUser first.agent@contoso.com").Check();
        Assert.Equal(
            [true, true, "2026", true],
            engine.Run(
                """
                $user.CreatedDateTime -is [datetime]
                $user.CreatedDateTime -lt [datetime]::UtcNow.AddDays(1)
                $user.CreatedDateTime.ToString('yyyy')
                $user.CreatedDateTime.AddDays(1) -gt $user.CreatedDateTime
                """).Check().Select(value => value.BaseObject is string ? "2026" : value.BaseObject));
        PSObject moment = engine.Run("$user").Check().Single();
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", moment.Properties["CreatedDateTime"].Value.ToString());
    }

    [Fact]
    public void Scripts_make_what_cmdlets_output_from_hashtables()
    {
        using var engine = new Engine();
        dynamic user = engine.Run(
            """
            [AgentUsers.PowerShell.PSAgentUser]@{
                Id = 'a6000000-0000-4000-8000-000000000001'; UserPrincipalName = 'a@contoso.com'; AccountEnabled = $false
                CreatedDateTime = '2026-01-31T01:00:00+01:00'; BusinessPhones = '1'; OtherMails = 'a@x.y; b@x.y'
                AssignedLicenses = 'AGENT_365', '5c000000-0000-4000-8000-000000000001'; AdditionalMembers = @{ extension_a = 1 }
            }
            """).Check().Single();
        Assert.Equal(("a@contoso.com", false, "2026-01-31T00:00:00Z"), ((string)user.UserPrincipalName, (bool)user.AccountEnabled, (string)user.CreatedDateTime.ToString()));
        Assert.Equal(("1", "a@x.y; b@x.y"), ((string)user.BusinessPhones.ToString(), (string)user.OtherMails.ToString()));
        engine.Runspace.SessionStateProxy.SetVariable("user", user);
        Assert.Equal(
            [true, true, false, 1],
            engine.Run(
                """
                $user.AssignedLicenses -contains 'agent_365'
                $user.AssignedLicenses -contains [guid]'5c000000-0000-4000-8000-000000000001'
                $user.AssignedLicenses -contains 'SPE_E5'
                $user.AdditionalMembers.extension_a
                """).Check().Select(value => value.BaseObject));
        Assert.Equal("a@contoso.com", (string)JsonNode.Parse((string)user.ToJson())!["userPrincipalName"]!);
        dynamic report = engine.Run(
            """
            [AgentUsers.PowerShell.PSAgentUserReport]@{
                UserPrincipalName = 'a@contoso.com'; Outcome = 'Failed'; Problem = @{ Code = 'UpnTaken' }
                Changes = @{ Change = 'Create' }, @{ Change = 'Set'; Member = 'city'; To = 'Rome' }
            }
            """).Check().Single();
        Assert.Equal(("UpnTaken", "Create; Set city Rome"), ((string)report.Problem.Code, (string)report.Changes.ToString()));
        dynamic plan = engine.Run(
            """
            [AgentUsers.PowerShell.PSAgentUserPlan]@{
                Verb = 'Remove'; Digest = 'abc'; Path = 'plan.json'
                Changes = @{ UserPrincipalName = 'a@contoso.com'; Row = 1; Change = @{ Change = 'Delete' } }, @{ UserPrincipalName = 'b@contoso.com'; Row = 2; Change = @{ Change = 'Delete' } }
            }
            """).Check().Single();
        Assert.Equal((2, "a@contoso.com: Delete; b@contoso.com: Delete"), ((int)plan.Objects, (string)plan.Changes.ToString()));
        // A plan that a script made is shown, and is not applied.
        engine.Connect("-AgentUsers 1");
        Assert.StartsWith("PlanUnreadable,", engine.Run("$args[0] | Invoke-AgentUserPlan -Approved abc", (object)plan).Error.FullyQualifiedErrorId);
        dynamic audit = engine.Run("[AgentUsers.PowerShell.PSAgentUserAudit]@{ High = 2; Rules = @{ Rule = 'idle'; Found = 2 } }").Check().Single();
        Assert.Equal((2, "idle: 2 found, 0 not checked"), ((int)audit.High, (string)audit.Rules.ToString()));
        Assert.StartsWith("NotAReportRecord,", engine.Run("$args[0] | Export-AgentUserReport ./made.html", (object)audit).Errors[0].FullyQualifiedErrorId);
    }

    [Fact]
    public void Every_type_that_a_cmdlet_outputs_can_be_made_from_a_hashtable_of_all_its_properties()
    {
        using var engine = new Engine();
        var left = new Queue<Type>(engine.Run("(Get-Command -Module AgentUser).OutputType.Type").Check().Select(type => (Type)type.BaseObject));
        // A connection and a simulator hold native handles.
        var seen = new HashSet<Type>(left.Where(type => type.Name is "AgentUserConnection" or "AgentUserSimulatorSession"));
        Assert.Equal(2, seen.Count);
        var made = new List<string>();
        while (left.TryDequeue(out Type? type))
        {
            if (type.Namespace != "AgentUsers.PowerShell" || !seen.Add(type))
                continue;
            System.Reflection.PropertyInfo[] properties = type.GetProperties();
            Assert.All(properties, property => Assert.True(property.SetMethod is { IsPublic: true }, $"{type.Name}.{property.Name} can't be set."));
            var values = new System.Collections.Hashtable();
            foreach (System.Reflection.PropertyInfo property in properties)
            {
                Type of = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
                Type item = of.IsGenericType ? of.GetGenericArguments()[0] : of;
                left.Enqueue(item);
                values[property.Name] = item.Name switch
                {
                    "Guid" => "a6000000-0000-4000-8000-000000000001",
                    "Boolean" => true,
                    "Int32" or "Int64" => 7,
                    "TimeSpan" => TimeSpan.FromSeconds(7),
                    "ProblemKind" => "NotFound",
                    "PSObject" when property.Name == "AdditionalMembers" => new System.Collections.Hashtable { ["a"] = 1 },
                    "PSObject" => "2026-01-31T00:00:00Z",
                    "String" or "Object" => "some text",
                    _ => new System.Collections.Hashtable(),
                };
            }
            PSObject one = engine.Run($"[{type.FullName}]$args[0]", values).Check().Single();
            Assert.Equal(type, one.BaseObject.GetType());
            foreach (System.Reflection.PropertyInfo property in properties.Where(property => values[property.Name] is string or int or true))
                Assert.Equal(values[property.Name]!.ToString(), property.GetValue(one.BaseObject)?.ToString());
            Assert.NotNull(one.ToString());
            if (type.GetMethod("ToJson") is { } toJson)
                Assert.StartsWith("{", (string)toJson.Invoke(one.BaseObject, null)!);
            made.Add(type.Name);
        }
        Assert.Contains("PSAgentUserPlannedChange", made);
        Assert.Contains("PSAgentUserAuditRule", made);
    }

    [Fact]
    public void A_member_that_a_script_sets_is_in_the_place_of_what_Graph_sent()
    {
        using var engine = new Engine();
        engine.Connect();
        dynamic user = engine.Run("$user = Get-AgentUser first.agent@contoso.com; $user.City = 'Rome'; $user").Check().Single();
        Assert.Equal(("Rome", "first.agent@contoso.com"), ((string)user.City, (string)user.UserPrincipalName));
        JsonNode json = JsonNode.Parse((string)user.ToJson())!;
        Assert.Equal(("Rome", "first.agent@contoso.com"), ((string)json["city"]!, (string)json["userPrincipalName"]!));
    }

    private static object? Base(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static IEnumerable<string> Items(object list) =>
        ((System.Collections.IEnumerable)(list is PSObject wrapped ? wrapped.BaseObject : list)).Cast<object>().Select(item => item.ToString()!);

    /// <summary>The words, none of which is ever cut. A line may begin with the domain of a sign-in name, and with a point of other names.</summary>
    private static HashSet<string> Words(string[] lines) =>
        [.. lines.SelectMany(line => line.Replace("@", " @", StringComparison.Ordinal).Replace(".", " .", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static string Plain(string shown) => Colour().Replace(shown, "");

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();

    [GeneratedRegex(@"System\.|AgentUsers\.|`1")]
    private static partial Regex TypeName();
}
