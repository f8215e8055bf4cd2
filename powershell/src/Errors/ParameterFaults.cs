using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell;

/// <summary>Everything that is wrong with the parameters of a cmdlet, to be told at once.</summary>
/// <param name="parameters">The names of the cmdlet's parameters.</param>
internal sealed class ParameterFaults(ICollection<string> parameters)
{
    /// <summary>Members whose parameters have other names.</summary>
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["UserId"] = "AgentUserId",
        ["UserPrincipalName"] = "AgentUserPrincipalName",
        ["Scopes"] = "Scope",
        ["Batch"] = "NoBatch",
    };

    private readonly List<JsonValue> _violations = [];

    /// <summary>Whether nothing is wrong so far.</summary>
    internal bool IsEmpty => _violations.Count == 0;

    /// <summary>Adds a fault.</summary>
    /// <param name="code">Its code, which Get-AgentUserHelp explains.</param>
    /// <param name="parameter">The parameter, without its hyphen.</param>
    /// <param name="message">The fault, as a sentence.</param>
    /// <param name="fix">The fix, as a sentence.</param>
    internal void Add(string code, string parameter, string message, string fix) => AddTo(code, "-" + parameter, message, fix);

    /// <summary>Adds that a parameter was given, and has no value: what it was to come from gave nothing.</summary>
    /// <param name="parameter">The parameter, without its hyphen.</param>
    /// <param name="fix">The fix, as a sentence.</param>
    internal void AddEmpty(
        string parameter, string fix = "Look at the variable or command that the value comes from, or leave the parameter out.") =>
        Add(RuleCodes.Required, parameter, "It is given without a value.", fix);

    /// <summary>Adds what is wrong with a configuration, by the parameters that its members came from.</summary>
    /// <param name="problem">The problem of the configuration.</param>
    /// <param name="renamed">Members that came from other parameters than those of their own name.</param>
    /// <returns>Whether it was about parameters. Any other problem is left to the caller.</returns>
    internal bool AddAll(Problem problem, IReadOnlyDictionary<string, string> renamed)
    {
        foreach (Violation violation in problem.Violations)
            AddMember(violation.Code, violation.Field, violation.Message, violation.Fix, renamed);
        if (problem.Violations.Count > 0)
            return true;
        // A secret or a certificate travels beside the configuration, and has no member there.
        string? field = problem.Field ?? (IsEmpty ? null : SignInWay.OfProof);
        if (field is null || !renamed.ContainsKey(field) && ParameterOf(field) == field)
            return false;
        AddMember(problem.Code, field, problem.Message, problem.Fix, renamed);
        return true;
    }

    /// <summary>The problem that tells them all.</summary>
    internal Problem ToProblem()
    {
        JsonValue first = _violations[0];
        return Problem.From(JsonValue.ObjectOf(
            ("code", ProblemCodes.Invalid),
            ("kind", nameof(ProblemKind.InvalidInput)),
            ("message", $"{first["field"]?.AsString()}: {first["message"]?.AsString()}"),
            ("fix", first["fix"]),
            ("violations", JsonValue.Array(_violations))));
    }

    /// <summary>The parameter of a member such as <c>signIn.tenantId</c> or <c>settings.readTimeoutMs</c>; the member itself where there is none.</summary>
    private string ParameterOf(string member)
    {
        string name = member.Substring(member.LastIndexOf('.') + 1);
        name = char.ToUpperInvariant(name[0]) + name.Substring(1);
        if (name.EndsWith("Ms", StringComparison.Ordinal))
            name = name.Substring(0, name.Length - 2);
        name = s_names.TryGetValue(name, out string? other) ? other : name;
        return parameters.Contains(name) ? "-" + name : member;
    }

    private void AddMember(string code, string field, string message, string fix, IReadOnlyDictionary<string, string> renamed)
    {
        string place = renamed.TryGetValue(field, out string? other) ? other : ParameterOf(field);
        string member = field.Substring(field.LastIndexOf('.') + 1);
        // A fault of a secret or a certificate is told in words, not by the name of a member.
        bool isNamed = !field.StartsWith(SignInWay.OfProof, StringComparison.Ordinal) || !renamed.ContainsKey(SignInWay.OfProof);
        AddTo(code, place, isNamed ? Named(message, member, place) : message, isNamed ? Named(fix, member, place) : fix);
    }

    /// <summary>The text with the parameters in the place of the members that it names.</summary>
    private static string Named(string text, string member, string place) => Regex.Replace(
        text, $@"(?<!-)\b({Regex.Escape(member)}|userId|userPrincipalName)\b",
        match => match.Value == member ? place : match.Value == "userId" ? "-AgentUserId" : "-AgentUserPrincipalName");

    /// <summary>Adds a fault, but none twice, and nothing more about what has no value.</summary>
    private void AddTo(string code, string place, string message, string fix)
    {
        if (!_violations.Any(one => one["field"]?.AsString() == place && (one["code"]?.AsString() == code || one["code"]?.AsString() == RuleCodes.Required)))
            _violations.Add(JsonValue.ObjectOf(("code", code), ("field", place), ("message", message), ("fix", fix)));
    }
}
