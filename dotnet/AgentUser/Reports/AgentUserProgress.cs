using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The kinds of progress.</summary>
public enum ProgressKind
{
    /// <summary>A kind that this version does not know.</summary>
    Unknown,

    /// <summary>A row, or the one agent user, reached a stage.</summary>
    Stage,

    /// <summary>A request or a row waits.</summary>
    Waiting,

    /// <summary>Rows have finished or reached further stages.</summary>
    Rows,

    /// <summary>The call ends early: it begins nothing new and finishes what it has begun.</summary>
    Ending,

    /// <summary>The sign-in noticed something that ends nothing.</summary>
    Remark,
}

/// <summary>The reasons of waits.</summary>
public enum WaitReason
{
    /// <summary>A kind that this version does not know.</summary>
    Unknown,

    /// <summary>The server asked to wait.</summary>
    Throttled,

    /// <summary>A failed request is tried again.</summary>
    Retry,

    /// <summary>A request has had no answer for ten seconds.</summary>
    Answer,

    /// <summary>Requests have waited for a token for ten seconds: the sign-in is slow, or a person is asked to sign in.</summary>
    SignIn,

    /// <summary>The parent of a new agent user is not there yet.</summary>
    Parent,

    /// <summary>The directory has not replicated a change yet.</summary>
    Replication,

    /// <summary>A license is not active yet.</summary>
    License,

    /// <summary>The mailbox is not provisioned yet.</summary>
    Mailbox,

    /// <summary>Teams is not provisioned yet.</summary>
    Teams,

    /// <summary>OneDrive is not provisioned yet.</summary>
    OneDrive,

    /// <summary>New tokens do not carry a permission yet.</summary>
    Permission,

    /// <summary>The tenant's quota of writes is used up: Graph would refuse more.</summary>
    WriteQuota,

    /// <summary>The tenant's quota of resource units, which reads use most of, is used up.</summary>
    UnitQuota,

    /// <summary>The tenant's quota of reads of reports is used up.</summary>
    ReportQuota,
}

/// <summary>Progress. Under load, older progress is left out.</summary>
public sealed class AgentUserProgress
{
    private AgentUserProgress(ProgressKind kind, int? row, ProvisionStage stage, WaitReason reason, TimeSpan wait, Guid? waitsFor, string? setting, int done, int of,
        IReadOnlyDictionary<ProvisionStage, int> stages, Remark? remark)
    {
        Kind = kind;
        Row = row;
        Stage = stage;
        Reason = reason;
        Wait = wait;
        WaitsFor = waitsFor;
        Setting = setting;
        RowsDone = done;
        RowsTotal = of;
        RowsByStage = stages;
        Remark = remark;
    }

    /// <summary>The kind of progress.</summary>
    public ProgressKind Kind { get; }

    /// <summary>The row's number, as in its report; null for a single agent user.</summary>
    public int? Row { get; }

    /// <summary>With <see cref="ProgressKind.Stage"/>: the stage.</summary>
    public ProvisionStage Stage { get; }

    /// <summary>With <see cref="ProgressKind.Waiting"/>: the reason.</summary>
    public WaitReason Reason { get; }

    /// <summary>
    /// With <see cref="ProgressKind.Waiting"/>: the time until the next try. With <see cref="ProgressKind.Ending"/>: the longest time
    /// until the end.
    /// </summary>
    public TimeSpan Wait { get; }

    /// <summary>With <see cref="ProgressKind.Waiting"/>: the id of the object that is waited for; null where it has none.</summary>
    public Guid? WaitsFor { get; }

    /// <summary>
    /// With <see cref="ProgressKind.Waiting"/>: the setting of <see cref="AgentUserClientOptions"/> that says how long it may take,
    /// spelled as in the configuration: <c>parentTimeoutMs</c> is <see cref="AgentUserClientOptions.ParentTimeout"/>; null where there is none.
    /// </summary>
    public string? Setting { get; }

    /// <summary>With <see cref="ProgressKind.Rows"/>: the number of finished rows.</summary>
    public int RowsDone { get; }

    /// <summary>With <see cref="ProgressKind.Rows"/>: the number of all rows.</summary>
    public int RowsTotal { get; }

    /// <summary>With <see cref="ProgressKind.Rows"/>: how many rows have reached which stage and none further.</summary>
    public IReadOnlyDictionary<ProvisionStage, int> RowsByStage { get; }

    /// <summary>With <see cref="ProgressKind.Remark"/>: the remark; else null.</summary>
    public Remark? Remark { get; }

    /// <summary>The progress in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        string row = Row is { } number ? $"row {number}: " : "";
        return Kind switch
        {
            ProgressKind.Stage => $"{row}{Stage}",
            ProgressKind.Waiting => $"{row}waiting {Wait.TotalSeconds:0.#} s ({Reason})",
            ProgressKind.Rows => $"{RowsDone} of {RowsTotal} rows",
            ProgressKind.Ending => $"ends within {Wait.TotalSeconds:0.#} s",
            ProgressKind.Remark => $"{Remark}",
            _ => $"{row}{Kind}",
        };
    }

    internal static AgentUserProgress From(JsonValue json) => From(json, Names.Parse<ProgressKind>(json["event"]));

    private static AgentUserProgress From(JsonValue json, ProgressKind kind) => new(
        kind,
        (int?)json["row"]?.AsInt64(),
        Names.Parse<ProvisionStage>(json["stage"]),
        Names.Parse<WaitReason>(json["why"]),
        // An endless wait exceeds a TimeSpan.
        TimeSpan.FromMilliseconds(Math.Min((json["waitMs"] ?? json["withinMs"])?.AsDouble() ?? 0, int.MaxValue)),
        Guid.TryParse(json["object"]?.AsString(), out Guid id) ? id : null,
        json["setting"]?.AsString(),
        (int?)json["done"]?.AsInt64() ?? 0,
        (int?)json["of"]?.AsInt64() ?? 0,
        Stages(json["stages"]),
        kind == ProgressKind.Remark ? AgentUsers.Remark.From(json) : null);

    private static Dictionary<ProvisionStage, int> Stages(JsonValue? json)
    {
        var stages = new Dictionary<ProvisionStage, int>();
        foreach (JsonValue count in json?.Items ?? Enumerable.Empty<JsonValue>())
        {
            ProvisionStage stage = Names.Parse<ProvisionStage>(count["stage"]);
            stages.TryGetValue(stage, out int before);
            stages[stage] = before + (int)(count["rows"]?.AsInt64() ?? 0);
        }
        return stages;
    }
}
