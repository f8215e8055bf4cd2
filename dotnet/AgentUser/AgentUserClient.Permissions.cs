using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <content>The methods about permissions of agents.</content>
public partial class AgentUserClient
{
    /// <summary>
    /// Reads the permissions of an agent user, an agent identity or a blueprint's principal: delegated permission grants, app roles,
    /// and what a blueprint lets its agent identities inherit.
    /// </summary>
    /// <param name="of">The user or agent that has the permissions.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The permissions.</returns>
    public virtual async Task<AgentPermissions> GetPermissionsAsync(PermissionHolder of, CancellationToken cancellationToken = default)
    {
        Require(of);
        JsonValue operation = Operations.Permissions(of.AgentIdentityId, of.BlueprintId, of.UserName);
        return new AgentPermissions(await AskAsync(operation, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Reads what an agent user has access to: groups, directory roles, delegated permissions, app roles, and what its blueprint lets
    /// it inherit, each with where it comes from. A part that may not be read says why.
    /// </summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Its access.</returns>
    public virtual async Task<AgentAccess> GetAccessAsync(string user, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.Access(user), cancellationToken).ConfigureAwait(false));

    /// <summary>Grants delegated permissions, for one user or for all. Those that are granted already stay.</summary>
    /// <param name="consent">The principal that acts, and the users that it acts for.</param>
    /// <param name="scopes">The names of the permissions, such as <c>User.Read</c>.</param>
    /// <param name="resourceAppId">The application id of the resource; null for Microsoft Graph.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<PermissionReport> GrantPermissionAsync(
        Consent consent, IEnumerable<string> scopes, Guid? resourceAppId = null, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        Require(consent);
        return PermissionReportAsync(
            Operations.GrantPermission(
                scopes, consent.AgentIdentityId, consent.AllPrincipals, consent.Blueprint, dryRun, resourceAppId?.ToString(), consent.User),
            cancellationToken);
    }

    /// <summary>Revokes delegated permissions. Others of the same grant stay.</summary>
    /// <param name="consent">The principal that acts, and the users that it acts for.</param>
    /// <param name="scopes">The names of the permissions.</param>
    /// <param name="resourceAppId">The application id of the resource; null for Microsoft Graph.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<PermissionReport> RevokePermissionAsync(
        Consent consent, IEnumerable<string> scopes, Guid? resourceAppId = null, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        Require(consent);
        return PermissionReportAsync(
            Operations.RevokePermission(
                scopes, consent.AgentIdentityId, consent.AllPrincipals, consent.Blueprint, dryRun, resourceAppId?.ToString(), consent.User),
            cancellationToken);
    }

    /// <summary>Assigns an app role.</summary>
    /// <param name="to">The principal or user that gets it.</param>
    /// <param name="appRole">The name of the role, such as <c>User.Read.All</c>.</param>
    /// <param name="resourceAppId">The application id of the resource; null for Microsoft Graph.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the change, made or planned.</returns>
    public virtual Task<PermissionReport> AssignAppRoleAsync(
        PermissionHolder to, string appRole, Guid? resourceAppId = null, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        Require(to);
        return PermissionReportAsync(
            Operations.AssignAppRole(appRole, to.AgentIdentityId, to.BlueprintId, dryRun, resourceAppId?.ToString(), to.UserName),
            cancellationToken);
    }

    /// <summary>Takes an app role away.</summary>
    /// <param name="of">The principal or user that has it.</param>
    /// <param name="appRole">The name of the role.</param>
    /// <param name="resourceAppId">The application id of the resource; null for Microsoft Graph.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the change, made or planned.</returns>
    public virtual Task<PermissionReport> RemoveAppRoleAsync(
        PermissionHolder of, string appRole, Guid? resourceAppId = null, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        Require(of);
        return PermissionReportAsync(
            Operations.RemoveAppRole(appRole, of.AgentIdentityId, of.BlueprintId, dryRun, resourceAppId?.ToString(), of.UserName),
            cancellationToken);
    }

    /// <summary>
    /// Lets a blueprint create agent users for its agent identities. The permission is in tokens that the blueprint gets afterwards: a
    /// client that signs in as the blueprint waits for it by <see cref="WaitPermissionAsync"/>.
    /// </summary>
    /// <param name="blueprint">The blueprint's application id, or the object id of its application or of its principal.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the change, made or planned.</returns>
    public virtual Task<PermissionReport> AllowCreationAsync(Guid blueprint, bool dryRun = false, CancellationToken cancellationToken = default) =>
        PermissionReportAsync(Operations.AllowCreation(blueprint.ToString(), dryRun), cancellationToken);

    /// <summary>Sets what the agent identities of a blueprint inherit of a resource's permissions.</summary>
    /// <param name="blueprint">The blueprint's application id, or the object id of its application or of its principal.</param>
    /// <param name="scopes">Whether they inherit the delegated permissions.</param>
    /// <param name="roles">Whether they inherit the app roles.</param>
    /// <param name="resourceAppId">The application id of the resource; null for Microsoft Graph.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned; a remark says what must be granted to the blueprint's principal, too.</returns>
    public virtual Task<PermissionReport> InheritPermissionsAsync(
        Guid blueprint,
        Inheritance scopes = Inheritance.Unchanged,
        Inheritance roles = Inheritance.Unchanged,
        Guid? resourceAppId = null,
        bool dryRun = false,
        CancellationToken cancellationToken = default) =>
        PermissionReportAsync(
            Operations.InheritPermissions(blueprint.ToString(), dryRun, Kind(roles), Kind(scopes), resourceAppId?.ToString()), cancellationToken);

    /// <summary>Waits until the token of this client carries a permission, and gets new tokens for that.</summary>
    /// <param name="permission">The name of the app role or delegated permission, such as <c>AgentIdUser.ReadWrite.IdentityParentedBy</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether the token carries it, as far as it shows that.</returns>
    public virtual async Task<TokenPermission> WaitPermissionAsync(string permission, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.WaitPermission(permission), cancellationToken).ConfigureAwait(false));

    private static void Require(object? value)
    {
        if (value is null)
            throw new ArgumentNullException(nameof(value));
    }

    internal static string? Kind(Inheritance inheritance) => inheritance switch
    {
        Inheritance.AllAllowed => "allAllowed",
        Inheritance.None => "none",
        _ => null,
    };

    private async Task<PermissionReport> PermissionReportAsync(JsonValue operation, CancellationToken cancellationToken) =>
        PermissionReport.From(await AskAsync(operation, cancellationToken).ConfigureAwait(false));
}
