using System.Collections.Generic;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>Changes in few words, for one line of a screen.</summary>
internal static class ChangeWords
{
    /// <summary>The object of a report, and what is done to it.</summary>
    internal static string Line(ProvisionReport report, string target) => $"{target}: {Summary(report.Changes)}";

    /// <summary>The changes in few words: of many of a kind, their number.</summary>
    internal static string Summary(IReadOnlyList<Change> changes) =>
        string.Join(", ", changes.GroupBy(Group).Select(group => group.Count() == 1 ? One(group.Single()) : Several(group.First(), group.Count())));

    /// <summary>Whether records of a plan lack their agent identity, which may have been created moments ago.</summary>
    internal static bool AwaitParents(IEnumerable<ProvisionReport> plan) => plan.Any(report => report.Problem?.Code == ProblemCodes.ParentNotFound);

    /// <summary>The object for which a record that can't be planned yet waits: a plan never waits for an agent identity, and a create does. Null for any other.</summary>
    /// <param name="planned">The record's plan.</param>
    /// <param name="awaitsParents">Whether any record of the whole plan lacks its agent identity; the manager's may come later.</param>
    internal static string? Wait(ProvisionReport planned, bool awaitsParents) => planned.Problem?.Code switch
    {
        ProblemCodes.ParentNotFound => "wait for the agent identity and create its agent user",
        ProblemCodes.ManagerRowFailed when awaitsParents => "wait for the agent user that is the manager",
        _ => null,
    };

    /// <summary>Enabling and disabling are told by themselves, not among the members that are set.</summary>
    private static string Group(Change change) => change is { Kind: ChangeKind.Set, Member: "accountEnabled" } ? "accountEnabled" : change.Kind.ToString();

    private static string One(Change change) => change.Kind switch
    {
        ChangeKind.Create => "create",
        ChangeKind.Set when change.Member == "accountEnabled" => change.To is true ? "enable" : "disable",
        ChangeKind.Set => $"set {change.Member}",
        ChangeKind.AddLicense => $"assign {change.Target}",
        ChangeKind.SetDisabledPlans => $"switch service plans of {change.Target}",
        ChangeKind.SetManager => "set manager",
        ChangeKind.AddSponsor => "add sponsor",
        ChangeKind.RemoveSponsor => "remove sponsor",
        _ => change.ToString(),
    };

    private static string Several(Change first, int count) => first.Kind switch
    {
        ChangeKind.Set => $"set {count} members",
        ChangeKind.AddSponsor => $"add {count} sponsors",
        ChangeKind.RemoveSponsor => $"remove {count} sponsors",
        ChangeKind.AddToGroup => $"add to {count} groups",
        ChangeKind.RemoveFromGroup => $"remove from {count} groups",
        ChangeKind.AddLicense => $"assign {count} licenses",
        ChangeKind.RemoveLicense => $"remove {count} licenses",
        _ => $"{One(first)} ({count} times)",
    };
}
