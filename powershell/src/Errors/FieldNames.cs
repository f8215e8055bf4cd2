using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell;

/// <summary>The parameters of a cmdlet in the place of the members of its operation that the texts of a problem name.</summary>
/// <param name="cmdlet">The cmdlet whose problem it is.</param>
internal sealed class FieldNames(PSCmdlet cmdlet)
{
    /// <summary>Members whose parameters have other names.</summary>
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["select"] = "Property",
        ["rules"] = "Rule",
        ["scopes"] = "Scope",
        ["leavers"] = "From",
        ["agentIdentityId"] = "Id",
        ["blueprint"] = "Id",
        ["user"] = "Id",
    };

    private readonly Dictionary<string, ParameterMetadata> _parameters = cmdlet.MyInvocation.MyCommand.Parameters;

    /// <summary>A text of a problem with the names of this cmdlet's parameters.</summary>
    internal string In(string text, Problem problem)
    {
        text = Words.Of(text);
        foreach (string field in problem.Violations.Select(violation => violation.Field).Append(problem.Field ?? "").Distinct().Where(field => field.Length > 0))
        {
            // A member that is an ordinary word, such as user, is one elsewhere in a sentence.
            string before = field.Any(char.IsUpper) ? @"(?<![-\w.])" : @"(?<=^|\n|\b(?:Invalid|Give) )";
            if (ParameterOf(field) is { } parameter)
                text = Regex.Replace(text, $@"{before}{Regex.Escape(field)}(?!\w)", "-" + parameter);
        }
        return Regex.Replace(text, @"(?<=\bgiven beside )[a-z]\w*", match => ParameterOf(match.Value) is { } parameter ? "-" + parameter : match.Value);
    }

    /// <summary>The parameter of a member, by its own name, an alias or the table; null where it has none.</summary>
    private string? ParameterOf(string field)
    {
        string member = Regex.Replace(field, @"\[\d+\]$", "");
        string name = Plain.Pascal(member);
        if (_parameters.ContainsKey(name))
            return name;
        if (s_names.TryGetValue(member, out string? other) && _parameters.ContainsKey(other))
            return other;
        return _parameters.Values.FirstOrDefault(parameter => parameter.Aliases.Contains(name))?.Name;
    }
}
