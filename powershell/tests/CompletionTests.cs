using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell.Tests;

public sealed partial class CompletionTests
{
    private const string Blueprint = "b1a00000-0000-4000-8000-000000000001";

    [Theory]
    [InlineData("New-AgentUser -UsageLocation ger", "DE", "Germany")]
    [InlineData("New-AgentUser -UsageLocation d", "DE", "Germany")]
    [InlineData("New-AgentUser -UsageLocation Deut", "DE", "Germany")]
    [InlineData("New-AgentUser -Licenses AGENT_", "AGENT_365", "Agent 365")]
    [InlineData("New-AgentUser -Licenses AGENT_365, ENTER", "ENTERPRISEPACK", "Office 365 E3")]
    [InlineData("New-AgentUser -Licenses 'Office 365 E3", "ENTERPRISEPACK", "Office 365 E3")]
    [InlineData("New-AgentUser -UserType g", "Guest", "Guest")]
    [InlineData("Get-AgentUserHelp UpnTa", "UpnTaken", "UpnTaken")]
    [InlineData("Get-AgentUserHelp ReadOnlyC", "ReadOnlyColumns", "ReadOnlyColumns")]
    [InlineData("Get-AgentUser -Property cit", "city", "Empty in a list unless it is named here.")]
    [InlineData("Get-AgentUser -Property Man", "Manager", "The manager, by a request for each agent user.")]
    [InlineData("Get-AgentUser -Property custom", "customSecurityAttributes", "Custom security attributes, for those who may read them.")]
    [InlineData("Test-AgentUserConnection applyR", "applyRoster", "applyRoster")]
    [InlineData("Get-AgentUserPermission -Operation hand, ret", "retire", "retire")]
    [InlineData("Get-AgentUserPermission get-agentuserm", "Get-AgentUserManager", "manager")]
    [InlineData("Grant-AgentIdentityPermission a@contoso.com -Scope directory.r", "Directory.Read.All", "Directory.Read.All")]
    [InlineData("Add-AgentIdentityAppRole -AppRole AgentIdUser.ReadWrite.I", "AgentIdUser.ReadWrite.IdentityParentedBy", "AgentIdUser.ReadWrite.IdentityParentedBy")]
    [InlineData("Wait-AgentIdentityPermission AgentIdU", "AgentIdUser.ReadWrite.All", "AgentIdUser.ReadWrite.All")]
    [InlineData("Set-AgentIdentityBlueprint -InheritableScopes all", "AllAllowed", "AllAllowed")]
    [InlineData("Set-AgentIdentityBlueprint -ResourceAppId micro", "00000003-0000-0000-c000-000000000000", "Microsoft Graph")]
    [InlineData("Export-AgentUserReport x.csv -Column created", "createdDateTime", "createdDateTime")]
    [InlineData("Start-AgentUserSimulator -Fault lost", "@{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Nth = 1; Fault = 'LostAnswer' }", "LostAnswer")]
    public void Values_are_offered_without_a_connection(string typed, string text, string tip)
    {
        using var engine = new Engine();
        CompletionResult[] offered = Complete(engine, typed);
        Assert.Contains(offered, one => one.CompletionText == text && one.ToolTip.StartsWith(tip, StringComparison.Ordinal));
    }

    [Fact]
    public void Services_to_wait_for_are_offered_without_none()
    {
        using var engine = new Engine();
        Assert.Equal(["Mailbox", "OneDrive", "Teams"], Complete(engine, "Wait-AgentUser -For ").Select(one => one.CompletionText));
    }

    [Theory]
    [InlineData("New-AgentUser -DisplayName ")]
    [InlineData("Get-AgentUser ")]
    [InlineData("Get-AgentUser -UserPrincipalName sales")]
    [InlineData("New-AgentUser -IdentityParentId ")]
    [InlineData("New-AgentUser -Manager ")]
    [InlineData("New-AgentUser -Domain ")]
    [InlineData("New-AgentUser -UsageLocation zzz")]
    [InlineData("Suspend-AgentUser -Blueprint ")]
    [InlineData("Get-AgentIdentity -DisplayName ")]
    [InlineData("Get-AgentIdentityPermission ")]
    [InlineData("Revoke-AgentIdentityPermission first.agent@contoso.com -Scope ")]
    [InlineData("Remove-AgentIdentityAppRole -Blueprint b1a00000-0000-4000-8000-000000000001 -AppRole ")]
    [InlineData("Grant-AgentIdentityPermission -Scope zzz")]
    [InlineData("Disconnect-AgentUser -Connection ")]
    [InlineData("Add-AgentUserSponsor first.agent@contoso.com -Sponsor ")]
    [InlineData("Add-AgentUserSponsor first.agent@contoso.com -Sponsor group:g")]
    [InlineData("Remove-AgentUserSponsor first.agent@contoso.com -Sponsor ")]
    [InlineData("Get-AgentUser -SponsoredBy human")]
    [InlineData("Move-AgentUserSponsor -From human1@contoso.com -To human")]
    public void Where_there_are_no_values_nothing_is_offered_and_never_files(string typed)
    {
        using var engine = new Engine();
        Assert.Empty(Complete(engine, typed));
        // Neither for a connection that was closed, nor for one whose server is gone.
        Tenant tenant = engine.Connect();
        engine.Run("$closed = Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { 'admin' } -PassThru; Disconnect-AgentUser $closed", tenant.Endpoint).Check();
        Assert.Empty(Complete(engine, typed));
        engine.Run("Connect-AgentUser -GraphEndpoint http://127.0.0.1:1 -AccessToken { throw 'no token' }").Check();
        Assert.Empty(Complete(engine, typed));
        Assert.Empty(engine.Run("$Error").Output);
    }

    [Fact]
    public void Names_and_parents_come_from_the_tenant_and_are_kept()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 60 -LatencyMilliseconds 0, 0");
        Assert.Equal("first.agent@contoso.com", Assert.Single(Complete(engine, "Get-AgentUser first")).CompletionText);
        int requests = Requests(tenant);
        Assert.Equal("first.agent@contoso.com", Assert.Single(Complete(engine, "Remove-AgentUser first.a")).CompletionText);
        Assert.Empty(Complete(engine, "Set-AgentUser firstx"));
        Assert.Equal(requests, Requests(tenant));
        // A page, however many there are.
        Assert.Equal(30, Complete(engine, "Get-AgentUser agent").Length);
        CompletionResult parent = Complete(engine, "New-AgentUser -IdentityParentId 'Agent 12")[0];
        Assert.Equal((Tenant.Identity(12), "Agent 12"), (parent.CompletionText, parent.ListItemText));
        Assert.Contains(Complete(engine, "New-AgentUser -Licenses AGENT_3"), one => one.ToolTip.StartsWith("Agent 365, 25 of 25 seats free", StringComparison.Ordinal));
        Assert.Contains("contoso.com", Complete(engine, "New-AgentUser -Domain ").Select(one => one.CompletionText));
        Assert.Equal("'Agent 12'", Assert.Single(Complete(engine, "Get-AgentIdentity -DisplayName 'Agent 12")).CompletionText);
        CompletionResult blueprint = Assert.Single(Complete(engine, "Suspend-AgentUser -Blueprint 'Blueprint 2"));
        Assert.Equal(("b1a00000-0000-4000-8000-000000000002", "Blueprint 2"), (blueprint.CompletionText, blueprint.ListItemText));
        Assert.Equal(["'Blueprint 1'", "'Blueprint 2'", "'Blueprint 3'"], Complete(engine, "Get-AgentIdentityBlueprint -DisplayName b").Select(one => one.CompletionText));
        // The part numbers are known from then on.
        engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com -UsageLocation US -Licenses AGENT_365", Tenant.Identity(1)).Check();
        Assert.Equal("AGENT_365", engine.Run("(Get-AgentUser a1@contoso.com).AssignedLicenses").Check().Single().ToString());
        // An agent user that was created is offered, although its prefix was asked for before.
        Assert.Equal("a1@contoso.com", Assert.Single(Complete(engine, "Get-AgentUser a1@")).CompletionText);
    }

    [Fact]
    public void Licenses_to_remove_are_those_that_the_agent_user_has()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 3 -LatencyMilliseconds 0, 0");
        engine.Run("Set-AgentUser first.agent@contoso.com -UsageLocation DE; Set-AgentUserLicense first.agent@contoso.com -Add AGENT_365").Check();
        Assert.Equal("AGENT_365", Assert.Single(Complete(engine, "Set-AgentUserLicense first.agent@contoso.com -Remove ")).CompletionText);
        Assert.Equal("AGENT_365", Assert.Single(Complete(engine, "Set-AgentUserLicense first.agent@contoso.com -Remove agent")).CompletionText);
        Assert.Empty(Complete(engine, "Set-AgentUserLicense agent25@contoso.com -Remove "));
        Assert.NotEmpty(Complete(engine, "Get-AgentUser | Set-AgentUserLicense -Remove "));
        engine.Run("Set-AgentUserLicense first.agent@contoso.com -Remove AGENT_365 -Force").Check();
        Assert.Empty(Complete(engine, "Set-AgentUserLicense first.agent@contoso.com -Remove "));
    }

    [Fact]
    public void What_is_taken_away_is_offered_from_what_the_agent_has()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 2 -LatencyMilliseconds 0, 0");
        engine.Run("Grant-AgentIdentityPermission first.agent@contoso.com -Scope User.Read, Mail.Send; Add-AgentIdentityAppRole -Blueprint $args[0] -AppRole User.Read.All", Blueprint).Check();
        Assert.Equal(["Mail.Send", "User.Read"], Complete(engine, "Revoke-AgentIdentityPermission first.agent@contoso.com -Scope ").Select(one => one.CompletionText));
        Assert.Equal("User.Read.All", Assert.Single(Complete(engine, $"Remove-AgentIdentityAppRole -Blueprint {Blueprint} -AppRole u")).CompletionText);
        Assert.Equal("first.agent@contoso.com", Assert.Single(Complete(engine, "Get-AgentIdentityPermission first")).CompletionText);
        // Permissions of its agent identity for all users are offered beside -AllPrincipals alone.
        string identity = engine.Run("$id = (Get-AgentUser first.agent@contoso.com).IdentityParentId; Grant-AgentIdentityPermission $id -AllPrincipals -Scope Files.ReadWrite.All; $id").Check().Single().ToString()!;
        Assert.Equal(["Mail.Send", "User.Read"], Complete(engine, "Revoke-AgentIdentityPermission first.agent@contoso.com -Scope ").Select(one => one.CompletionText));
        Assert.Equal("Files.ReadWrite.All", Assert.Single(Complete(engine, $"Revoke-AgentIdentityPermission {identity} -AllPrincipals -Scope ")).CompletionText);
        int requests = Requests(tenant);
        Assert.Equal("Mail.Send", Assert.Single(Complete(engine, "Revoke-AgentIdentityPermission first.agent@contoso.com -Scope mail")).CompletionText);
        Assert.Equal(requests, Requests(tenant));
        // Permissions are read again after a change.
        engine.Run("Revoke-AgentIdentityPermission first.agent@contoso.com -Scope Mail.Send -Force").Check();
        Assert.Equal("User.Read", Assert.Single(Complete(engine, "Revoke-AgentIdentityPermission first.agent@contoso.com -Scope ")).CompletionText);
    }

    [Fact]
    public void Connections_are_offered_by_name_and_values_come_from_the_named_one()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 60");
        engine.Run("Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { 'admin' } -Name rehearsal; Connect-AgentUser -GraphEndpoint http://127.0.0.1:1 -AccessToken { 'admin' } -Name other", tenant.Endpoint).Check();
        Assert.Equal("rehearsal", Assert.Single(Complete(engine, "Get-AgentUser -Connection re")).CompletionText);
        Assert.Equal(["other", "rehearsal"], Complete(engine, "Get-AgentUserConnection ").Select(one => one.CompletionText));
        Assert.Single(Complete(engine, "Get-AgentUser -Connection rehearsal -Id first"));
        Assert.Empty(Complete(engine, "Get-AgentUser -Connection other -Id first"));
    }

    [Fact]
    public void The_recycle_bin_is_offered_where_its_agent_users_are_meant()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 4");
        Assert.Empty(Complete(engine, "Restore-AgentUser agent"));
        engine.Run("Remove-AgentUser agent26@contoso.com -Force").Check();
        foreach (string typed in new[] { "Restore-AgentUser agent", "Remove-AgentUser -Permanent agent" })
            Assert.Equal("agent26@contoso.com", Assert.Single(Complete(engine, typed)).CompletionText);
        Assert.Empty(Complete(engine, "Restore-AgentUser first"));
        Assert.DoesNotContain("agent26@contoso.com", Complete(engine, "Remove-AgentUser agent").Select(one => one.CompletionText));
    }

    [Fact]
    public void A_name_with_an_apostrophe_is_quoted()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName \"o'brien@contoso.com\"", Tenant.Identity(1)).Check();
        Assert.Equal("'o''brien@contoso.com'", Assert.Single(Complete(engine, "Get-AgentUser o")).CompletionText);
    }

    [Fact]
    public void A_large_tenant_is_asked_for_one_small_page_of_a_prefix_and_then_for_nothing()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 5000 -LatencyMilliseconds 0, 0");
        Assert.Equal("human3@contoso.com", Assert.Single(Complete(engine, "New-AgentUser -Manager human3")).CompletionText);
        string[] prefixes = ["agent37", "agent4", "agent"];
        int before = Requests(tenant);
        Assert.All(prefixes, prefix => Assert.Equal(30, Complete(engine, $"Get-AgentUser {prefix}").Length));
        // At most one page is read ahead before the call is freed.
        Assert.InRange(Requests(tenant) - before, prefixes.Length, 2 * prefixes.Length);
        int asked = Requests(tenant);
        Assert.All(prefixes, prefix => Assert.Equal(30, Complete(engine, $"Remove-AgentUser {prefix}").Length));
        Assert.Equal(asked, Requests(tenant));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        using var server = new HoldingServer();
        using var engine = new Engine();
        engine.Run("Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { 'x' }", server.Root).Check();
        // The first page comes, and holds two names; the request for the next is never sent, because the call is freed.
        Assert.Equal(2, Complete(engine, "Get-AgentUser ").Length);
        Assert.Empty(await Task.Run(() => Complete(engine, "New-AgentUser -Domain ")).WaitAsync(Hang.Limit));
        await server.Left.WaitAsync(Hang.Limit);
    }

    [Fact]
    public void Every_text_has_a_completer_unless_files_are_meant()
    {
        using var engine = new Engine();
        foreach (PSObject command in engine.Run("Get-Command -Module AgentUser").Check())
        {
            foreach (ParameterMetadata parameter in ((CmdletInfo)command.BaseObject).Parameters.Values)
            {
                if (parameter.ParameterType != typeof(string) && parameter.ParameterType != typeof(string[]) || Cmdlet.CommonParameters.Contains(parameter.Name))
                    continue;
                bool isFile = parameter.Name.EndsWith("Path", StringComparison.Ordinal) || parameter.Name.EndsWith("File", StringComparison.Ordinal)
                    || parameter.Name is "Roster" or "SaveSnapshot" or "LocatedIn";
                bool hasValues = parameter.Attributes.Any(attribute => attribute is ArgumentCompleterAttribute or ValidateSetAttribute);
                Assert.True(isFile != hasValues, $"{command} -{parameter.Name}");
            }
        }
    }

    [Fact]
    public void The_tables_are_those_of_the_core_and_the_simulator()
    {
        string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));
        string tables = Read("powershell", "src", "Completion", "TableCompleters.cs") + Read("powershell", "src", "Completion", "TenantCompleters.cs");
        Assert.All(
            Pair().Matches(Read("crates", "core", "src", "model", "product_names.rs")), pair => Assert.Contains(pair.Value, tables, StringComparison.Ordinal));
        MatchCollection rules = Rule().Matches(Read("docs", "audit.md"));
        Assert.Equal(29, rules.Count);
        Assert.All(rules, rule => Assert.Contains($"(\"{rule.Groups[1]}\", \"{rule.Groups[2]}\", \"{rule.Groups[3]}\")", tables, StringComparison.Ordinal));
        string operations = Read("docs", "permissions.md").Split("permissions by operation -->")[1].Split("\n\n")[0];
        Assert.Equal(61, Operation().Count(operations));
        using var engine = new Engine();
        Assert.Equal(
            Operation().Matches(operations).Select(operation => operation.Groups[1].Value).Order(StringComparer.Ordinal),
            Complete(engine, "Test-AgentUserConnection ").Select(one => one.CompletionText).Order(StringComparer.Ordinal));
        string faults = Read("powershell", "src", "Completion", "FaultCompleter.cs");
        foreach (Match fault in Fault().Matches(Read("crates", "simulator", "src", "network", "faults.rs")))
        {
            if (fault.Groups[1].Value != "Scripted")
                Assert.Contains($"\"{fault.Groups[1]}\"", faults, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("New-AgentUser -Manager ")]
    [InlineData("New-AgentUser -Sponsors ")]
    [InlineData("Set-AgentUserManager first.agent@contoso.com -Manager ")]
    [InlineData("Add-AgentUserSponsor first.agent@contoso.com -Sponsor ")]
    [InlineData("Get-AgentUser -SponsoredBy ")]
    [InlineData("Get-AgentIdentity -SponsoredBy ")]
    [InlineData("Move-AgentUserSponsor -From ")]
    [InlineData("Move-AgentUserSponsor -From human1@contoso.com -To ")]
    public void People_are_offered_by_both_of_their_names_and_agent_users_are_not(string typed)
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3 -LatencyMilliseconds 0, 0");
        int before = Requests(tenant);
        CompletionResult person = Assert.Single(Complete(engine, typed + "human2"));
        Assert.Equal(("human2@contoso.com", "Human 2"), (person.CompletionText, person.ToolTip));
        Assert.Equal("human3@contoso.com", Assert.Single(Complete(engine, typed + "'Human 3")).CompletionText);
        Assert.Equal(2, Requests(tenant) - before);
        // All of a prefix are known from one page: those of a longer one, and of any other cmdlet, too.
        Assert.Equal(5, Complete(engine, typed + "hu").Length);
        Assert.Single(Complete(engine, typed + "human4"));
        Assert.Equal(5, Complete(engine, "New-AgentUser -Manager hum").Length);
        Assert.Single(Complete(engine, typed + "human2"));
        Assert.Equal(3, Requests(tenant) - before);
        Assert.Empty(Complete(engine, typed + "first"));
        Assert.Empty(Complete(engine, typed + "agent"));
    }

    [Fact]
    public void People_who_cannot_sign_in_are_offered_as_leavers_alone()
    {
        using var engine = new Engine();
        engine.Connect("-Tenant Troubled -LatencyMilliseconds 0, 0");
        foreach (string typed in new[] { "Move-AgentUserSponsor -From human11", "Get-AgentUser -SponsoredBy human11" })
            Assert.Equal("human11@contoso.com", Assert.Single(Complete(engine, typed)).CompletionText);
        foreach (string typed in new[] { "New-AgentUser -Manager human11", "New-AgentUser -Sponsors human11", "Move-AgentUserSponsor -To human11" })
            Assert.Empty(Complete(engine, typed));
    }

    [Fact]
    public void Groups_are_offered_behind_their_mark_where_they_may_be_sponsors()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 2 -LatencyMilliseconds 0, 0");
        Assert.Equal("group:", Assert.Single(Complete(engine, "New-AgentUser -Sponsors gr")).CompletionText);
        Assert.Equal("group:", Complete(engine, "New-AgentUser -Sponsors ")[^1].CompletionText);
        Assert.Empty(Complete(engine, "New-AgentUser -Manager gr"));
        Assert.DoesNotContain("group:", Complete(engine, "New-AgentUser -Manager ").Select(one => one.CompletionText));
        int before = Requests(tenant);
        foreach (string typed in new[] { "Add-AgentUserSponsor first.agent@contoso.com -Sponsor 'group:Group 2", "Move-AgentUserSponsor -From 'group:Group 2", "Move-AgentUserSponsor -To 'group:group 2" })
        {
            CompletionResult group = Assert.Single(Complete(engine, typed));
            Assert.Equal(("group:60000000-0000-4000-8000-000000000002", "Group 2"), (group.CompletionText, group.ListItemText));
        }
        Assert.Equal(1, Requests(tenant) - before);
        Assert.Equal(["Group 1", "Group 2"], Complete(engine, "Add-AgentUserSponsor first.agent@contoso.com -Sponsor human1@contoso.com, group:g").Select(one => one.ListItemText));
        // The id is taken as it was completed.
        engine.Run($"Add-AgentUserSponsor first.agent@contoso.com -Sponsor {Complete(engine, "New-AgentUser -Sponsors group:")[0].CompletionText}").Check();
    }

    [Fact]
    public void Sponsors_to_remove_are_those_that_the_agent_user_has()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 2 -LatencyMilliseconds 0, 0");
        engine.Run("Add-AgentUserSponsor agent25@contoso.com -Sponsor human4@contoso.com, group:60000000-0000-4000-8000-000000000001").Check();
        const string Typed = "Remove-AgentUserSponsor agent25@contoso.com -Sponsor ";
        string[] had = [.. engine.Run("Get-AgentUserSponsor agent25@contoso.com").Check().Select(sponsor => (string)((dynamic)sponsor).DisplayName)];
        Assert.Equal(had.Order(), Complete(engine, Typed).Select(one => one.ToolTip.Split(" (")[0]).Order());
        int before = Requests(tenant);
        Assert.Equal("group:60000000-0000-4000-8000-000000000001", Assert.Single(Complete(engine, Typed + "'Group 1")).CompletionText);
        Assert.Equal("human4@contoso.com", Assert.Single(Complete(engine, Typed + "human4")).CompletionText);
        Assert.Equal(before, Requests(tenant));
        Assert.Equal(5, Complete(engine, "Get-AgentUser | Remove-AgentUserSponsor -Sponsor human").Length);
        engine.Run("Remove-AgentUserSponsor agent25@contoso.com -Sponsor human4@contoso.com -Force").Check();
        Assert.Empty(Complete(engine, Typed + "human4"));
    }

    [Fact]
    public void Permissions_beside_an_agent_identity_are_for_people_too()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2 -LatencyMilliseconds 0, 0");
        string beside = $"Grant-AgentIdentityPermission {Tenant.Identity(1)} -User ";
        Assert.Equal("human2@contoso.com", Assert.Single(Complete(engine, beside + "human2")).CompletionText);
        Assert.Equal("first.agent@contoso.com", Assert.Single(Complete(engine, beside + "first")).CompletionText);
        Assert.Empty(Complete(engine, "Grant-AgentIdentityPermission -User human2"));
        Assert.Equal("first.agent@contoso.com", Assert.Single(Complete(engine, "Grant-AgentIdentityPermission -User first")).CompletionText);
    }

    [Fact]
    public void Without_the_permission_nothing_is_offered_and_nothing_is_told()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-Option @{ permissions = 'LicenseAssignment.Read.All', 'Organization.Read.All' } -LatencyMilliseconds 0, 0");
        int before = Requests(tenant);
        Assert.Empty(Complete(engine, "New-AgentUser -Manager human"));
        Assert.Empty(Complete(engine, "New-AgentUser -Sponsors group:g"));
        Assert.Empty(Complete(engine, "Remove-AgentUserSponsor first.agent@contoso.com -Sponsor human"));
        Assert.True(Requests(tenant) > before);
        Assert.Empty(engine.Run("$Error").Output);
    }

    private static int Requests(Tenant tenant) => (int)tenant.Stats()["requests"]!;

    /// <summary>The completions that the key Tab offers.</summary>
    private static CompletionResult[] Complete(Engine engine, string typed)
    {
        using var shell = System.Management.Automation.PowerShell.Create(engine.Runspace);
        return [.. CommandCompletion.CompleteInput(typed, typed.Length, null, shell).CompletionMatches];
    }

    [GeneratedRegex("""\("\w+", "[^"]+"\)""")]
    private static partial Regex Pair();

    [GeneratedRegex(@"^\| ([a-z-]+)(?: \(beta\))? \| (high|medium|low|info) \| (.*?) \|", RegexOptions.Multiline)]
    private static partial Regex Rule();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Operation();

    [GeneratedRegex("""Self::\w+.*=> "(\w+)",""")]
    private static partial Regex Fault();
}
