using System.Collections.Generic;

namespace AgentUsers.PowerShell;

/// <summary>What the rules say of one agent user, or of a whole roster.</summary>
public sealed class PSAgentUserTest
{
    internal PSAgentUserTest(
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

    /// <summary>The mail alias, as given or derived.</summary>
    public string? MailNickname { get; }

    /// <summary>The roster, where one was tested.</summary>
    public string? Path { get; }

    /// <summary>How many rows the roster has.</summary>
    public int? Rows { get; }

    /// <summary>Every broken rule.</summary>
    public JoinedList<PSAgentUserViolation> Violations { get; }

    /// <summary>Whether it is valid, or why not.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => IsValid ? "valid" : Violations.ToString();
}

/// <summary>A broken rule, and its place.</summary>
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

    /// <summary>A roster that can't be read at all.</summary>
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

    /// <summary>The offending character, counted from 0.</summary>
    public int? Position { get; }

    /// <summary>What is wrong.</summary>
    public string Message { get; }

    /// <summary>What to do about it.</summary>
    public string Fix { get; }

    /// <summary>Place, field and message.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => (Row, Field) switch
    {
        ({ } row, { Length: > 0 } place) => $"Row {row}, {place}: {Message}",
        ({ } row, _) => $"Row {row}: {Message}",
        (_, { Length: > 0 } place) => $"{place}: {Message}",
        _ => Message,
    };
}
