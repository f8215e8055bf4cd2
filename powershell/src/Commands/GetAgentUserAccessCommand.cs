using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets what agent users have access to: groups, directory roles, delegated permissions, app roles, and what their blueprint lets them inherit.</summary>
/// <remarks>
/// <para>
/// Each object is one thing, with its giver. Kinds that can't be read are not output, although the agent user may have things of them. A
/// warning for each reason, such as a missing permission, names these kinds.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserAccess agent25@contoso.com</code>
/// <para>Gets the access of one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Get-AgentUserAccess | Where-Object Kind -eq 'Role'</code>
/// <para>Finds directory roles of the agent users of a department.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserAccess")]
[OutputType(typeof(PSAgentUserAccess))]
public sealed class GetAgentUserAccessCommand : UserReadCommand
{
    private protected override string What => "the access";

    private protected override JsonValue Request(string user) => Operations.Access(user);

    private protected override void Write(string user, JsonValue read)
    {
        var access = new AgentAccess(read);
        string name = access.UserPrincipalName ?? user;
        var unknown = new List<(string Kind, string Reason)>();
        Part("Group", access.Groups, (made, one) =>
        {
            made.Name = one.DisplayName;
            made.IsAssignableToRole = one.IsAssignableToRole;
            made.Id = one.Id?.ToString();
        });
        Part("Role", access.Roles, Role);
        Part("EligibleRole", access.EligibleRoles, Role);
        Part("Delegated", access.Delegated, (made, one) =>
        {
            made.Name = string.Join(" ", one.Scopes);
            made.Resource = one.ResourceDisplayName ?? one.ResourceId?.ToString();
            made.Scope = one.ConsentType;
            made.Id = one.GrantId;
        });
        Part("AppRole", access.AppRoles, (made, one) =>
        {
            made.Name = one.AppRole ?? one.AppRoleId?.ToString();
            made.Resource = one.ResourceDisplayName ?? one.ResourceId?.ToString();
            made.Id = one.AssignmentId;
        });
        Part("Inheritable", access.Inheritable, (made, one) =>
        {
            made.Name = $"scopes: {one.InheritableScopes}; roles: {one.InheritableRoles}";
            made.Resource = one.ResourceAppId?.ToString();
        });
        // One answer of Graph, such as a refusal, may leave several parts unknown.
        foreach (IGrouping<string, string> parts in unknown.GroupBy(one => one.Reason, one => one.Kind))
            Streams.Warn(this, $"{name}: {string.Join(", ", parts)}: {parts.Key}");

        void Part<T>(string kind, AccessPart<T> part, Action<PSAgentUserAccess, T> describe)
        {
            if (!part.IsKnown)
                unknown.Add((kind, $"{part.Reason?.Code}: {Words.OfAny(part.Reason?.Message)}"));
            foreach (SourcedAccess<T> one in part.Items)
            {
                var made = new PSAgentUserAccess(name, kind, one.Source, one.SourceName);
                describe(made, one.Access);
                WriteObject(made);
            }
        }
    }

    private static void Role(PSAgentUserAccess made, AccessRole one)
    {
        made.Name = one.DisplayName ?? one.RoleDefinitionId?.ToString();
        made.Scope = one.DirectoryScopeId;
        made.Id = one.RoleDefinitionId?.ToString();
    }
}
