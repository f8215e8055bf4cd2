using System.Management.Automation.Language;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The module and its scripts have what Windows PowerShell 5.1 needs, as far as another edition can tell.</summary>
public sealed class EditionTests
{
    /// <summary>The scripts that users and the tests run in every edition.</summary>
    public static TheoryData<string> Scripts =>
    [
        .. new[] { "powershell/AgentUser", "powershell/tests", "examples/powershell" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.ps*1*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Contains("/bin/") && !file.Contains("/obj/"))
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void The_module_is_one_assembly_that_needs_what_every_edition_has()
    {
        string[] assemblies = [.. Directory.GetFiles(Repository.Module, "*.dll", SearchOption.AllDirectories).Where(IsManaged)];
        Assert.Equal("AgentUser.PowerShell.dll", Path.GetFileName(Assert.Single(assemblies)));
        using var file = new PEReader(File.OpenRead(assemblies[0]));
        MetadataReader reader = file.GetMetadataReader();
        // PowerShellStandard 5.1 and the engines since have this version of the assembly and newer ones.
        Assert.Equal(
            ["System.Management.Automation 3.0.0.0", "netstandard 2.0.0.0"],
            reader.AssemblyReferences.Select(reader.GetAssemblyReference).Select(one => $"{reader.GetString(one.Name)} {one.Version}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_has_the_syntax_and_the_letters_that_Windows_PowerShell_reads(string file)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Repository.Root, file));
        // Without a byte order mark, Windows PowerShell takes a script for one in the machine's code page.
        Assert.True(bytes.AsSpan().StartsWith("\ufeff"u8) || bytes.All(one => one < 0x80), "It has letters beyond ASCII and no byte order mark.");
        string text = System.Text.Encoding.UTF8.GetString(bytes);
        IEnumerable<string> codes = file.EndsWith(".ps1xml", StringComparison.Ordinal)
            ? XDocument.Parse(text).Descendants("ScriptBlock").Select(block => block.Value)
            : [text];
        Assert.Empty(codes.SelectMany(Newer));
    }

    [Fact]
    public void Texts_of_the_help_are_ASCII_or_say_their_encoding()
    {
        string folder = Path.Combine(Repository.Root, "powershell", "AgentUser", "en-US");
        foreach (string topic in Directory.GetFiles(folder, "*.txt"))
            Assert.True(File.ReadAllBytes(topic).All(one => one < 0x80), $"{topic} has letters beyond ASCII.");
        foreach (string help in Directory.GetFiles(folder, "*.xml"))
            Assert.Equal("utf-8", XDocument.Load(help).Declaration?.Encoding);
    }

    [Theory]
    [InlineData("$a = $b ? 1 : 2")]
    [InlineData("$a = $b ?? 1")]
    [InlineData("$a ??= 1")]
    [InlineData("${a}?.Length")]
    [InlineData("${a}?[0]")]
    [InlineData("Get-Item a && Get-Item b")]
    [InlineData("Get-Item a &")]
    [InlineData("function f { process { 1 } clean { 2 } }")]
    [InlineData("\"`u{2026}\"")]
    [InlineData("1u")]
    [InlineData("if (")]
    public void Newer_syntax_would_be_seen(string code) => Assert.NotEmpty(Newer(code));

    [Theory]
    [InlineData("$a = if ($b) { 1 } else { 2 }; 'c?d'; 1KB; 0x1F; @{ a = 1 }.a; $c[0]; Get-Item a | Select-Object -First 1")]
    [InlineData("'`u{2026}'")]
    [InlineData("#Requires -Version 7\n$a ?? 1")]
    public void Older_syntax_and_a_script_that_requires_more_are_not(string code) => Assert.Empty(Newer(code));

    private static bool IsManaged(string file)
    {
        using var stream = File.OpenRead(file);
        using var reader = new PEReader(stream);
        return reader.HasMetadata;
    }

    /// <summary>The pieces of a script that Windows PowerShell 5.1 does not read.</summary>
    private static IEnumerable<string> Newer(string code)
    {
        ScriptBlockAst ast = Parser.ParseInput(code, out Token[] tokens, out ParseError[] errors);
        // Windows PowerShell refuses such a script, and says why.
        if (ast.ScriptRequirements?.RequiredPSVersion is { Major: > 5 })
            return errors.Select(error => error.Message);
        IEnumerable<Token> newer = tokens.Where(token => token switch
        {
            { Kind: TokenKind.QuestionMark or TokenKind.QuestionQuestion or TokenKind.QuestionQuestionEquals or TokenKind.QuestionDot or TokenKind.QuestionLBracket } => true,
            { Kind: TokenKind.AndAnd or TokenKind.OrOr or TokenKind.Clean } => true,
            // Suffixes of numbers that 5.1 does not have: y, u, s, n and their pairs.
            { Kind: TokenKind.Number } => token.Text.AsSpan().IndexOfAny("yYuUsSnN") >= 0,
            StringExpandableToken => token.Text.Contains("`u{", StringComparison.Ordinal) || token.Text.Contains("`e", StringComparison.Ordinal),
            _ => false,
        });
        return errors.Select(error => error.Message)
            .Concat(newer.Select(token => token.Text))
            .Concat(ast.FindAll(one => one is PipelineAst { Background: true }, searchNestedScriptBlocks: true).Select(one => one.ToString()))
            .Concat(ast.FindAll(one => one is ScriptBlockAst { CleanBlock: not null }, searchNestedScriptBlocks: true).Select(one => one.ToString()));
    }
}
