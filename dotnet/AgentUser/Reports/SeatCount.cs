namespace AgentUsers;

/// <summary>The seats of a license that the rows of a roster need. They are counted for the whole tenant.</summary>
public sealed class SeatCount
{
    private SeatCount(JsonValue json)
    {
        Sku = json["sku"]?.AsString() ?? "";
        Needed = json["needed"]?.AsInt64() ?? 0;
        Free = json["free"]?.AsInt64() ?? 0;
        Grace = json["grace"]?.AsInt64() ?? 0;
    }

    /// <summary>The SKU's part number, or its id where it has none.</summary>
    public string Sku { get; }

    /// <summary>How many seats the rows need that lack the license.</summary>
    public long Needed { get; }

    /// <summary>How many seats were free in the tenant when the run began.</summary>
    public long Free { get; }

    /// <summary>How many more belong to a subscription that has run out: Graph decides whether it assigns them.</summary>
    public long Grace { get; }

    /// <summary>The numbers in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Sku}: {Needed} needed, {Free} free in the whole tenant, {Grace} in grace";

    internal static SeatCount From(JsonValue json) => new(json);
}
