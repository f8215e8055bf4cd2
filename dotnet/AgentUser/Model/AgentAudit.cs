using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The report of an audit.</summary>
public sealed class AgentAudit : GraphObject
{
    private readonly JsonValue? _snapshot;
    private readonly JsonValue? _plan;
    private readonly JsonValue? _notPlanned;

    internal AgentAudit(JsonValue json)
        : base(json["report"] ?? JsonValue.Null)
    {
        _snapshot = json["snapshot"];
        _plan = json["plan"];
        _notPlanned = json["notPlanned"];
    }

    /// <summary>The tenant.</summary>
    public Guid? TenantId => Id("tenantId");

    /// <summary>The account that read the tenant; null where its token does not show it.</summary>
    public string? Account => Text("account");

    /// <summary>The moment at which the pass over the tenant began.</summary>
    public DateTimeOffset? TakenAt => Moments.Parse(Text("takenAt"));

    /// <summary>The moment for which the rules judged.</summary>
    public DateTimeOffset? JudgedAt => Moments.Parse(Text("judgedAt"));

    /// <summary>How many agent users there are.</summary>
    public int AgentUsers => (int)(Json["agentUsers"]?.AsInt64() ?? 0);

    /// <summary>The rules that ran, each with its numbers.</summary>
    public IReadOnlyList<AuditRule> Rules => [.. Items("rules").Select(one => new AuditRule(one))];

    /// <summary>The findings, in the order of the rules.</summary>
    public IReadOnlyList<AuditFinding> Findings => [.. Items("findings").Select(one => new AuditFinding(one))];

    /// <summary>The findings of the older audit that are not found any more; none without an older one.</summary>
    public IReadOnlyList<GoneFinding> Gone => [.. Items("gone").Select(one => new GoneFinding(one))];

    /// <summary>The parts of the tenant that were not read, though a rule that ran reads them, each with the reason.</summary>
    public IReadOnlyList<UnreadSection> NotRead => [.. Items("notRead").Select(one => new UnreadSection(one))];

    /// <summary>The findings that the plan can't mend, by rule; none unless a plan was asked for.</summary>
    public IReadOnlyList<NotPlanned> NotPlanned => [.. (_notPlanned?.Items ?? []).Select(one => new NotPlanned(one))];

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

    /// <summary>How bad its findings are.</summary>
    public AuditSeverity Severity => Names.Parse<AuditSeverity>(Json["severity"]);

    /// <summary>The finding, in one sentence.</summary>
    public string Finds => Text("finds") ?? "";

    /// <summary>How many subjects were found.</summary>
    public int Found => Number("found");

    /// <summary>How many are clean.</summary>
    public int Clean => Number("clean");

    /// <summary>How many could not be checked: they are neither found nor clean.</summary>
    public int NotChecked => Number("notChecked");

    /// <summary>How many of its findings are accepted.</summary>
    public int Accepted => Number("accepted");

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

    /// <summary>How bad it is.</summary>
    public AuditSeverity Severity => Names.Parse<AuditSeverity>(Json["severity"]);

    /// <summary>Whether it was found, or could not be checked.</summary>
    public FindingState State => Names.Parse<FindingState>(Json["state"]);

    /// <summary>The object id of the agent user; null where it is about something else, or about all.</summary>
    public Guid? UserId => Json["user"]?["id"]?.AsGuid();

    /// <summary>The sign-in name of the agent user.</summary>
    public string? UserPrincipalName => Json["user"]?["userPrincipalName"]?.AsString();

    /// <summary>The kind of the object that it is about.</summary>
    public FindingSubject SubjectKind => Names.Parse<FindingSubject>(Json["subject"]?["kind"]);

    /// <summary>The id of the object that it is about.</summary>
    public string SubjectId => Json["subject"]?["id"]?.AsString() ?? "";

    /// <summary>The name of the object that it is about.</summary>
    public string SubjectName => Json["subject"]?["name"]?.AsString() ?? "";

    /// <summary>The finding, in full sentences.</summary>
    public string Message => Text("message") ?? "";

    /// <summary>The command that mends it; null where no single command does.</summary>
    public string? Fix => Text("fix");

    /// <summary>The values that it rests on, by their names.</summary>
    public IReadOnlyDictionary<string, object?> Evidence => PlainValues.From((Json["evidence"] ?? JsonValue.ObjectOf()).Members);

    /// <summary>The acceptance that holds now; null where nobody accepts it, or the date has passed.</summary>
    public FindingAcceptance? Accepted => Json["accepted"] is { } accepted ? new(accepted) : null;

    /// <summary>Whether the older audit has it; null where there is no older audit.</summary>
    public FindingComparison? Comparison =>
        Json["comparison"] is { } comparison ? Names.Parse<FindingComparison>(comparison) : null;

    /// <summary>Why it was not checked; null for what was found.</summary>
    public UnreadReason? Reason => Json["reason"] is { } reason ? new(reason) : null;
}

/// <summary>A finding of an older audit that is not found any more.</summary>
public sealed class GoneFinding : GraphObject
{
    internal GoneFinding(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The rule's name.</summary>
    public string Rule => Text("rule") ?? "";

    /// <summary>The sign-in name of the agent user; null where it was about something else.</summary>
    public string? UserPrincipalName => Text("userPrincipalName");

    /// <summary>The name of the object that it was about.</summary>
    public string SubjectName => Text("subject") ?? "";

    /// <summary>The finding as it was.</summary>
    public string Message => Text("message") ?? "";
}

/// <summary>The person who accepts a finding, the reason, and the end.</summary>
public sealed class FindingAcceptance : GraphObject
{
    internal FindingAcceptance(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The one who accepts it.</summary>
    public string By => Text("by") ?? "";

    /// <summary>The reason.</summary>
    public string Reason => Text("reason") ?? "";

    /// <summary>The last day, or the moment, until which it is accepted, as the file has it.</summary>
    public string Until => Text("until") ?? "";
}

/// <summary>A part of the tenant that was not read.</summary>
public sealed class UnreadSection : GraphObject
{
    internal UnreadSection(JsonValue json)
        : base(json)
    {
    }

    /// <summary>Its name, such as <c>signIns</c>; docs/audit.md has all of them.</summary>
    public string Section => Text("section") ?? "";

    /// <summary>Why it was not read.</summary>
    public UnreadReason Reason => new(Json["reason"] ?? JsonValue.ObjectOf());
}

/// <summary>Why something was not read.</summary>
public sealed class UnreadReason : GraphObject
{
    internal UnreadReason(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The code of the problem, such as <see cref="ProblemCodes.PermissionMissing"/>.</summary>
    public string Code => Text("code") ?? "";

    /// <summary>The reason, in full sentences.</summary>
    public string Message => Text("message") ?? "";

    /// <summary>The permissions any of which would allow it, least privileged first.</summary>
    public IReadOnlyList<string> MissingPermissions => Texts("permissions");

    /// <summary>The license that the tenant lacks for it.</summary>
    public string? MissingLicense => Text("license");
}

/// <summary>Findings of a rule that a plan can't mend.</summary>
public sealed class NotPlanned : GraphObject
{
    internal NotPlanned(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The rule's name.</summary>
    public string Rule => Text("rule") ?? "";

    /// <summary>How many findings they are.</summary>
    public int Findings => (int)(Json["findings"]?.AsInt64() ?? 0);

    /// <summary>The reason.</summary>
    public string Message => Text("message") ?? "";
}
