using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AgentUsers.PowerShell.Host;

/// <summary>
/// Makes the module's help from the engine's data about its cmdlets and from the comments of their sources: summary,
/// remarks and examples of the class, the summary of each parameter, and <c>value</c> where it is required,
/// in which a set may be excepted. Permissions are those of the library's table.
/// </summary>
public static partial class HelpFile
{
    /// <summary>The set of a cmdlet that tells by itself which parameters do not go together. It is not a way to call it.</summary>
    private const string AnySet = "Any";

    /// <summary>The page with the help online, to which a cmdlet's name is added; empty until there is one.</summary>
    private const string Online = "";

    private static readonly XNamespace s_help = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly Dictionary<string, string> s_ofTheEngine = new()
    {
        ["WhatIf"] = "Shows the changes and makes none.",
        ["Confirm"] = "Asks before each change.",
    };

    /// <summary>The text of the help file.</summary>
    /// <param name="module">The module's folder.</param>
    /// <param name="comments">The compiler's documentation file.</param>
    public static string Write(string module, string comments)
    {
        Dictionary<string, XElement> members = XDocument.Load(comments).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
        using Runspace runspace = ScriptSession.Open(new ScriptHost(TextWriter.Null, Console.Error));
        using var shell = System.Management.Automation.PowerShell.Create(runspace);
        shell.AddScript($"Import-Module '{module}' -ErrorAction Stop; Get-Command -Module AgentUser");
        CmdletInfo[] cmdlets = [.. shell.Invoke<CmdletInfo>().OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)];
        Dictionary<string, HelpPermissions> permissions = HelpPermissions.Read(shell, cmdlets);
        var root = new XElement(
            s_help + "helpItems",
            new XAttribute("schema", "maml"),
            cmdlets.Select(cmdlet => Command(cmdlet, members, permissions.GetValueOrDefault(cmdlet.Name))));
        return $"""<?xml version="1.0" encoding="utf-8"?>{"\n"}<!-- Made from the sources' comments; see powershell/README.md. -->{"\n"}{root}{"\n"}""";
    }

    private static XElement Command(CmdletInfo cmdlet, Dictionary<string, XElement> members, HelpPermissions? needed)
    {
        XElement about = members[$"T:{cmdlet.ImplementingType.FullName}"];
        string[] common = [.. Cmdlet.CommonParameters];
        List<ParameterMetadata> parameters = [.. cmdlet.Parameters.Values.Where(parameter => !common.Contains(parameter.Name) && IsShown(cmdlet, parameter.Name, ""))];
        return new XElement(
            s_command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", s_maml),
            new XAttribute(XNamespace.Xmlns + "command", s_command),
            new XAttribute(XNamespace.Xmlns + "dev", s_dev),
            new XElement(
                s_command + "details",
                new XElement(s_command + "name", cmdlet.Name),
                new XElement(s_command + "verb", cmdlet.Verb),
                new XElement(s_command + "noun", cmdlet.Noun),
                new XElement(s_maml + "description", Paragraph(Text(about.Element("summary")!)))),
            new XElement(s_maml + "description", Paragraphs(about.Element("remarks")!), needed?.Least is { } least ? Paragraph(least) : null),
            new XElement(
                s_command + "syntax",
                cmdlet.ParameterSets.Where(set => set.Name != AnySet).Select(set => new XElement(
                    s_command + "syntaxItem",
                    new XElement(s_maml + "name", cmdlet.Name),
                    set.Parameters.Where(parameter => !common.Contains(parameter.Name) && IsShown(cmdlet, parameter.Name, set.Name)).OrderBy(parameter => (uint)parameter.Position)
                        .ThenByDescending(parameter => Comment(cmdlet, parameter.Name, members, set.Name).Required)
                        .Select(parameter => Parameter(cmdlet, parameter, members, set.Name))))),
            new XElement(s_command + "parameters", parameters.Select(parameter => Parameter(
                cmdlet, cmdlet.ParameterSets.SelectMany(set => set.Parameters).Where(one => one.Name == parameter.Name)
                    .OrderByDescending(one => one.ValueFromPipeline || one.ValueFromPipelineByPropertyName).First(), members, ""))),
            new XElement(s_command + "inputTypes", HelpTypes.Inputs(cmdlet, name => Comment(cmdlet, name, members, "").Text)
                .Select(input => Typed("inputType", input.Name, input.Text))),
            new XElement(s_command + "returnValues", HelpTypes.Outputs(cmdlet, about, members).Select(output => Typed("returnValue", output.Name, output.Text))),
            needed is null ? null : new XElement(s_maml + "alertSet", new XElement(s_maml + "alert", needed.More.Select(Paragraph))),
            new XElement(s_command + "examples", about.Elements("example").Select((example, at) => new XElement(
                s_command + "example",
                new XElement(s_maml + "title", $"-------------------------- Example {at + 1} --------------------------"),
                new XElement(s_dev + "code", Text(example.Element("code")!)),
                // The empty paragraph keeps the next title apart.
                new XElement(s_dev + "remarks", Paragraphs(example), Paragraph(""))))),
            new XElement(s_command + "relatedLinks", Links(cmdlet.Name)));
    }

    /// <summary>The links. The first that has an address is the one of Get-Help -Online.</summary>
    private static IEnumerable<XElement> Links(string cmdlet)
    {
        (string Text, string Address)[] online = Online.Length == 0 ? [] : [("Online", Online + cmdlet)];
        return online.Append(("about_AgentUser", "")).Append(("Get-AgentUserHelp", "")).Select(link => new XElement(
            s_maml + "navigationLink", new XElement(s_maml + "linkText", link.Item1), new XElement(s_maml + "uri", link.Item2)));
    }

    /// <summary>A type that a cmdlet takes or outputs.</summary>
    private static XElement Typed(string element, string name, string? text) => new(
        s_command + element, new XElement(s_dev + "type", new XElement(s_maml + "name", name)), text is null ? null : new XElement(s_maml + "description", Paragraph(text)));

    private static XElement Parameter(CmdletInfo cmdlet, CommandParameterInfo parameter, Dictionary<string, XElement> members, string set)
    {
        (string text, bool required) = Comment(cmdlet, parameter.Name, members, set);
        string[] pipeline =
        [
            .. parameter.ValueFromPipeline ? ["ByValue"] : Array.Empty<string>(),
            .. parameter.ValueFromPipelineByPropertyName ? ["ByPropertyName"] : Array.Empty<string>(),
        ];
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return new XElement(
            s_command + "parameter",
            new XAttribute("required", required ? "true" : "false"),
            new XAttribute("variableLength", type.IsArray ? "true" : "false"),
            new XAttribute("globbing", parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any() ? "true" : "false"),
            new XAttribute("pipelineInput", pipeline.Length == 0 ? "False" : $"True ({string.Join(", ", pipeline)})"),
            new XAttribute("position", parameter.Position < 0 ? "named" : parameter.Position.ToString()),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(s_maml + "name", parameter.Name),
            new XElement(s_maml + "description", Paragraph(text)),
            type == typeof(SwitchParameter) ? null : new XElement(
                s_command + "parameterValue",
                new XAttribute("required", "true"),
                new XAttribute("variableLength", type.IsArray ? "true" : "false"),
                type.Name),
            HelpTypes.Default(cmdlet, parameter, text) is { } given ? new XElement(s_dev + "defaultValue", given) : null,
            type.IsEnum ? new XElement(
                s_command + "parameterValueGroup",
                (parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault()?.ValidValues ?? Enum.GetNames(type)).Select(name => new XElement(s_command + "parameterValue", name))) : null);
    }

    private static (string Text, bool Required) Comment(CmdletInfo cmdlet, string parameter, Dictionary<string, XElement> members, string set)
    {
        if (s_ofTheEngine.TryGetValue(parameter, out string? known))
            return (known, false);
        Type declaring = cmdlet.ImplementingType.GetProperty(parameter)!.DeclaringType!;
        XElement member = members[$"P:{declaring.FullName}.{parameter}"];
        return (Text(member.Element("summary")!), member.Element("value") is { } value && Text(value) != $"Required, but not with {set}");
    }

    /// <summary>Whether help shows a parameter in a set; without a set, in any. A parameter may be in a set only so that a wrong use of it is an error in words.</summary>
    internal static bool IsShown(CmdletInfo cmdlet, string parameter, string set) =>
        cmdlet.ImplementingType.GetProperty(parameter)?.GetCustomAttributes(typeof(ParameterAttribute), inherit: true).Cast<ParameterAttribute>().ToArray() is not { } all
            || all.Any(one => !one.DontShow && (set.Length == 0 || one.ParameterSetName == set || one.ParameterSetName == ParameterAttribute.AllParameterSets))
            || all.All(one => one.ParameterSetName is AnySet);

    private static IEnumerable<XElement> Paragraphs(XElement comment) => comment.Elements("para").Select(para => Paragraph(Text(para)));

    private static XElement Paragraph(string text) => new(s_maml + "para", text);

    internal static string Text(XElement comment) => Space().Replace(comment.Value, " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
