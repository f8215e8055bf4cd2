using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Removes agent users from groups.</summary>
/// <remarks>
/// <para>
/// A membership that is not there is not an error. The agent users of a pipeline are changed side by side. Dynamic groups, groups that are
/// synced, and groups to which roles can be assigned are refused with the reason. The cmdlet asks about each agent user, unless -Force or
/// -Confirm:$false is given.
/// </para>
/// </remarks>
/// <example>
/// <code>Remove-AgentUserGroup agent25@contoso.com -Group 'Agent 365 Licensed'</code>
/// <para>Removes one agent user from a group, by its name.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Remove-AgentUserGroup -Group 'Agent 365 Licensed' -PassThru</code>
/// <para>Removes the agent users of a department, and outputs a report of each.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "AgentUserGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class RemoveAgentUserGroupCommand : GroupChangeCommand
{
    private protected override string Activity => "Removing memberships";

    private protected override void Want(string user, string group) =>
        Want(user, $"Remove from group {group}", isDry => Operations.RemoveFromGroup(user, group, isDry));
}
