using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentUsers.PowerShell.Host;

namespace AgentUsers.PowerShell.Tests;

public sealed partial class RosterObjectTests : IDisposable
{
    /// <summary>Two agent users as a CSV file's records, with cells of text.</summary>
    private const string Records = """
        $records = foreach ($number in 1..3) {
            [pscustomobject]@{
                identityParentId = 'a1d00000-0000-4000-8000-{0:x12}' -f $number; displayName = "Agent $number"; userPrincipalName = "a$number@contoso.com"
                usageLocation = 'DE'; accountEnabled = 'true'; licenses = 'AGENT_365'; jobTitle = ''; manager = if ($number -eq 2) { 'a1@contoso.com' }
            }
        }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("agentuser-rosters").FullName;

    [Fact]
    public void Objects_of_the_pipeline_are_one_roster()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        Outcome dry = engine.Run(Records + "$records | Where-Object userPrincipalName -ne 'a3@contoso.com' | Invoke-AgentUserRoster -WhatIf");
        dry.Check();
        Assert.Equal([1, 2], dry.Values("Row"));
        Assert.All(WhatIf().Matches(engine.Shown), line => Assert.InRange(line.Value.Length, 1, 80));
        Assert.Equal(2, WhatIf().Count(engine.Shown));
        Assert.Empty(tenant.Writes());
        // A row names the manager that is another row of the pipeline.
        Outcome applied = engine.Run(Records + "$records | Invoke-AgentUserRoster -ReportPath $args[0]", In("report.json"));
        applied.Check();
        Assert.Equal(["Created", "Created", "Created"], applied.Values("Outcome"));
        JsonNode[] reports = [.. File.ReadAllLines(In("report.json")).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal([1, 2, 3], reports.Select(report => (int)report["row"]!).Order());
        Assert.Empty(engine.Run(Records + "$records | Compare-AgentUserRoster").Check());
        Assert.Equal(["Unchanged", "Unchanged", "Unchanged"], engine.Run(Records + "$records | Compare-AgentUserRoster -IncludeEqual").Values("Outcome"));
        Assert.Equal(["set jobTitle to \"Chief\""], engine.Run(Records + "$records[1].jobTitle = 'Chief'; ($records | Compare-AgentUserRoster).Changes").Check().Select(change => change.ToString()));
        engine.Run(Records + "$records | Invoke-AgentUserRoster -ReportPath $args[0]", In("report.csv")).Check();
        Assert.Equal(4, File.ReadAllLines(In("report.csv")).Length);
        Assert.StartsWith("1,a1@contoso.com,", File.ReadAllLines(In("report.csv"))[1]);
    }

    [Fact]
    public void Paths_and_files_of_the_pipeline_are_rosters()
    {
        using var engine = new Engine();
        engine.Connect();
        string roster = Path.Combine(Repository.Root, "tests", "flows", "twelve.csv");
        Assert.Equal(12, engine.Run("$args[0] | Compare-AgentUserRoster", roster).Check().Count);
        Assert.Equal(12, engine.Run("$args[0] | Compare-AgentUserRoster", new FileInfo(roster)).Check().Count);
        Assert.Equal(12, engine.Run("Compare-AgentUserRoster -InputObject $args[0]", roster).Check().Count);
        Assert.Empty(engine.Run("@() | Invoke-AgentUserRoster").Check());
        Assert.Equal("PathMissing", Code(engine.Run("Invoke-AgentUserRoster")));
        Assert.Equal("MixedInput", Code(engine.Run("$args[0], @{ displayName = 'A' } | Invoke-AgentUserRoster", roster)));
        Assert.True((bool)engine.Run("(Test-AgentUser $args[0]).IsValid", roster).Check().Single().BaseObject);
    }

    [Fact]
    public void An_invalid_record_is_an_error_with_its_row_and_nothing_is_sent()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        Outcome outcome = engine.Run(Records + "$records[1].usageLocation = 'Germany'; $records | Invoke-AgentUserRoster");
        Assert.Equal(2, outcome.Error.TargetObject is PSObject target ? target.Properties["Row"].Value : ((dynamic)outcome.Error.TargetObject).Row);
        Assert.Empty(tenant.Writes());
    }

    /// <summary>The output of Get-AgentUser goes back: columns that only Graph writes are left alone, with one remark.</summary>
    [Fact]
    public void Agent_users_go_back_in_as_a_roster()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        Outcome same = engine.Run("Get-AgentUser | Invoke-AgentUserRoster 6>&1 | ForEach-Object { if ($_ -is [System.Management.Automation.InformationRecord]) { \"$_\" } else { $_ } }");
        same.Check();
        Assert.Equal(["Unchanged", "Unchanged", "Unchanged"], same.Output.Where(item => item.BaseObject is not string).Select(item => item.Properties["Outcome"].Value));
        Assert.Single(same.Output, item => item.BaseObject is string text && text.StartsWith("ReadOnlyColumns", StringComparison.Ordinal));
        Outcome changed = engine.Run("$users = Get-AgentUser; $users[0].JobTitle = 'Chief'; $users | Invoke-AgentUserRoster");
        changed.Check();
        Assert.Equal(["Changed", "Unchanged", "Unchanged"], changed.Values("Outcome").Order());
        Assert.Single(tenant.Writes());
    }

    /// <summary>Managers and sponsors that were read are roster cells again: a group as group:ID, in a file, in the pipeline, and from JSON.</summary>
    [Fact]
    public void Managers_and_sponsors_that_were_read_go_back_in_as_a_roster()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3 -Option @{ groups = @(@{ name = 'Sponsoring' }) }");
        string group = (string)tenant.State()["groups"]!.AsArray().Single(one => (string?)one!["displayName"] == "Sponsoring")!["id"]!;
        engine.Run("Add-AgentUserSponsor agent25@contoso.com \"group:$($args[0])\", human1@contoso.com; Set-AgentUserManager agent25@contoso.com human2@contoso.com", group).Check();
        const string Read = "$users = Get-AgentUser agent25@contoso.com -Property Manager, Sponsors; ";
        Assert.Equal([$"group:{group}", "human1@contoso.com"], engine.Run(Read + "$users.Sponsors | ForEach-Object ToString").Check().Select(text => text.ToString()).Order());
        int writes = tenant.Writes().Count;
        // Conversions are those of Export-Csv, ConvertTo-Json and Export-Clixml, whose module this engine has not.
        object bag = PSSerializer.Deserialize(PSSerializer.Serialize(engine.Run(Read + "$users").Check().Single(), 3));
        object[] ways =
        [
            engine.Run(Read + "$users").Check().Single(), bag,
            engine.Run(Read + "[pscustomobject]@{ userPrincipalName = $users.UserPrincipalName; displayName = $users.DisplayName; identityParentId = $users.IdentityParentId; manager = \"$($users.Manager)\"; sponsors = $users.Sponsors.ToString() }").Check().Single(),
            engine.Run(Read + "[pscustomobject]@{ userPrincipalName = $users.UserPrincipalName; displayName = $users.DisplayName; identityParentId = $users.IdentityParentId; manager = [pscustomobject]@{ Kind = 'User'; Id = $users.Manager.Id }; sponsors = @([pscustomobject]@{ Kind = 'Group'; Id = $args[0]; DisplayName = 'Sponsoring' }) }", group).Check().Single(),
        ];
        foreach (object way in ways)
        {
            engine.Run("Clear-AgentUserManager agent25@contoso.com -Force; Remove-AgentUserSponsor agent25@contoso.com \"group:$($args[0])\" -Force", group).Check();
            Outcome back = engine.Run("$args[0] | Invoke-AgentUserRoster", way);
            back.Check();
            Assert.Equal(["Changed"], back.Values("Outcome"));
            Assert.Equal(2, back.Output.Single().Properties["Changes"].Value is System.Collections.ICollection changes ? changes.Count : 0);
            Assert.Equal([$"group:{group}", "human1@contoso.com"], engine.Run(Read + "$users.Sponsors | ForEach-Object ToString").Check().Select(text => text.ToString()).Order());
        }
        Assert.Equal(writes + (4 * ways.Length), tenant.Writes().Count);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);

    private static string Code(Outcome outcome) => outcome.Error.FullyQualifiedErrorId.Split(',')[0];

    [GeneratedRegex("^What if: .*$", RegexOptions.Multiline)]
    private static partial Regex WhatIf();
}
