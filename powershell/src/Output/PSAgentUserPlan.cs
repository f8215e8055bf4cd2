using System;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Changes that were planned, for one tenant: to be looked at, approved by their digest, and then made.</summary>
public sealed class PSAgentUserPlan
{
    private int? _objects;

    /// <summary>Makes a plan without changes, for scripts and their tests. Invoke-AgentUserPlan applies none that a script made.</summary>
    public PSAgentUserPlan()
    {
    }

    internal PSAgentUserPlan(AgentUserPlan plan, string? path)
    {
        Plan = plan;
        Path = path;
        Verb = PlannedVerbs.Shown(plan.Verb);
        Changes = new(plan.Changes.Select(change => new PSAgentUserPlannedChange(change)));
        Digest = plan.Digest;
        TenantId = plan.TenantId;
        Author = plan.Author;
        CreatedAt = Moment.Of(plan.CreatedAt);
    }

    /// <summary>The verb that planned it, such as <c>Remove</c>, <c>Roster</c> or <c>Audit</c>.</summary>
    public string Verb { get; set; } = "";

    /// <summary>How many agent users and other objects it changes.</summary>
    public int Objects { get => _objects ?? Changes.GroupBy(change => (change.Id, change.Row)).Count(); set => _objects = value; }

    /// <summary>The changes, those of one agent user in their order.</summary>
    public JoinedList<PSAgentUserPlannedChange> Changes { get; set; } = JoinedList<PSAgentUserPlannedChange>.Empty;

    /// <summary>The digest of everything else, which Invoke-AgentUserPlan -Approved takes.</summary>
    public string Digest { get; set; } = "";

    /// <summary>The tenant that it was planned in, the only one that it is applied to.</summary>
    public Guid? TenantId { get; set; }

    /// <summary>The account that planned it; null where the token does not show it.</summary>
    public string? Author { get; set; }

    /// <summary>When it was planned.</summary>
    public PSObject? CreatedAt { get; set; }

    /// <summary>The file that it is in; null if it is in none.</summary>
    public string? Path { get; set; }

    /// <summary>The plan as it was read; null if a script made it.</summary>
    internal AgentUserPlan? Plan { get; }

    /// <summary>The content of the plan's file; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => Plan?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The verb, the number of changes and the digest.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => FormattableString.Invariant($"{Verb}, {Changes.Count} changes, {Digest}");
}

/// <summary>A change of a plan.</summary>
public sealed class PSAgentUserPlannedChange
{
    private readonly string? _words;

    /// <summary>Makes a change of nothing, for scripts and their tests.</summary>
    public PSAgentUserPlannedChange()
    {
    }

    internal PSAgentUserPlannedChange(PlannedChange change)
    {
        _words = change.ToString();
        Row = change.Row;
        UserPrincipalName = change.UserPrincipalName;
        Id = change.Id;
        Change = new(change.Change);
    }

    /// <summary>The number of the roster's row; null where there is no roster.</summary>
    public int? Row { get; set; }

    /// <summary>The agent user's sign-in name when it was planned; empty for another object.</summary>
    public string UserPrincipalName { get; set; } = "";

    /// <summary>The object id; null for an agent user that is yet to be created.</summary>
    public Guid? Id { get; set; }

    /// <summary>The change.</summary>
    public PSAgentUserChange Change { get; set; } = new();

    /// <summary>The agent user and the change.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => _words ?? $"{UserPrincipalName}: {Change}";
}
