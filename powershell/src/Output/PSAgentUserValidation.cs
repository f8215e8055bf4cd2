using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>The result of checking one agent user or a roster.</summary>
public sealed class PSAgentUserValidation
{
    private bool? _isValid;

    /// <summary>Makes a validation without violations, for scripts and their tests.</summary>
    public PSAgentUserValidation()
    {
    }

    internal PSAgentUserValidation(
        string? userPrincipalName, string? mailNickname, string? path, int? rows, IEnumerable<PSAgentUserViolation> violations)
    {
        UserPrincipalName = userPrincipalName;
        MailNickname = mailNickname;
        Path = path;
        Rows = rows;
        Violations = new(violations);
    }

    /// <summary>Whether no rule is broken.</summary>
    public bool IsValid { get => _isValid ?? Violations.Count == 0; set => _isValid = value; }

    /// <summary>The sign-in name, as given or derived.</summary>
    public string? UserPrincipalName { get; set; }

    /// <summary>The mail nickname, as given or derived.</summary>
    public string? MailNickname { get; set; }

    /// <summary>The roster file; null if an agent user was tested.</summary>
    public string? Path { get; set; }

    /// <summary>The number of rows of the roster; null if an agent user was tested.</summary>
    public int? Rows { get; set; }

    /// <summary>All violations.</summary>
    public JoinedList<PSAgentUserViolation> Violations { get; set; } = JoinedList<PSAgentUserViolation>.Empty;

    /// <summary>The word valid, or the violations.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => IsValid ? "valid" : Violations.ToString();
}

/// <summary>A violation, and its place.</summary>
public sealed class PSAgentUserViolation
{
    /// <summary>Makes a violation of no rule, for scripts and their tests.</summary>
    public PSAgentUserViolation()
    {
    }

    internal PSAgentUserViolation(Violation violation, int? row = null)
    {
        Row = row;
        Code = violation.Code;
        Field = violation.Field;
        Position = violation.Position + 1;
        Message = Words.Of(violation.Message);
        Fix = Words.Of(violation.Fix);
    }

    internal PSAgentUserViolation(RowError error)
        : this(error.Violation, error.Row)
    {
    }

    /// <summary>Makes the violation of a roster that can't be read.</summary>
    internal PSAgentUserViolation(Problem problem)
    {
        Code = problem.Code;
        Field = problem.Field ?? "";
        Message = Words.Of(problem.Message);
        Fix = Words.Of(problem.Fix);
    }

    /// <summary>The roster's row, as a spreadsheet counts.</summary>
    public int? Row { get; set; }

    /// <summary>The stable code, such as <c>UpnTooLong</c>.</summary>
    public string Code { get; set; } = "";

    /// <summary>Graph's property name, or the roster's column as the file writes it.</summary>
    public string Field { get; set; } = "";

    /// <summary>The offending character, counted from 1 as people do; null if no single one is at fault.</summary>
    public int? Position { get; set; }

    /// <summary>One sentence that names the error.</summary>
    public string Message { get; set; } = "";

    /// <summary>The fix.</summary>
    public string Fix { get; set; } = "";

    /// <summary>The place and the message.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        string?[] place = [Row is { } row ? FormattableString.Invariant($"Row {row}") : null, Field, Character];
        string text = string.Join(", ", place.Where(part => !string.IsNullOrEmpty(part)));
        return text.Length == 0 ? Message : $"{text}: {Message}";
    }

    /// <summary>The offending character in words; null if no single one is at fault.</summary>
    private string? Character => Position is { } position ? FormattableString.Invariant($"character {position}") : null;
}
