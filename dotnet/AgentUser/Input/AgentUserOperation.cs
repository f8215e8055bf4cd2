using System;
using System.Collections.Generic;

namespace AgentUsers;

/// <summary>An operation on one agent user, on one agent identity or on one blueprint, to be run side by side with others by <see cref="AgentUserClient.RunManyAsync"/>.</summary>
public sealed class AgentUserOperation
{
    private AgentUserOperation(JsonValue json) => Json = json;

    internal JsonValue Json { get; }

    /// <summary>Reads an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="select">Members to read beside the usual ones.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation Get(string user, IEnumerable<string>? select = null) => new(Operations.Get(user, select));

    /// <summary>Reads the agent user of a parent; nothing comes of a parent that has none.</summary>
    /// <param name="identityParentId">The parent's object id.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation FindByParent(Guid identityParentId) => new(Operations.FindByParent(identityParentId.ToString()));

    /// <summary>Brings an agent user into the state that a row declares. Rows that name each other as managers belong into a roster.</summary>
    /// <param name="row">The desired agent user.</param>
    /// <param name="options">How it is provisioned.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation Provision(AgentUserRow row, ProvisionOptions? options = null) =>
        new(Operations.Provision(row, options?.Domain, options?.DryRun, options?.Readiness ?? Readiness.None));

    /// <summary>Changes members; only those that differ are sent.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="changes">The members.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation Update(string user, AgentUserChanges changes, bool dryRun = false) => new(Operations.Update(user, changes, dryRun));

    /// <summary>Moves an agent user to the recycle bin.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation Delete(string user, bool dryRun = false) => new(Operations.Delete(user, dryRun));

    /// <summary>Brings an agent user back from the recycle bin.</summary>
    /// <param name="user">Its object id, or the user principal name that it had.</param>
    /// <param name="newUserPrincipalName">Its user principal name from now on, where another user has the one that it had.</param>
    /// <param name="autoReconcileProxyConflict">True lets Graph drop the mail addresses that another user has by now.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation Restore(
        string user, string? newUserPrincipalName = null, bool autoReconcileProxyConflict = false, bool dryRun = false) =>
        new(Operations.Restore(user, autoReconcileProxyConflict, dryRun, newUserPrincipalName));

    /// <summary>Deletes an agent user in the recycle bin for ever.</summary>
    /// <param name="user">Its object id, or the user principal name that it had.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation Purge(string user, bool dryRun = false) => new(Operations.Purge(user, dryRun));

    /// <summary>Takes an agent user out of service.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="options">How far, and whether data may be lost.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation Retire(string user, RetireOptions? options = null, bool dryRun = false)
    {
        options ??= new RetireOptions();
        return new(Operations.Retire(user, options.AcceptDataLoss, dryRun, options.FreeSeats, options.LeaveGroups, Names.Write(options.Until)));
    }

    /// <summary>Ends the sign-in sessions of an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation RevokeSessions(string user, bool dryRun = false) => new(Operations.RevokeSessions(user, dryRun));

    /// <summary>Sets the manager.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="manager">The manager's object id or user principal name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation SetManager(string user, string manager, bool dryRun = false) => new(Operations.SetManager(user, manager, dryRun));

    /// <summary>Removes the manager.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation ClearManager(string user, bool dryRun = false) => new(Operations.ClearManager(user, dryRun));

    /// <summary>Adds a sponsor.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="sponsor">A user's object id or user principal name, or <c>group:{id}</c>.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation AddSponsor(string user, string sponsor, bool dryRun = false) => new(Operations.AddSponsor(user, sponsor, dryRun));

    /// <summary>Removes a sponsor.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="sponsor">A user's object id or user principal name, or <c>group:{id}</c>.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation RemoveSponsor(string user, string sponsor, bool dryRun = false) => new(Operations.RemoveSponsor(user, sponsor, dryRun));

    /// <summary>Adds an agent user to a group.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="group">The group's object id or display name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation AddToGroup(string user, string group, bool dryRun = false) => new(Operations.AddToGroup(user, group, dryRun));

    /// <summary>Removes an agent user from a group.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="group">The group's object id or display name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation RemoveFromGroup(string user, string group, bool dryRun = false) => new(Operations.RemoveFromGroup(user, group, dryRun));

    /// <summary>Adds and removes licenses.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="add">The licenses to add, such as <c>AGENT_365</c> or <c>AGENT_365 without TEAMS1</c>.</param>
    /// <param name="remove">The licenses to remove.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation ChangeLicenses(
        string user, IEnumerable<string>? add = null, IEnumerable<string>? remove = null, bool dryRun = false) =>
        new(Operations.ChangeLicenses(user, add, dryRun, remove));

    /// <summary>Waits until services are provisioned.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="readiness">The services.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation WaitReady(string user, Readiness readiness) => new(Operations.WaitReady(user, readiness));

    /// <summary>Attests an agent identity.</summary>
    /// <param name="agentIdentityId">Its object id.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation Attest(Guid agentIdentityId, bool dryRun = false) => new(Operations.Attest(agentIdentityId.ToString(), dryRun));

    /// <summary>Grants delegated permissions.</summary>
    /// <param name="consent">The agent that acts, and the user or users it acts for.</param>
    /// <param name="scopes">The names of the permissions, such as <c>User.Read</c>.</param>
    /// <param name="resourceAppId">The application id of the resource; null for Microsoft Graph.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation GrantPermission(Consent consent, IEnumerable<string> scopes, Guid? resourceAppId = null, bool dryRun = false) => new(
        Operations.GrantPermission(
            scopes, Given(consent).AgentIdentityId, consent.AllPrincipals, consent.Blueprint, dryRun, resourceAppId?.ToString(), consent.User));

    /// <summary>Revokes delegated permissions. Others of the same grant stay.</summary>
    /// <param name="consent">The agent that acts, and the user or users it acts for.</param>
    /// <param name="scopes">The names of the permissions.</param>
    /// <param name="resourceAppId">The application id of the resource; null for Microsoft Graph.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation RevokePermission(Consent consent, IEnumerable<string> scopes, Guid? resourceAppId = null, bool dryRun = false) => new(
        Operations.RevokePermission(
            scopes, Given(consent).AgentIdentityId, consent.AllPrincipals, consent.Blueprint, dryRun, resourceAppId?.ToString(), consent.User));

    /// <summary>Assigns an app role.</summary>
    /// <param name="to">The agent that gets it.</param>
    /// <param name="appRole">The name of the role, such as <c>User.Read.All</c>.</param>
    /// <param name="resourceAppId">The application id of the resource; null for Microsoft Graph.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation AssignAppRole(PermissionHolder to, string appRole, Guid? resourceAppId = null, bool dryRun = false) =>
        new(Operations.AssignAppRole(appRole, Given(to).AgentIdentityId, to.BlueprintId, dryRun, resourceAppId?.ToString(), to.UserName));

    /// <summary>Takes an app role away.</summary>
    /// <param name="of">The agent that has it.</param>
    /// <param name="appRole">The name of the role.</param>
    /// <param name="resourceAppId">The application id of the resource; null for Microsoft Graph.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation RemoveAppRole(PermissionHolder of, string appRole, Guid? resourceAppId = null, bool dryRun = false) =>
        new(Operations.RemoveAppRole(appRole, Given(of).AgentIdentityId, of.BlueprintId, dryRun, resourceAppId?.ToString(), of.UserName));

    /// <summary>Lets a blueprint create agent users for its agent identities.</summary>
    /// <param name="blueprint">The blueprint's application id, or the object id of its application or of its principal.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation AllowCreation(Guid blueprint, bool dryRun = false) => new(Operations.AllowCreation(blueprint.ToString(), dryRun));

    /// <summary>Sets which of a resource's permissions the agent identities of a blueprint inherit.</summary>
    /// <param name="blueprint">The blueprint's application id, or the object id of its application or of its principal.</param>
    /// <param name="scopes">The delegated permissions that they inherit.</param>
    /// <param name="roles">The app roles that they inherit.</param>
    /// <param name="resourceAppId">The application id of the resource; null for Microsoft Graph.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <returns>The operation.</returns>
    public static AgentUserOperation InheritPermissions(
        Guid blueprint, Inheritance scopes = Inheritance.Unchanged, Inheritance roles = Inheritance.Unchanged, Guid? resourceAppId = null, bool dryRun = false) =>
        new(Operations.InheritPermissions(
            blueprint.ToString(), dryRun, AgentUserClient.Kind(roles), AgentUserClient.Kind(scopes), resourceAppId?.ToString()));

    /// <summary>The request of the operation.</summary>
    /// <returns>JSON.</returns>
    public override string ToString() => Json.ToString();

    private static T Given<T>(T value)
        where T : class => value ?? throw new ArgumentNullException(nameof(value));
}
