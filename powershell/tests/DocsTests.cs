using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The commands that pages, topics and examples name: each is there, with the parameters that it is given.</summary>
public sealed partial class DocsTests
{
    /// <summary>The pages with commands of the module.</summary>
    public static TheoryData<string> Pages =>
    [
        "README.md", "powershell/README.md",
        .. Files("docs", "*.md"), .. Files("powershell/AgentUser/en-US", "about_*.txt"), .. Files("examples/powershell", "*.ps1"),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_names_commands_and_parameters_that_exist(string page)
    {
        using var engine = new Engine();
        string text = File.ReadAllText(Path.Combine(Repository.Root, page));
        Assert.Empty(Code(page, text).SelectMany(code => Faults(engine, code)));
    }

    [Fact]
    public void Examples_of_the_help_name_parameters_that_exist()
    {
        using var engine = new Engine();
        PSObject[] helps = [.. engine.Run("Get-Command -Module AgentUser | ForEach-Object { Get-Help $_.Name -Full }").Check()];
        Assert.NotEmpty(helps);
        foreach (dynamic help in helps)
        {
            foreach (dynamic example in LanguagePrimitives.GetEnumerable(help.examples.example) ?? new[] { help.examples.example })
                Assert.Empty(Faults(engine, ((object)example.code).ToString()!));
        }
    }

    [Fact]
    public void A_command_that_does_not_exist_would_be_seen()
    {
        using var engine = new Engine();
        Assert.Equal(["there is no Get-AgentUserNonsense"], Faults(engine, "Get-AgentUserNonsense"));
        Assert.Equal(["Get-AgentUser has no -Nonsense"], Faults(engine, "Get-AgentUser -Nonsense 1 | Where-Object Id"));
        Assert.Single(Code("x.md", "| `Get-AgentUser 'a' \\| Remove-AgentUser` | `Get-MgUser` |"));
    }

    /// <summary>The pieces of code of a page that may have commands of the module.</summary>
    internal static IEnumerable<string> Code(string page, string text) => (Path.GetExtension(page) switch
    {
        ".ps1" => [text],
        ".md" => Block().Matches(text).Concat(Span().Matches(Block().Replace(text, ""))).Select(match => match.Groups[1].Value.Replace("\\|", "|")),
        // A topic's code is what is indented by eight.
        _ => Topic().Matches(text).Select(match => match.Value),
    }).Where(code => Ours().IsMatch(code));

    /// <summary>The names in the code that are not there.</summary>
    private static IEnumerable<string> Faults(Engine engine, string code)
    {
        Ast ast = Parser.ParseInput(code, out _, out _);
        foreach (CommandAst command in ast.FindAll(one => one is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
        {
            if (command.GetCommandName() is not { } name || !Whole().IsMatch(name))
                continue;
            if (engine.Run("Get-Command $args[0] -ErrorAction Ignore", name).Check().SingleOrDefault()?.BaseObject is not CmdletInfo info)
            {
                yield return $"there is no {name}";
                continue;
            }
            foreach (CommandParameterAst parameter in command.CommandElements.OfType<CommandParameterAst>())
            {
                bool isThere = info.Parameters.Values.Any(one => one.Aliases.Prepend(one.Name).Contains(parameter.ParameterName, StringComparer.OrdinalIgnoreCase));
                if (!isThere)
                    yield return $"{name} has no -{parameter.ParameterName}";
            }
        }
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(Repository.Root, folder), pattern).Order(StringComparer.Ordinal).Select(file => $"{folder}/{Path.GetFileName(file)}");

    [GeneratedRegex("```powershell\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex("(?:^        .*\n)+", RegexOptions.Multiline)]
    private static partial Regex Topic();

    [GeneratedRegex("-Agent(User|Identity)")]
    private static partial Regex Ours();

    [GeneratedRegex("^[A-Za-z]+-Agent(User|Identity)[A-Za-z]*$")]
    private static partial Regex Whole();
}
