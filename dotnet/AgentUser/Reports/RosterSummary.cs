namespace AgentUsers;

/// <summary>How a roster ended, in numbers of rows.</summary>
public sealed class RosterSummary
{
    private readonly JsonValue _json;

    private RosterSummary(JsonValue json) => _json = json;

    /// <summary>All rows.</summary>
    public int Rows => Count("rows");

    /// <summary>New.</summary>
    public int Created => Count("created");

    /// <summary>Changed.</summary>
    public int Changed => Count("changed");

    /// <summary>As wanted before.</summary>
    public int Unchanged => Count("unchanged");

    /// <summary>With something to do, after a dry run.</summary>
    public int Planned => Count("planned");

    /// <summary>Ended by a problem.</summary>
    public int Failed => Count("failed");

    /// <summary>Ended by a cancellation.</summary>
    public int Cancelled => Count("cancelled");

    /// <summary>The numbers.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        $"{Rows} rows: {Created} created, {Changed} changed, {Unchanged} unchanged, {Planned} planned, {Failed} failed, {Cancelled} cancelled";

    internal static RosterSummary From(JsonValue json) => new(json);

    private int Count(string member) => (int?)_json[member]?.AsInt64() ?? 0;
}
