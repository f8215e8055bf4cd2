namespace AgentUsers;

/// <summary>A violation in a roster.</summary>
public sealed class RowError
{
    private RowError(int? row, Violation violation)
    {
        Row = row;
        Violation = violation;
    }

    /// <summary>
    /// The row as a spreadsheet numbers it: the header is row 1. In JSON, the first object is row 1. Null for the
    /// whole file.
    /// </summary>
    public int? Row { get; }

    /// <summary>The column as the file writes it, or <c>roster</c> for a row or a file as a whole.</summary>
    public string Field => Violation.Field;

    /// <summary>The violation.</summary>
    public Violation Violation { get; }

    /// <summary>Place and message.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Row is { } row ? $"Row {row}, {Violation}" : Violation.ToString();

    internal static RowError From(JsonValue json) => new((int?)json["row"]?.AsInt64(), Violation.From(json));
}
