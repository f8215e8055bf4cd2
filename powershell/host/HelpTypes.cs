using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AgentUsers.PowerShell.Host;

/// <summary>The input of a cmdlet from the pipeline, its output, and the defaults of its parameters.</summary>
internal static partial class HelpTypes
{
    /// <summary>The types that a cmdlet takes from the pipeline, with a sentence on each.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="summary">The comment of a parameter.</param>
    internal static IEnumerable<(string Name, string? Text)> Inputs(CmdletInfo cmdlet, Func<string, string> summary)
    {
        ParameterMetadata[] byValue = [.. cmdlet.Parameters.Values.Where(parameter => parameter.ParameterSets.Values.Any(set => set.ValueFromPipeline))];
        foreach (ParameterMetadata parameter in byValue)
        {
            Type type = parameter.ParameterType.IsArray ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
            yield return (type.FullName!, $"For -{parameter.Name}. {summary(parameter.Name)}");
        }
        string[] byName = [.. cmdlet.Parameters.Values.Where(parameter => parameter.ParameterSets.Values.Any(set => set.ValueFromPipelineByPropertyName))
            .Where(parameter => HelpFile.IsShown(cmdlet, parameter.Name, ""))
            .SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name)).Where(name => name is not "PSPath")];
        if (byName.Length > 0)
            yield return (typeof(PSObject).FullName!, $"Objects whose properties have the names of parameters or of their aliases: {string.Join(", ", byName)}.");
        if (byValue.Length == 0 && byName.Length == 0)
            yield return ("None", "The cmdlet takes nothing from the pipeline.");
    }

    /// <summary>The types that a cmdlet outputs, each with the comment that the class has for it, or that of the type.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="about">The comment of its class, which may have <c>output</c> elements.</param>
    /// <param name="members">All comments.</param>
    internal static IEnumerable<(string Name, string? Text)> Outputs(CmdletInfo cmdlet, XElement about, Dictionary<string, XElement> members)
    {
        foreach (PSTypeName output in cmdlet.OutputType)
        {
            XElement? own = about.Elements("output").FirstOrDefault(one => one.Attribute("type")?.Value == output.Type?.Name);
            string? text = own is not null ? HelpFile.Text(own) : members.TryGetValue($"T:{output.Name}", out XElement? type) ? HelpFile.Text(type.Element("summary")!) : null;
            bool isPassed = output.Type?.Name == "PSAgentUserReport" && cmdlet.Parameters.ContainsKey("PassThru");
            yield return (output.Name, isPassed ? $"{text} Output with -PassThru{(cmdlet.Parameters.ContainsKey("WhatIf") ? ", and with -WhatIf" : "")}." : text);
        }
        if (cmdlet.OutputType.Count == 0)
            yield return ("None", "The cmdlet outputs nothing.");
    }

    /// <summary>The default of a parameter: the one that its comment tells, that of a switch or of an enumeration; null without one.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="text">Its comment.</param>
    internal static string? Default(CmdletInfo cmdlet, CommandParameterInfo parameter, string text)
    {
        if (parameter.ParameterType == typeof(SwitchParameter))
            return "False";
        if (cmdlet.ImplementingType.GetProperty(parameter.Name) is { PropertyType.IsEnum: true } property)
            return Enum.GetName(property.PropertyType, property.GetValue(Activator.CreateInstance(cmdlet.ImplementingType))!);
        Match told = Told().Match(text);
        if (told.Success)
            return told.Groups.Values.Skip(1).First(group => group.Success).Value;
        return null;
    }

    /// <summary>As comments tell a default: <c>100 by default</c>, or <c>by default all of them</c>.</summary>
    [GeneratedRegex(@"; ([^;]+) by default\b|\bby default,? ([^;.(]+[^;.( ])")]
    private static partial Regex Told();
}
