using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Adds agent users to groups.</summary>
/// <remarks>
/// <para>
/// A membership that is there already stays. The agent users of a pipeline are changed side by side. Dynamic groups, groups that are synced, and groups to which roles can be assigned are refused with the reason.
/// </para>
/// </remarks>
/// <example>
/// <code>Add-AgentUserGroup agent25@contoso.com -Group 'Agent 365 Licensed'</code>
/// <para>Adds one agent user to a group, by its name.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Add-AgentUserGroup -Group 'Agent 365 Licensed' -PassThru</code>
/// <para>Adds the agent users of a department, and outputs a report of each.</para>
/// </example>
[Cmdlet(VerbsCommon.Add, "AgentUserGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class AddAgentUserGroupCommand : GroupChangeCommand
{
    private protected override string Activity => "Adding memberships";

    private protected override void Want(string user, string group) =>
        Want(user, $"Add to group {group}", isDry => Operations.AddToGroup(user, group, isDry));
}
