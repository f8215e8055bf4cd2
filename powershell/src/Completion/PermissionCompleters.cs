using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>Completes agent identities by the start of their display names, and agent users by their user principal names.</summary>
public sealed class AgentCompleter : TenantCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) => Tenant(bound) is not { } tenant ? [] :
    [
        .. tenant.Identities(typed).Select(identity => Value.ById(identity.ObjectId.ToString()!, identity.DisplayName)),
        .. tenant.Users(typed).Select(user => new Value(user.UserPrincipalName!, user.DisplayName)),
    ];
}

/// <summary>Completes the application id of Microsoft Graph. The ids of other resources are not known offline.</summary>
public sealed class ResourceCompleter : ValueCompleter
{
    /// <summary>The application id of Microsoft Graph.</summary>
    internal const string GraphAppId = "00000003-0000-0000-c000-000000000000";

    /// <summary>The name of Microsoft Graph.</summary>
    internal const string Graph = "Microsoft Graph";

    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        new[] { new Value(GraphAppId, Graph, Graph) }
            .Where(value => Begins(value.Text, typed) || Begins(value.Tip, typed));
}

/// <summary>Completes the names of permissions of Microsoft Graph: those that the operations of this module need.</summary>
public class PermissionCompleter : TenantCompleter
{
    /// <summary>The permissions of each operation by itself, because in a table of several operations one permission may stand for others.</summary>
    private static readonly Lazy<RequiredPermissions[]> s_needed = new(() =>
        [.. OperationCompleter.Names.Select(name => new RequiredPermissions(OfflineCall.Ask(Operations.RequiredPermissions(operations: [name]))))]);

    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) => Named(typed, Names());

    /// <summary>The names that are offered.</summary>
    private protected virtual IEnumerable<string> Names() => OfApplications().Concat(OfPeople());

    /// <summary>The application permissions, that of blueprints among them.</summary>
    private protected static IEnumerable<string> OfApplications() => s_needed.Value.SelectMany(needed => Of(needed.Application).Concat(Of(needed.Blueprint)));

    /// <summary>The delegated permissions.</summary>
    private protected static IEnumerable<string> OfPeople() => s_needed.Value.SelectMany(needed => Of(needed.Delegated));

    /// <summary>The names that fit, each once.</summary>
    private protected static IEnumerable<Value> Named(string typed, IEnumerable<string> names) => names
        .Where(name => Begins(name, typed)).Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(name => name, StringComparer.OrdinalIgnoreCase).Select(name => new Value(name));

    /// <summary>The permissions that the agents of the command have; none where none is named, or without a connection.</summary>
    private protected static IEnumerable<AgentPermissions> Held(IDictionary bound)
    {
        if (Tenant(bound) is not { } tenant)
            yield break;
        foreach (string id in Texts(bound, "Id", "AgentIdentityId"))
        {
            bool isUser = id.Contains("@");
            if (tenant.Permissions(isUser ? null : id, null, isUser ? id : null) is { } held)
                yield return held;
        }
        foreach (string user in Texts(bound, "User"))
        {
            if (tenant.Permissions(null, null, user) is { } held)
                yield return held;
        }
        foreach (string blueprint in Texts(bound, "Blueprint"))
        {
            if (tenant.Permissions(null, blueprint, null) is { } held)
                yield return held;
        }
    }

    private static IEnumerable<string> Of(PermissionSet set) => set.Permissions
        .Concat(set.Conditional.SelectMany(one => one.Permissions)).Concat(set.Optional.SelectMany(one => one.Permissions));
}

/// <summary>Completes delegated permissions: those that operations of this module need.</summary>
public sealed class ScopeCompleter : PermissionCompleter
{
    private protected override IEnumerable<string> Names() => OfPeople();
}

/// <summary>
/// Completes delegated permissions that the agents of the command have: those for all users beside -AllPrincipals alone. A blueprint has no others.
/// </summary>
public sealed class GrantedScopeCompleter : PermissionCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound)
    {
        bool isForAll = bound.Contains("AllPrincipals") || Texts(bound, "Blueprint").Any();
        return Named(typed, Held(bound).SelectMany(held => held.Delegated).Where(grant => grant.ConsentType == "AllPrincipals" == isForAll).SelectMany(grant => grant.Scopes));
    }
}

/// <summary>Completes app roles.</summary>
public sealed class AppRoleCompleter : PermissionCompleter
{
    private protected override IEnumerable<string> Names() => OfApplications();
}

/// <summary>Completes app roles that the agents of the command have.</summary>
public sealed class AssignedAppRoleCompleter : PermissionCompleter
{
    private protected override IEnumerable<Value> Offer(string typed, IDictionary bound) =>
        Named(typed, Held(bound).SelectMany(held => held.AppRoles).Select(role => role.AppRole).OfType<string>());
}
