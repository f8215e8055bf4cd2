using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>The tasks of an admin, by the permissions that they need.</summary>
public enum AgentUserTask
{
    /// <summary>List and read agent users, with manager, sponsors and licenses.</summary>
    Read,

    /// <summary>List, read and verify agent identities and blueprints.</summary>
    Parents,

    /// <summary>Create agent users.</summary>
    Create,

    /// <summary>Change, enable and disable agent users, their managers and sponsors, and end their sessions.</summary>
    Change,

    /// <summary>Assign and remove licenses.</summary>
    License,

    /// <summary>Add agent users to groups and remove them from groups.</summary>
    Group,

    /// <summary>Delete agent users and restore them.</summary>
    Delete,

    /// <summary>Delete agent users for ever.</summary>
    Purge,

    /// <summary>Apply rosters.</summary>
    Roster,

    /// <summary>Audit the tenant by all rules that read no beta.</summary>
    Audit,

    /// <summary>Take agent users out of service.</summary>
    Retire,

    /// <summary>Hand over what leavers are the manager or a sponsor of.</summary>
    HandOver,

    /// <summary>Stop a blueprint, an agent identity or an agent user, with everything below it.</summary>
    Contain,

    /// <summary>See what an agent user has access to.</summary>
    Access,

    /// <summary>Grant and revoke permissions of agents, assign app roles, and let blueprints create agent users.</summary>
    Permission,
}

/// <summary>The operations of tasks and of cmdlets, and the permissions of tasks.</summary>
internal static class AgentUserTasks
{
    private static readonly Dictionary<AgentUserTask, string[]> s_tasks = new()
    {
        [AgentUserTask.Read] = ["list", "get", "findByParent", "manager", "sponsors", "licenses"],
        [AgentUserTask.Parents] = ["verifyParent", "listIdentities", "identity", "identityOwners", "listBlueprints", "blueprint", "verifyBlueprint"],
        [AgentUserTask.Create] = ["create", "provision"],
        [AgentUserTask.Change] = ["update", "setManager", "clearManager", "addSponsor", "removeSponsor", "revokeSessions"],
        [AgentUserTask.License] = ["changeLicenses", "licenses", "skus"],
        [AgentUserTask.Group] = ["groups", "addToGroup", "removeFromGroup"],
        [AgentUserTask.Delete] = ["delete", "restore", "listDeleted"],
        [AgentUserTask.Purge] = ["purge"],
        [AgentUserTask.Roster] = ["applyRoster"],
        [AgentUserTask.Audit] = ["audit"],
        [AgentUserTask.Retire] = ["retire"],
        [AgentUserTask.HandOver] = ["planHandover", "setManager", "addSponsor", "removeSponsor"],
        [AgentUserTask.Contain] = ["contain"],
        [AgentUserTask.Access] = ["access", "permissions"],
        [AgentUserTask.Permission] =
        [
            "permissions", "grantPermission", "revokePermission", "assignAppRole", "removeAppRole", "allowCreation", "inheritPermissions",
        ],
    };

    private static readonly Dictionary<string, string[]> s_cmdlets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Get-AgentUser"] = ["list", "get", "findByParent"],
        ["New-AgentUser"] = ["create", "provision"],
        ["Set-AgentUser"] = ["update"],
        ["Remove-AgentUser"] = ["delete"],
        ["Restore-AgentUser"] = ["restore"],
        ["Enable-AgentUser"] = ["update"],
        ["Disable-AgentUser"] = ["update"],
        ["Wait-AgentUser"] = ["waitReady"],
        ["Revoke-AgentUserSession"] = ["revokeSessions"],
        ["Get-AgentUserAccess"] = ["access"],
        ["Get-AgentUserManager"] = ["manager"],
        ["Set-AgentUserManager"] = ["setManager"],
        ["Clear-AgentUserManager"] = ["clearManager"],
        ["Get-AgentUserSponsor"] = ["sponsors"],
        ["Add-AgentUserSponsor"] = ["addSponsor"],
        ["Remove-AgentUserSponsor"] = ["removeSponsor"],
        ["Get-AgentUserGroup"] = ["groups"],
        ["Add-AgentUserGroup"] = ["addToGroup"],
        ["Remove-AgentUserGroup"] = ["removeFromGroup"],
        ["Get-AgentUserLicense"] = ["licenses"],
        ["Set-AgentUserLicense"] = ["changeLicenses"],
        ["Get-AgentUserSku"] = ["skus"],
        ["Get-AgentIdentity"] = ["verifyParent", "listIdentities", "identity"],
        ["Confirm-AgentIdentity"] = ["attest"],
        ["Get-AgentIdentityBlueprint"] = ["listBlueprints", "blueprint"],
        ["Set-AgentIdentityBlueprint"] = ["inheritPermissions"],
        ["Get-AgentIdentityPermission"] = ["permissions"],
        ["Grant-AgentIdentityPermission"] = ["grantPermission"],
        ["Revoke-AgentIdentityPermission"] = ["revokePermission"],
        ["Add-AgentIdentityAppRole"] = ["assignAppRole"],
        ["Remove-AgentIdentityAppRole"] = ["removeAppRole"],
        ["Wait-AgentIdentityPermission"] = ["waitPermission"],
        ["Invoke-AgentUserRoster"] = ["applyRoster"],
        ["Compare-AgentUserRoster"] = ["planRoster"],
        ["Export-AgentUserPlan"] = ["plan"],
        ["Invoke-AgentUserPlan"] = ["applyPlan"],
        ["Invoke-AgentUserAudit"] = ["audit"],
        ["Invoke-AgentUserRetirement"] = ["retire"],
        ["Move-AgentUserSponsor"] = s_tasks[AgentUserTask.HandOver],
        ["Suspend-AgentUser"] = ["contain"],
        ["Test-AgentUserConnection"] = ["doctor"],
    };

    /// <summary>The operations that parameters of cmdlets run besides, or in place of those of the cmdlet.</summary>
    private static readonly Dictionary<string, (string When, string Operation)[]> s_parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Get-AgentUser"] =
        [
            ("with -Deleted", "listDeleted"), ("with -Property Manager", "manager"), ("with -Property Sponsors", "sponsors"),
            ("with -SkuId and a part number", "skus"), ("with -SponsoredBy or -Mine", "sponsored"),
        ],
        ["Get-AgentIdentity"] =
        [
            ("with -Property Sponsors", "identitySponsors"), ("with -Property Owners", "identityOwners"), ("with -Property Lifecycle", "lifecycle"),
            ("with -SponsoredBy or -Mine", "sponsored"),
        ],
        ["Get-AgentIdentityBlueprint"] = [("with -Chain", "verifyBlueprint")],
        ["Set-AgentIdentityBlueprint"] = [("with -AllowCreation", "allowCreation")],
        ["Remove-AgentUser"] = [("with -Permanent", "purge")],
        ["Restore-AgentUser"] = [("with -FromReport", "restoreReported")],
        ["Suspend-AgentUser"] = [("with -Undo", "restoreReported")],
    };

    /// <summary>The conditions under which a task is usual. What is rare is asked for by -Scope.</summary>
    private static readonly HashSet<string> s_usual =
    [
        "manager", "sponsors", "licenses", "services", "deleted", "withoutAgentUser", "ofUser", "ofBlueprint", "ofIdentity", "blueprintByObjectId",
        "exceptions", "groupFollows", "readByLists",
    ];

    /// <summary>The permission of the rules that read Graph's beta, which run with -Beta alone.</summary>
    private const string OfBeta = "IdentityRiskyAgent.Read.All";

    /// <summary>The names of the cmdlets that need permissions.</summary>
    internal static IEnumerable<string> Cmdlets => s_cmdlets.Keys;

    /// <summary>The operations of a task.</summary>
    internal static IReadOnlyList<string> Of(AgentUserTask task) => s_tasks[task];

    /// <summary>The operations of a cmdlet; null for one that needs no permissions.</summary>
    internal static IReadOnlyList<string>? OfCmdlet(string cmdlet) => s_cmdlets.TryGetValue(cmdlet, out string[]? operations) ? operations : null;

    /// <summary>The operations that parameters of a cmdlet run, each with when it runs.</summary>
    internal static IReadOnlyList<(string When, string Operation)> OfParameters(string cmdlet) =>
        s_parameters.TryGetValue(cmdlet, out (string When, string Operation)[]? operations) ? operations : [];

    /// <summary>The delegated permissions of tasks: those that are needed always or usually, and for audits and handing over what they can do without, too.</summary>
    /// <exception cref="AgentUserException">The native library does not know an operation.</exception>
    internal static string[] Scopes(IEnumerable<AgentUserTask> tasks) => [.. tasks.Distinct().SelectMany(Scopes).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static IEnumerable<string> Scopes(AgentUserTask task)
    {
        var needed = new RequiredPermissions(OfflineCall.Ask(Operations.RequiredPermissions(operations: Of(task))));
        IEnumerable<string> usual = needed.Delegated.Conditional.Where(one => s_usual.Contains(one.Condition)).SelectMany(one => one.Permissions);
        IEnumerable<string> optional = task is AgentUserTask.Audit or AgentUserTask.HandOver
            ? needed.Delegated.Optional.SelectMany(one => one.Permissions).Where(one => one != OfBeta)
            : [];
        return needed.Delegated.Permissions.Concat(usual).Concat(optional);
    }
}
