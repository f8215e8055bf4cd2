using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace AgentUsers.PowerShell;

/// <summary>Completes the names of an agent user's members, as Graph spells them.</summary>
public sealed class MemberCompleter : ValueCompleter
{
    /// <summary>The members of the account itself, in the order of the alphabet.</summary>
    internal static readonly string[] Names = [.. Row.AccountNames.OrderBy(name => name, StringComparer.Ordinal)];

    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Names.Where(name => Begins(name, typed)).Select(name => new Value(name));
}

/// <summary>Completes what Get-AgentUser -Property reads beside the usual members.</summary>
public sealed class ExtraPropertyCompleter : ValueCompleter
{
    /// <summary>The members that a list reads anyway.</summary>
    private static readonly string[] s_listed =
        ["accountEnabled", "department", "displayName", "jobTitle", "mail", "mailNickname", "usageLocation", "userPrincipalName", "userType"];

    private static readonly (string Name, string Tip)[] s_names =
    [
        ("Manager", "The manager, by a request for each agent user."),
        ("Sponsors", "The sponsors, by a request for each agent user."),
        ("customSecurityAttributes", "Custom security attributes, for those who may read them."),
        ("onPremisesExtensionAttributes", "The extension attributes 1 to 15."),
        ("employeeLeaveDateTime", "The end of work, for those who may read it."),
        ("extension_", "A directory extension: extension_ and the id of its application without hyphens, _ and its name."),
        .. MemberCompleter.Names.Except(s_listed).Where(name => name != "employeeLeaveDateTime").Select(name => (name, "Empty in a list unless it is named here.")),
    ];

    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        s_names.Where(name => Begins(name.Name, typed)).Select(name => new Value(name.Name, name.Tip));
}

/// <summary>Completes the columns of a report of agent users: their members, and what only Graph sets.</summary>
public sealed class ColumnCompleter : ValueCompleter
{
    private static readonly string[] s_names =
    [
        .. MemberCompleter.Names, "assignedLicenses", "createdDateTime", "deletedDateTime", "id", "identityParentId", "licenses",
    ];

    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        s_names.Where(name => Begins(name, typed)).Select(name => new Value(name));
}

/// <summary>Completes the names of operations.</summary>
public sealed class OperationCompleter : ValueCompleter
{
    /// <summary>The operations of docs/permissions.md: those that <see cref="Operations"/> starts.</summary>
    internal static readonly string[] Names =
    [
        .. typeof(Operations).GetMethods(BindingFlags.NonPublic | BindingFlags.Static).Where(method => method.ReturnType == typeof(JsonValue))
            .Select(method => char.ToLowerInvariant(method.Name[0]) + method.Name.Substring(1)),
    ];

    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Names.Where(name => Begins(name, typed)).Select(name => new Value(name));
}

/// <summary>Completes the cmdlets that need permissions.</summary>
public sealed class CmdletCompleter : ValueCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        AgentUserTasks.Cmdlets.Where(name => Begins(name, typed)).Select(name => new Value(name, string.Join(", ", AgentUserTasks.OfCmdlet(name)!)));
}

/// <summary>Completes the names of the session's connections.</summary>
public sealed class ConnectionCompleter : ValueCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        RunspaceState.Current.Connections.Where(connection => connection.Name is not null && Begins(connection.Name, typed))
            .Select(connection => new Value(connection.Name!, connection.Graph));
}

/// <summary>Completes <c>Member</c> and <c>Guest</c>.</summary>
public sealed class UserTypeCompleter : ValueCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        new[] { "Member", "Guest" }.Where(name => Begins(name, typed)).Select(name => new Value(name));
}

/// <summary>Completes the codes of problems, rules and remarks.</summary>
public sealed class CodeCompleter : ValueCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        new[] { typeof(ProblemCodes), typeof(RuleCodes), typeof(RemarkCodes) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => field.Name)
            .Where(name => Begins(name, typed))
            .OrderBy(name => name, StringComparer.Ordinal)
            .Select(name => new Value(name));
}

/// <summary>Completes the rules of the audit.</summary>
public sealed class AuditRuleCompleter : ValueCompleter
{
    /// <summary>The rules of docs/audit.md, with severity and sentence.</summary>
    internal static readonly (string Id, string Severity, string Finds)[] Rules =
    [
        ("parent-gone", "high", "The parent of an agent user does not exist, not even in the recycle bin."),
        ("parent-deleted", "high", "The parent of an agent user is in the recycle bin, from which it can be restored."),
        ("parent-disabled", "high", "The parent of an agent user is disabled."),
        ("parent-not-identity", "high", "The parent of an agent user is not an agent identity."),
        ("shared-parent", "high", "A parent has more than one agent user."),
        ("no-sponsor", "medium", "An agent user has no sponsor."),
        ("sponsor-unusable", "medium", "A sponsor of an agent user is disabled, deleted, or a group without people."),
        ("no-manager", "low", "An agent user has no manager."),
        ("manager-unusable", "medium", "The manager of an agent user is disabled or deleted."),
        ("leave-date", "medium", "The leave date of an agent user has passed or is near."),
        ("idle", "low", "An agent user has had no successful sign-in for long."),
        ("disabled-and-licensed", "low", "A disabled agent user holds licenses."),
        ("license-error", "medium", "A license of an agent user is in error."),
        ("license-without-mailbox", "low", "The licenses of an agent user give neither a mailbox nor Teams."),
        ("mailbox-missing", "medium", "The mailbox of an agent user was never provisioned."),
        ("no-usage-location", "low", "An agent user has no usage location."),
        ("domain-unverified", "medium", "The domain of an agent user's name is not verified."),
        ("domain-federated", "low", "The domain of an agent user's name is federated."),
        ("role-group", "high", "An agent user is in a group to which roles can be assigned."),
        ("privileged-role", "high", "An agent user has a privileged directory role, or may activate one."),
        ("grant-for-all", "high", "An agent identity or a blueprint has a delegated permission grant for all users."),
        ("all-inherited", "medium", "The agent identities of a blueprint inherit all permissions of a resource."),
        ("blocked-permission", "high", "An agent has a permission that Microsoft blocks for agents."),
        ("risky", "high", "An agent user or its parent is at risk."),
        ("sign-in-blocked", "medium", "Conditional Access blocks the sign-in of an agent user."),
        ("lifecycle-action", "high", "A lifecycle policy will soon disable or delete the parent of an agent user."),
        ("attestation-due", "medium", "The parent of an agent user is to be attested."),
        ("blueprint-crowded", "medium", "A blueprint has almost as many agent identities as Microsoft allows."),
        ("deleted", "info", "An agent user is in the recycle bin."),
    ];

    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Rules.Where(rule => Begins(rule.Id, typed)).Select(rule => new Value(rule.Id, $"{rule.Severity}: {rule.Finds}"));
}
