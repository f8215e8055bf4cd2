namespace AgentUsers;

/// <summary>A violation in a roster.</summary>
public sealed class RowError
{
    private RowError(int? row, string? column, Violation violation)
    {
        Row = row;
        Column = column;
        Violation = violation;
    }

    /// <summary>
    /// The row as a spreadsheet numbers it: the header is row 1. In JSON, the first object is row 1. Null for the
    /// whole file.
    /// </summary>
    public int? Row { get; }

    /// <summary>The column, as the file names it.</summary>
    public string? Column { get; }

    /// <summary>The violation.</summary>
    public Violation Violation { get; }

    /// <summary>Place and message.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => (Row, Column) switch
    {
        ({ } row, { } column) => $"row {row}, {column}: {Violation.Message}",
        ({ } row, null) => $"row {row}: {Violation.Message}",
        (null, { } column) => $"column {column}: {Violation.Message}",
        _ => Violation.Message,
    };

    internal static RowError From(JsonValue json) =>
        new((int?)json["row"]?.AsInt64(), json["column"]?.AsString(), Violation.From(json));
}
