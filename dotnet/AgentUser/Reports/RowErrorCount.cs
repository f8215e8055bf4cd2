namespace AgentUsers;

/// <summary>The number of times that a roster breaks a rule in a column.</summary>
public sealed class RowErrorCount
{
    private RowErrorCount(string code, string field, int count, int firstRow)
    {
        Code = code;
        Field = field;
        Count = count;
        FirstRow = firstRow;
    }

    /// <summary>The stable code of the rule, such as <c>UpnTooLong</c>.</summary>
    public string Code { get; }

    /// <summary>The column as the file writes it, or <c>roster</c>.</summary>
    public string Field { get; }

    /// <summary>The number of violations.</summary>
    public int Count { get; }

    /// <summary>The first row with one.</summary>
    public int FirstRow { get; }

    /// <summary>The number, the field and the code.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Count} times {Field}: {Code}";

    internal static RowErrorCount From(JsonValue json) => new(
        json["code"]?.AsString() ?? "",
        json["field"]?.AsString() ?? "",
        (int?)json["count"]?.AsInt64() ?? 0,
        (int?)json["firstRow"]?.AsInt64() ?? 0);
}
