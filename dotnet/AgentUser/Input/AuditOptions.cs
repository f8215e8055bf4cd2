using System;
using System.Collections.Generic;
using System.Globalization;

namespace AgentUsers;

/// <summary>Which rules of an audit run, and how they judge.</summary>
public sealed class AuditOptions
{
    /// <summary>The names of the rules that run; null runs all.</summary>
    public IReadOnlyList<string>? Rules { get; set; }

    /// <summary>Only rules as bad as this or worse; null runs all.</summary>
    public AuditSeverity? Severity { get; set; }

    /// <summary>Run the rules, too, that read Graph's beta.</summary>
    public bool Beta { get; set; }

    /// <summary>The moment for which the rules judge; the time of the audit, or of the snapshot, unless set.</summary>
    public DateTimeOffset? Now { get; set; }

    /// <summary>How many days before its leave date an agent user is found; 30 unless set.</summary>
    public int? LeaveDays { get; set; }

    /// <summary>After how many days without a successful sign-in an agent user is found; 90 unless set.</summary>
    public int? IdleDays { get; set; }

    /// <summary>How many agent identities a blueprint may have before it is found, of the 250 that Microsoft allows; 200 unless set.</summary>
    public int? BlueprintIdentities { get; set; }

    /// <summary>How many hours a mailbox may take; 24 unless set.</summary>
    public int? MailboxHours { get; set; }

    /// <summary>How many days before it an action of a lifecycle policy is found; 30 unless set.</summary>
    public int? ActionDays { get; set; }

    /// <summary>Give the snapshot with the report.</summary>
    public bool Snapshot { get; set; }

    /// <summary>The content of a file of accepted findings: a JSON array of objects with rule, whom, reason, by and until.</summary>
    public string? Accepted { get; set; }

    /// <summary>The content of an older report or snapshot, to compare with.</summary>
    public string? Older { get; set; }

    /// <summary>The names of the rules whose findings become a plan.</summary>
    public IReadOnlyList<string>? Fix { get; set; }

    internal string? LeastSeverity => Severity is { } severity ? Names.Write(severity) : null;

    internal string? JudgedAt => Now?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
