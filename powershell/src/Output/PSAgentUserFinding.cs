using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Something that a rule of an audit found, or could not check.</summary>
public sealed class PSAgentUserFinding
{
    private readonly AuditFinding? _finding;

    /// <summary>Makes one without anything, for scripts and their tests.</summary>
    public PSAgentUserFinding()
    {
    }

    internal PSAgentUserFinding(AuditFinding finding, PSAgentUserAudit audit)
    {
        _finding = finding;
        Audit = audit;
        Severity = finding.Severity.ToString();
        State = finding.State == FindingState.NotChecked ? "NotChecked" : finding.Accepted is null ? "Found" : "Accepted";
        Comparison = finding.Comparison?.ToString();
        MissingPermissions = new(finding.Reason?.MissingPermissions ?? []);
        Rule = finding.Rule;
        UserPrincipalName = finding.UserPrincipalName;
        Message = Words.Of(finding.Message);
        Fix = FixCall.Of(finding.Fix);
        Id = finding.UserId;
        Subject = finding.SubjectName;
        SubjectKind = Names.Write(finding.SubjectKind);
        ReasonCode = finding.Reason?.Code;
    }

    /// <summary><c>High</c>, <c>Medium</c>, <c>Low</c> or <c>Info</c>.</summary>
    public string Severity { get; set; } = "";

    /// <summary>The rule's name. Get-AgentUserHelp tells what it finds.</summary>
    public string Rule { get; set; } = "";

    /// <summary>The sign-in name of the agent user; null where it is about something else, or about all.</summary>
    public string? UserPrincipalName { get; set; }

    /// <summary><c>Found</c>, <c>NotChecked</c> or <c>Accepted</c>. What was not checked is neither found nor clean.</summary>
    public string State { get; set; } = "";

    /// <summary>The finding, in full sentences.</summary>
    public string Message { get; set; } = "";

    /// <summary>The call of a cmdlet that mends it, in which a word in capitals stands for a value that only people know; null where no single call does. Export-AgentUserPlan makes a plan of findings.</summary>
    public string? Fix { get; set; }

    /// <summary>The object id of the agent user; null where it is about something else, or about all.</summary>
    public Guid? Id { get; set; }

    /// <summary>The name of the object that it is about.</summary>
    public string Subject { get; set; } = "";

    /// <summary>The kind of the object that it is about, such as <c>agentUser</c>.</summary>
    public string SubjectKind { get; set; } = "";

    /// <summary>Why it was not checked: the code of the problem, which Get-AgentUserHelp explains.</summary>
    public string? ReasonCode { get; set; }

    /// <summary>The permissions any of which would allow to check it, least privileged first.</summary>
    public JoinedList<string> MissingPermissions { get; set; } = JoinedList<string>.Empty;

    /// <summary><c>New</c> or <c>Unchanged</c>; null where there is no older audit.</summary>
    public string? Comparison { get; set; }

    /// <summary>The audit that it is of; null if a script made it.</summary>
    internal PSAgentUserAudit? Audit { get; }

    internal JsonValue Json => _finding?.Json ?? JsonOf.Value(this);

    /// <summary>The finding as a report has it that is written for people: with the call of a cmdlet as its fix.</summary>
    internal JsonValue Shown => JsonValue.Object(Json.Members.Select(member => member.Key == "fix" ? new(member.Key, Fix ?? "") : member));

    /// <summary>The fix as a command of agentuser; null if there is none.</summary>
    internal string? Command => _finding?.Fix is { Length: > 0 } command ? command : null;

    /// <summary>The object id of what it is about, or of the agent user.</summary>
    internal string Whom => Id?.ToString() ?? _finding?.Json["subject"]?["id"]?.AsString() ?? Subject;

    /// <summary>The whole finding, with the values that it rests on.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => Json.ToString();

    /// <summary>Severity, rule, agent user and message.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Severity} {Rule}{(UserPrincipalName is null ? "" : $" {UserPrincipalName}")}: {Message}";
}

/// <summary>The numbers of an audit.</summary>
public sealed class PSAgentUserAudit
{
    private readonly AgentAudit? _audit;

    /// <summary>Makes the numbers of an audit without findings, for scripts and their tests.</summary>
    public PSAgentUserAudit()
    {
    }

    internal PSAgentUserAudit(AgentAudit audit, AuditOptions options, byte[]? snapshot)
    {
        _audit = audit;
        Options = options;
        Snapshot = snapshot;
        Findings = [.. audit.Findings.Select(finding => new PSAgentUserFinding(finding, this))];
        Rules = new(audit.Rules.Select(rule => new PSAgentUserAuditRule(rule)));
        TenantId = audit.TenantId;
        Account = audit.Account;
        TakenAt = Moment.Of(audit.TakenAt);
        JudgedAt = Moment.Of(audit.JudgedAt);
        High = Count("High");
        Medium = Count("Medium");
        Low = Count("Low");
        Info = Count("Info");
        Accepted = Findings.Count(finding => finding.State == "Accepted");
        NotChecked = Rules.Sum(rule => rule.NotChecked);
    }

    /// <summary>The tenant.</summary>
    public Guid? TenantId { get; set; }

    /// <summary>The account that read the tenant; null where its token does not show it.</summary>
    public string? Account { get; set; }

    /// <summary>When the tenant was read.</summary>
    public PSObject? TakenAt { get; set; }

    /// <summary>The moment for which the rules judged.</summary>
    public PSObject? JudgedAt { get; set; }

    /// <summary>How many findings are high, and accepted by nobody.</summary>
    public int High { get; set; }

    /// <summary>How many are medium.</summary>
    public int Medium { get; set; }

    /// <summary>How many are low.</summary>
    public int Low { get; set; }

    /// <summary>How many are worth knowing.</summary>
    public int Info { get; set; }

    /// <summary>How many are accepted by somebody.</summary>
    public int Accepted { get; set; }

    /// <summary>How many subjects could not be checked: they are neither found nor clean.</summary>
    public int NotChecked { get; set; }

    /// <summary>The rules that ran, each with its numbers.</summary>
    public JoinedList<PSAgentUserAuditRule> Rules { get; set; } = JoinedList<PSAgentUserAuditRule>.Empty;

    internal IReadOnlyList<PSAgentUserFinding> Findings { get; } = [];

    /// <summary>Whether it is of an audit that ran in this session, and not of a script.</summary>
    internal bool WasRun => _audit is not null;

    internal DateTimeOffset? Judged => _audit?.JudgedAt;

    internal AuditOptions Options { get; } = new();

    /// <summary>The snapshot that was audited.</summary>
    internal byte[]? Snapshot { get; }

    /// <summary>The report of the audit, which Export-AgentUserReport and agentuser report read; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _audit?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The numbers in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{High} high, {Medium} medium, {Low} low, {Info} info, {NotChecked} not checked, {Accepted} accepted";

    /// <summary>The report of an audit that ran, with these findings alone.</summary>
    internal JsonValue With(IEnumerable<JsonValue> findings) => JsonValue.Object(_audit!.Json.Members.Select(member =>
        member.Key == "findings" ? new(member.Key, JsonValue.Array(findings)) : member));

    private int Count(string severity) => Findings.Count(finding => finding.Severity == severity && finding.State == "Found");
}

/// <summary>A rule of an audit, and what it made of its subjects.</summary>
public sealed class PSAgentUserAuditRule
{
    /// <summary>Makes one without anything, for scripts and their tests.</summary>
    public PSAgentUserAuditRule()
    {
    }

    internal PSAgentUserAuditRule(AuditRule rule)
    {
        Rule = rule.Rule;
        Severity = rule.Severity.ToString();
        Found = rule.Found;
        Clean = rule.Clean;
        NotChecked = rule.NotChecked;
    }

    /// <summary>The rule's name.</summary>
    public string Rule { get; set; } = "";

    /// <summary><c>High</c>, <c>Medium</c>, <c>Low</c> or <c>Info</c>.</summary>
    public string Severity { get; set; } = "";

    /// <summary>How many subjects were found.</summary>
    public int Found { get; set; }

    /// <summary>How many are clean.</summary>
    public int Clean { get; set; }

    /// <summary>How many could not be checked.</summary>
    public int NotChecked { get; set; }

    /// <summary>The rule and its numbers.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Rule}: {Found} found, {NotChecked} not checked";
}
