using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The number of rows of a roster, by outcome.</summary>
public sealed class RosterSummary
{
    private readonly JsonValue _json;

    private RosterSummary(JsonValue json) => _json = json;

    /// <summary>The run, which the <c>User-Agent</c> of its requests names.</summary>
    public string RunId => _json["runId"]?.AsString() ?? "";

    /// <summary>All rows.</summary>
    public int Rows => Count("rows");

    /// <summary>Rows whose agent user was created.</summary>
    public int Created => Count("created");

    /// <summary>How many of the created were found after a create whose answer was lost: this run or another one created them.</summary>
    public int Unanswered => Count("unanswered");

    /// <summary>Rows whose agent user was changed.</summary>
    public int Changed => Count("changed");

    /// <summary>Rows whose agent user was as declared.</summary>
    public int Unchanged => Count("unchanged");

    /// <summary>Rows for which a dry run found changes.</summary>
    public int Planned => Count("planned");

    /// <summary>Rows that a problem ended.</summary>
    public int Failed => Count("failed");

    /// <summary>Rows that a cancellation ended.</summary>
    public int Cancelled => Count("cancelled");

    /// <summary>The seats that the rows need, by license.</summary>
    public IReadOnlyList<SeatCount> Seats => [.. (_json["seats"]?.Items ?? []).Select(SeatCount.From)];

    /// <summary>Sentences about the whole roster: what was noticed and ended nothing.</summary>
    public IReadOnlyList<Remark> Remarks => [.. (_json["remarks"]?.Items ?? []).Select(Remark.From)];

    /// <summary>All numbers in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        $"{Rows} rows: {Created} created, {Changed} changed, {Unchanged} unchanged, {Planned} planned, {Failed} failed, {Cancelled} cancelled";

    internal static RosterSummary From(JsonValue json) => new(json);

    private int Count(string member) => (int?)_json[member]?.AsInt64() ?? 0;
}
