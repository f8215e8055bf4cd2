using System.Collections.Generic;

namespace AgentUsers.PowerShell;

/// <summary>The result of checking one agent user or a roster.</summary>
public sealed class PSAgentUserValidation
{
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
    public bool IsValid => Violations.Count == 0;

    /// <summary>The sign-in name, as given or derived.</summary>
    public string? UserPrincipalName { get; }

    /// <summary>The mail nickname, as given or derived.</summary>
    public string? MailNickname { get; }

    /// <summary>The roster file; null if an agent user was tested.</summary>
    public string? Path { get; }

    /// <summary>The number of rows of the roster; null if an agent user was tested.</summary>
    public int? Rows { get; }

    /// <summary>All violations.</summary>
    public JoinedList<PSAgentUserViolation> Violations { get; }

    /// <summary>The word valid, or the violations.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => IsValid ? "valid" : Violations.ToString();
}

/// <summary>A violation, and its place.</summary>
public sealed class PSAgentUserViolation
{
    internal PSAgentUserViolation(Violation violation, int? row = null)
    {
        Row = row;
        Code = violation.Code;
        Field = violation.Field;
        Position = violation.Position;
        Message = violation.Message;
        Fix = violation.Fix;
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
        Message = problem.Message;
        Fix = problem.Fix;
    }

    /// <summary>The roster's row, as a spreadsheet counts.</summary>
    public int? Row { get; }

    /// <summary>The stable code, such as <c>UpnTooLong</c>.</summary>
    public string Code { get; }

    /// <summary>Graph's property name, or the roster's column as the file writes it.</summary>
    public string Field { get; }

    /// <summary>The index of the offending character, from 0; null if no single one is at fault.</summary>
    public int? Position { get; }

    /// <summary>One sentence that names the error.</summary>
    public string Message { get; }

    /// <summary>The fix.</summary>
    public string Fix { get; }

    /// <summary>The place and the message.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => (Row, Field) switch
    {
        ({ } row, { Length: > 0 } place) => $"Row {row}, {place}: {Message}",
        ({ } row, _) => $"Row {row}: {Message}",
        (_, { Length: > 0 } place) => $"{place}: {Message}",
        _ => Message,
    };
}
