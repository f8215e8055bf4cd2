using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The report of an audit.</summary>
public sealed class AgentAudit : GraphObject
{
    private readonly JsonValue? _snapshot;
    private readonly JsonValue? _plan;

    internal AgentAudit(JsonValue json)
        : base(json["report"] ?? JsonValue.Null)
    {
        _snapshot = json["snapshot"];
        _plan = json["plan"];
    }

    /// <summary>The tenant.</summary>
    public Guid? TenantId => Id("tenantId");

    /// <summary>The account that read the tenant; null where its token does not show it.</summary>
    public string? Account => Text("account");

    /// <summary>The moment at which the pass over the tenant began.</summary>
    public DateTimeOffset? TakenAt => Moments.Parse(Text("takenAt"));

    /// <summary>The moment for which the rules judged.</summary>
    public DateTimeOffset? JudgedAt => Moments.Parse(Text("judgedAt"));

    /// <summary>The rules that ran, each with its numbers.</summary>
    public IReadOnlyList<AuditRule> Rules => [.. Items("rules").Select(one => new AuditRule(one))];

    /// <summary>The findings, in the order of the rules.</summary>
    public IReadOnlyList<AuditFinding> Findings => [.. Items("findings").Select(one => new AuditFinding(one))];

    /// <summary>The snapshot as the text of its file; null unless it was asked for.</summary>
    public string? Snapshot => _snapshot?.ToString();

    /// <summary>The plan that mends findings; null unless it was asked for.</summary>
    public AgentUserPlan? Plan => _plan is null ? null : AgentUserPlan.From(_plan);
}

/// <summary>A rule of an audit, and what it made of its subjects.</summary>
public sealed class AuditRule : GraphObject
{
    internal AuditRule(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The rule's name.</summary>
    public string Rule => Text("rule") ?? "";

    /// <summary><c>high</c>, <c>medium</c>, <c>low</c> or <c>info</c>.</summary>
    public string Severity => Text("severity") ?? "";

    /// <summary>How many subjects were found.</summary>
    public int Found => Number("found");

    /// <summary>How many are clean.</summary>
    public int Clean => Number("clean");

    /// <summary>How many could not be checked: they are neither found nor clean.</summary>
    public int NotChecked => Number("notChecked");

    private int Number(string member) => (int)(Json[member]?.AsInt64() ?? 0);
}

/// <summary>Something that a rule found, or could not check.</summary>
public sealed class AuditFinding : GraphObject
{
    internal AuditFinding(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The rule's name.</summary>
    public string Rule => Text("rule") ?? "";

    /// <summary><c>high</c>, <c>medium</c>, <c>low</c> or <c>info</c>.</summary>
    public string Severity => Text("severity") ?? "";

    /// <summary>Whether it could not be checked, in place of being found.</summary>
    public bool IsNotChecked => Text("state") == "notChecked";

    /// <summary>The object id of the agent user; null where it is about something else, or about all.</summary>
    public Guid? UserId => Json["user"]?["id"]?.AsGuid();

    /// <summary>The sign-in name of the agent user.</summary>
    public string? UserPrincipalName => Json["user"]?["userPrincipalName"]?.AsString();

    /// <summary>The kind of the object that it is about, such as <c>agentUser</c>.</summary>
    public string SubjectKind => Json["subject"]?["kind"]?.AsString() ?? "";

    /// <summary>The name of the object that it is about.</summary>
    public string SubjectName => Json["subject"]?["name"]?.AsString() ?? "";

    /// <summary>The finding, in full sentences.</summary>
    public string Message => Text("message") ?? "";

    /// <summary>The command that mends it; null where no single command does.</summary>
    public string? Fix => Text("fix");

    /// <summary>Whether somebody accepts it, and the date has not passed.</summary>
    public bool IsAccepted => Json["accepted"] is not null;

    /// <summary><c>new</c> or <c>unchanged</c>; null where there is no older audit.</summary>
    public string? Comparison => Text("comparison");

    /// <summary>Why it was not checked: the code of the problem.</summary>
    public string? ReasonCode => Json["reason"]?["code"]?.AsString();

    /// <summary>The permissions any of which would allow to check it, least privileged first.</summary>
    public IReadOnlyList<string> MissingPermissions =>
        [.. (Json["reason"]?["permissions"]?.Items ?? []).Select(one => one.AsString()).OfType<string>()];
}
