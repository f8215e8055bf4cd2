using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Security;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The rules of PowerShell's script analyzer that a binary module and its examples can break; no registry within reach has the analyzer.</summary>
public sealed class RuleTests
{
    private static readonly string[] s_changing =
    [
        "Add", "Clear", "Confirm", "Disable", "Enable", "Grant", "Move", "New", "Remove", "Restore", "Revoke", "Set", "Start", "Stop", "Suspend",
    ];

    /// <summary>Lists by the names that Graph and rosters have for them, and a unit.</summary>
    private static readonly string[] s_plural = ["OtherMails", "BusinessPhones", "Sponsors", "Groups", "Licenses", "VerifiedDomains", "LatencyMilliseconds"];

    /// <summary>The aliases that a new session has.</summary>
    private static readonly Lazy<HashSet<string>> s_aliases = new(() => new HashSet<string>(
        InitialSessionState.CreateDefault2().Commands.OfType<SessionStateAliasEntry>().Select(alias => alias.Name).Append("where").Append("foreach"), StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void Verbs_are_approved_and_nouns_are_singular_and_of_two_families()
    {
        string[] approved = [.. new[] { typeof(VerbsCommon), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsLifecycle), typeof(VerbsOther), typeof(VerbsSecurity) }
            .SelectMany(type => type.GetFields()).Select(field => (string)field.GetValue(null)!)];
        Assert.All(Cmdlets(), cmdlet =>
        {
            Assert.Contains(cmdlet.Verb, approved);
            Assert.Matches("^(AgentUser|AgentIdentity)([A-Z][a-z]+)*(?<!(?<!s)s)$", cmdlet.Noun);
        });
    }

    [Fact]
    public void A_cmdlet_declares_its_output_types()
    {
        string[] silent = [.. Cmdlets().Where(cmdlet => cmdlet.OutputType.Count == 0).Select(cmdlet => cmdlet.Name)];
        Assert.Equal(["Disconnect-AgentUser", "Stop-AgentUserSimulator"], silent);
        Assert.All(Cmdlets().SelectMany(cmdlet => cmdlet.OutputType), output => Assert.NotNull(output.Type));
    }

    [Fact]
    public void A_cmdlet_that_changes_something_supports_ShouldProcess_and_asks_where_something_is_lost()
    {
        foreach (CmdletInfo cmdlet in Cmdlets())
        {
            CmdletAttribute declared = cmdlet.ImplementingType.GetCustomAttribute<CmdletAttribute>()!;
            Assert.True(declared.SupportsShouldProcess || !s_changing.Contains(cmdlet.Verb), $"{cmdlet.Name} changes something.");
            Assert.True(declared.SupportsShouldProcess || !cmdlet.Parameters.ContainsKey("Force"), $"{cmdlet.Name} has nothing to force.");
        }
        string[] high = [.. Cmdlets().Where(cmdlet => cmdlet.ImplementingType.GetCustomAttribute<CmdletAttribute>()!.ConfirmImpact == ConfirmImpact.High).Select(cmdlet => cmdlet.Name)];
        Assert.Equal(
            [
                "Clear-AgentUserManager", "Invoke-AgentUserPlan", "Invoke-AgentUserRetirement", "Remove-AgentIdentityAppRole", "Remove-AgentUser",
                "Remove-AgentUserGroup", "Remove-AgentUserSponsor", "Revoke-AgentIdentityPermission", "Set-AgentIdentityBlueprint", "Set-AgentUserLicense",
            ], high);
    }

    [Fact]
    public void Parameters_are_in_Pascal_case_and_singular_and_no_name_has_two_meanings()
    {
        foreach (CmdletInfo cmdlet in Cmdlets())
        {
            ParameterMetadata[] own = [.. cmdlet.Parameters.Values.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))];
            Assert.All(own, parameter => Assert.Matches("^[A-Z][A-Za-z0-9]*$", parameter.Name));
            Assert.All(own.Where(parameter => parameter.ParameterType.IsArray && !s_plural.Contains(parameter.Name)), parameter => Assert.DoesNotMatch("(?<!s)s$", parameter.Name));
            string[] names = [.. own.SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name)).Select(name => name.ToUpperInvariant())];
            Assert.Equal(names.Distinct(), names);
        }
    }

    [Fact]
    public void No_parameter_takes_a_secret_as_text()
    {
        IEnumerable<ParameterMetadata> secrets = Cmdlets().Where(cmdlet => cmdlet.Noun != "AgentUserSimulator").SelectMany(cmdlet => cmdlet.Parameters.Values)
            .Where(parameter => System.Text.RegularExpressions.Regex.IsMatch(parameter.Name, "(Password|Secret|Token|Credential|Key)$"));
        Assert.NotEmpty(secrets);
        Assert.All(secrets, secret => Assert.NotEqual(typeof(string), secret.ParameterType));
        Assert.Contains(secrets, secret => secret.ParameterType == typeof(SecureString));
    }

    [Fact]
    public void Examples_use_no_alias_no_Write_Host_and_one_argument_without_a_name()
    {
        using var engine = new Engine();
        var found = new List<string>();
        foreach (CmdletInfo cmdlet in Cmdlets(engine))
        {
            dynamic help = engine.Run("Get-Help $args[0] -Full", cmdlet.Name).Check().Single();
            foreach (object example in LanguagePrimitives.GetEnumerable(help.examples.example) ?? new[] { help.examples.example })
            {
                string code = PSObject.AsPSObject(example).Properties["code"].Value.ToString()!;
                found.AddRange(Broken(engine, code).Select(broken => $"{cmdlet.Name}: {broken}"));
            }
        }
        foreach (string page in ((IEnumerable<object[]>)DocsTests.Pages).Select(row => (string)row[0]))
        {
            string text = File.ReadAllText(Path.Combine(Repository.Root, page));
            found.AddRange(DocsTests.Code(page, text).SelectMany(code => Broken(engine, code).Select(broken => $"{page}: {broken}")));
        }
        Assert.Empty(found);
    }

    [Fact]
    public void A_broken_rule_would_be_seen()
    {
        using var engine = new Engine();
        Assert.Equal(["? is an alias", "Write-Host", "Get-AgentUser has 2 arguments without names", "-id is written -Id"], [
            .. Broken(engine, "Get-AgentUser | ? Id | Write-Host"), .. Broken(engine, "Get-AgentUser a b"), .. Broken(engine, "Get-AgentUser -id a"),
        ]);
    }

    private static IReadOnlyList<CmdletInfo> Cmdlets(Engine? engine = null)
    {
        using Engine? own = engine is null ? new Engine() : null;
        return [.. (engine ?? own)!.Run("Get-Command -Module AgentUser").Check().Select(command => (CmdletInfo)command.BaseObject).OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)];
    }

    /// <summary>The rules that a piece of code breaks.</summary>
    private static IEnumerable<string> Broken(Engine engine, string code)
    {
        Ast ast = Parser.ParseInput(code, out _, out _);
        foreach (CommandAst command in ast.FindAll(one => one is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
        {
            string name = command.GetCommandName() ?? "";
            if (s_aliases.Value.Contains(name))
                yield return $"{name} is an alias";
            if (name.Equals("Write-Host", StringComparison.OrdinalIgnoreCase))
                yield return name;
            if (engine.Run("Get-Command $args[0] -Module AgentUser -ErrorAction Ignore", name.Length == 0 ? "-" : name).Output.SingleOrDefault()?.BaseObject is not CmdletInfo info)
                continue;
            foreach (CommandParameterAst parameter in command.CommandElements.OfType<CommandParameterAst>())
            {
                if (info.Parameters.TryGetValue(parameter.ParameterName, out ParameterMetadata? known) && known.Name != parameter.ParameterName)
                    yield return $"-{parameter.ParameterName} is written -{known.Name}";
            }
            int unnamed = Unnamed(command, info);
            if (unnamed > 1)
                yield return $"{info.Name} has {unnamed} arguments without names";
        }
    }

    /// <summary>The number of arguments that follow no parameter, and are not splatted variables.</summary>
    private static int Unnamed(CommandAst command, CmdletInfo info)
    {
        int count = 0;
        bool isTaken = true;
        foreach (CommandElementAst element in command.CommandElements)
        {
            if (element is CommandParameterAst parameter)
            {
                bool isSwitch = info.Parameters.Values.FirstOrDefault(one => one.Aliases.Prepend(one.Name).Contains(parameter.ParameterName, StringComparer.OrdinalIgnoreCase))?.SwitchParameter == true;
                isTaken = !isSwitch && parameter.Argument is null;
                continue;
            }
            if (!isTaken && element is not VariableExpressionAst { Splatted: true })
                count++;
            isTaken = false;
        }
        return count;
    }
}
