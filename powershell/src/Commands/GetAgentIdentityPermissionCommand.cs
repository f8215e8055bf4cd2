using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets the permissions of agent identities, agent users and blueprints: delegated permissions, app roles, and what a blueprint lets its agent identities inherit.</summary>
/// <remarks>
/// <para>
/// Each object is one grant, one app role or the rule of one resource. An agent user acts by the delegated permissions of its agent
/// identity: those for it, and those for all users. Get-AgentUserAccess has groups and directory roles, too.
/// </para>
/// <para>
/// Graph does not show what an agent identity has inherited: that is in its tokens alone. An object that is piped to
/// Revoke-AgentIdentityPermission or Remove-AgentIdentityAppRole names what is taken away.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentIdentityPermission a1d00000-0000-4000-8000-000000000001</code>
/// <para>Gets the permissions of one agent identity.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Get-AgentIdentityPermission | Where-Object Scope -contains 'Mail.Send'</code>
/// <para>Finds the agent users of a department that may send mail.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentityBlueprint | Get-AgentIdentityPermission | Where-Object Kind -eq 'Inheritable'</code>
/// <para>Lists what the blueprints of the tenant let their agent identities inherit.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentIdentityPermission")]
[OutputType(typeof(PSAgentIdentityPermission))]
public sealed class GetAgentIdentityPermissionCommand : ReadCommand
{
    /// <summary>
    /// The agents: object ids of agent identities, user principal names of agent users, or objects of Get-AgentIdentity, Get-AgentUser,
    /// Get-AgentIdentityBlueprint and of other modules, which stay what they are. Without them, -User or -Blueprint names the agents.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("AgentIdentityId")]
    [AgentTransformation(IdIsOfIdentity = true, IsNamePreferred = true)]
    [ArgumentCompleter(typeof(AgentCompleter))]
    public object[]? Id { get; set; }

    /// <summary>The agent users: object ids, user principal names, or objects that have one of these.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("UserId")]
    [IdentityTransformation("UserPrincipalName", "Id", "ObjectId", "UserId")]
    [ArgumentCompleter(typeof(AgentUserCompleter))]
    public string[]? User { get; set; }

    /// <summary>The blueprints: application ids, object ids of the application or of the principal, or objects that have one of these.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("BlueprintId")]
    [IdentityTransformation("AppId", "Id")]
    [ArgumentCompleter(typeof(BlueprintCompleter))]
    public string[]? Blueprint { get; set; }

    private protected override string What => "the permissions";

    /// <summary>Begins to read those of each agent.</summary>
    protected override void ProcessRecord()
    {
        foreach (NamedAgent agent in AgentInput.Of(this, Id, User, Blueprint))
            Read(agent.ToString(), Operations.Permissions(agent.AgentIdentity, agent.Blueprint, agent.User), read => Write(agent, new AgentPermissions(read)));
    }

    /// <inheritdoc/>
    internal override string? MoreOf(Problem problem, object? target) => AgentInput.MoreOf(problem);

    private void Write(NamedAgent agent, AgentPermissions permissions)
    {
        foreach (DelegatedPermission one in permissions.Delegated)
            WriteObject(new PSAgentIdentityPermission(agent, permissions, one));
        foreach (AssignedAppRole one in permissions.AppRoles)
            WriteObject(new PSAgentIdentityPermission(agent, permissions, one));
        foreach (InheritedResource one in permissions.Inheritable)
            WriteObject(new PSAgentIdentityPermission(agent, permissions, one));
    }
}
