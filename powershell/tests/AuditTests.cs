using System.Management.Automation;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell.Tests;

public sealed partial class AuditTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentuser-audits").FullName;

    [Fact]
    public void Findings_are_objects_and_their_numbers_are_one()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        Outcome found = engine.Run("Invoke-AgentUserAudit -Rule no-sponsor, idle");
        found.Check();
        PSObject first = found.Output[0];
        Assert.Equal(("Medium", "no-sponsor", "Found"), (first.Properties["Severity"].Value, first.Properties["Rule"].Value, first.Properties["State"].Value));
        Assert.Contains("agent26@contoso.com", found.Values("UserPrincipalName"));
        Assert.Single(found.Output, item => (string)item.Properties["State"].Value == "NotChecked");
        dynamic summary = engine.Run("Invoke-AgentUserAudit -Rule no-sponsor, idle -Summary").Check().Single();
        Assert.Equal((3, 0, 3), ((int)summary.Medium, (int)summary.High, (int)summary.NotChecked));
        Assert.Empty(tenant.Writes());
        Assert.Equal("UnknownKind", Code(engine.Run("Invoke-AgentUserAudit -Rule no-sponsors")));
    }

    [Fact]
    public void A_snapshot_is_kept_audited_offline_accepted_and_compared()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 3");
        engine.Run("$null = Invoke-AgentUserAudit -SaveSnapshot $args[0]; Stop-AgentUserSimulator; Disconnect-AgentUser", In("tenant.json")).Check();
        Outcome offline = engine.Run("Invoke-AgentUserAudit -SnapshotPath $args[0] -Rule no-sponsor -Severity Medium", In("tenant.json"));
        offline.Check();
        Assert.Equal(3, offline.Output.Count);
        File.WriteAllText(In("accepted.json"), """[{"rule":"no-sponsor","whom":"agent26@contoso.com","reason":"A test.","by":"Ada","until":"2099-01-01"}]""");
        Outcome accepted = engine.Run("Invoke-AgentUserAudit $args[0] -Rule no-sponsor -AcceptPath $args[1] -ComparePath $args[0]", In("tenant.json"), In("accepted.json"));
        accepted.Check();
        Assert.Equal(["Accepted", "Found", "Found"], accepted.Values("State").Order());
        Assert.Equal(["Unchanged", "Unchanged", "Unchanged"], accepted.Values("Comparison"));
        File.WriteAllText(In("other.json"), "{}");
        Assert.Equal("SnapshotUnreadable", Code(engine.Run("Invoke-AgentUserAudit $args[0]", In("other.json"))));
    }

    [Fact]
    public void The_fix_of_each_rule_is_a_call_that_a_cmdlet_takes()
    {
        using var engine = new Engine();
        engine.Connect("-Option @{ tenant = 'troubled' }");
        PSObject[] found = [.. engine.Run("Invoke-AgentUserAudit -Beta").Check()];
        var of = (Func<string, string>)Delegate.CreateDelegate(typeof(Func<string, string>), found[0].BaseObject.GetType().Assembly.GetType("AgentUsers.PowerShell.FixCall")!
            .GetMethod("Of", BindingFlags.Static | BindingFlags.NonPublic)!);
        foreach (PSObject one in found)
        {
            string? command = (string?)JsonNode.Parse((string)((dynamic)one.BaseObject).ToJson())!["fix"];
            Assert.Equal(command is { Length: > 0 } ? of(command) : null, one.Properties["Fix"].Value);
        }
        // The commands that the audit writes, with names for what the rules fill in.
        string[] commands =
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "crates", "core", "src", "flow", "audit"), "*.rs", SearchOption.AllDirectories)
                .SelectMany(file => Command().Matches(File.ReadAllText(file)))
                .Select(match => Filled().Replace(match.Groups[1].Value.Replace("{verb}", "remove", StringComparison.Ordinal), "o’bri'en@contoso.com")).Distinct(),
        ];
        Assert.InRange(commands.Length, 14, 40);
        foreach (string call in commands.Select(of).Concat(found.Select(one => (string?)one.Properties["Fix"].Value).OfType<string>()))
            Assert.Empty(engine.Run(Faults, call).Check());
    }

    [Fact]
    public void A_report_and_a_warning_of_what_no_plan_mends_tell_cmdlets()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        engine.Run("$found = Invoke-AgentUserAudit -Rule no-sponsor; $found | Export-AgentUserReport $args[0]; $found | Export-AgentUserReport $args[1]", In("findings.csv"), In("findings.json")).Check();
        Assert.Contains("Add-AgentUserSponsor first.agent@contoso.com SPONSOR", File.ReadAllText(In("findings.csv")), StringComparison.Ordinal);
        Assert.DoesNotContain("agentuser sponsor", File.ReadAllText(In("findings.csv")), StringComparison.Ordinal);
        Assert.Contains("agentuser sponsor add first.agent@contoso.com SPONSOR", File.ReadAllText(In("findings.json")), StringComparison.Ordinal);
        string told = Assert.Single(engine.Run("$null = $found | Export-AgentUserPlan $args[0] -WarningVariable told -WarningAction SilentlyContinue; $told", In("plan.json")).Check()).ToString()!;
        Assert.Contains("Add-AgentUserSponsor ", told, StringComparison.Ordinal);
        Assert.DoesNotContain("agentuser ", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("findings.html", "<!doctype html>")]
    [InlineData("findings.xlsx", "PK")]
    [InlineData("findings.csv", "rule,severity")]
    [InlineData("findings.json", "{\"agentUsers\":2")]
    [InlineData("findings.sarif", "{")]
    [InlineData("findings.xml", "<?xml")]
    public void Findings_are_written_in_every_form(string name, string begin)
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        PSObject file = engine.Run("Invoke-AgentUserAudit | Export-AgentUserReport $args[0] -PassThru", In(name)).Check().Single();
        Assert.Equal(In(name), ((FileInfo)file.BaseObject).FullName);
        Assert.StartsWith(begin, File.ReadAllText(In(name)).TrimStart('\ufeff'), StringComparison.OrdinalIgnoreCase);
        engine.Run("Invoke-AgentUserAudit -Rule parent-gone -Summary | Export-AgentUserReport $args[0]", In(name)).Check();
        Assert.Equal("FileExists", Code(engine.Run("Invoke-AgentUserAudit -Summary | Export-AgentUserReport $args[0] -NoClobber", In(name))));
    }

    [Fact]
    public void Agent_users_are_written_and_what_is_neither_is_refused()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        engine.Run("Get-AgentUser | Export-AgentUserReport $args[0] -Column userPrincipalName, displayName", In("users.csv")).Check();
        Assert.Equal("userPrincipalName,displayName", File.ReadLines(In("users.csv")).First().TrimStart('\ufeff'));
        Assert.Equal(3, File.ReadAllLines(In("users.csv")).Length);
        Assert.False(File.Exists(In("none.csv")));
        engine.Run("Get-AgentUser | Export-AgentUserReport $args[0] -WhatIf", In("none.csv")).Check();
        Assert.False(File.Exists(In("none.csv")));
        Assert.Equal("FormatUnknown", Code(engine.Run("Get-AgentUser | Export-AgentUserReport $args[0]", In("users.doc"))));
        Assert.Equal("NothingToWrite", Code(engine.Run("Invoke-AgentUserAudit -Rule parent-gone | Export-AgentUserReport $args[0]", In("none.csv"))));
        Assert.Equal("NotAReportRecord", engine.Run("@(Get-AgentUser) + 'x' | Export-AgentUserReport $args[0]", In("some.csv")).Errors[0].FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void Rules_and_errors_are_explained()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 1");
        Assert.Equal("An agent user has no sponsor.", engine.Run("Invoke-AgentUserAudit -Rule no-sponsor | Get-AgentUserHelp").Check().Single().Properties["Message"].Value);
        Assert.Equal("NotFound", engine.Run("Get-AgentUser nobody@contoso.com -ErrorAction SilentlyContinue; $Error[0] | Get-AgentUserHelp").Output.Single().Properties["Code"].Value);
        Assert.Equal("NotFound", engine.Run("Get-AgentUserHelp $Error[0]").Check().Single().Properties["Code"].Value);
        Assert.Equal("CodeUnknown", Code(engine.Run("Get-AgentUserHelp no-sponsers")));
    }

    /// <summary>A script that outputs the faults of a command: errors of syntax and of parameters, and a command that is not a single cmdlet of the module.</summary>
    private const string Faults =
        """
        $errors = $null
        $script = [System.Management.Automation.Language.Parser]::ParseInput($args[0], [ref] $null, [ref] $errors)
        $errors | ForEach-Object { "$($args[0]): $($_.Message)" }
        $commands = @($script.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true))
        if ($commands.Count -ne 1) { "$($args[0]) is not one command." }
        $known = Get-Command $commands[0].GetCommandName() -Module AgentUser -ErrorAction Ignore
        if (-not $known) { "$($args[0]) is not of the module." }
        $bound = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($commands[0], $true)
        $bound.BindingExceptions.Values | ForEach-Object { "$($args[0]): $($_.BindingException.Message)" }
        $commands[0].CommandElements | ForEach-Object ParameterName | Where-Object { $_ -and -not $known.Parameters.ContainsKey($_) }
        """;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);

    private static string Code(Outcome outcome) => outcome.Error.FullyQualifiedErrorId.Split(',')[0];

    [GeneratedRegex("\"(agentuser [^\"]+)\"")]
    private static partial Regex Command();

    [GeneratedRegex(@"\{\w*\}")]
    private static partial Regex Filled();
}
