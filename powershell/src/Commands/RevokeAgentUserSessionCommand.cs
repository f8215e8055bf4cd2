using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Ends the sign-in sessions of agent users.</summary>
/// <remarks>
/// <para>
/// Access tokens that are out may live on to their end, about an hour. The agent user can sign in anew; Disable-AgentUser keeps it from that.
/// </para>
/// </remarks>
/// <example>
/// <code>Revoke-AgentUserSession sales@contoso.com</code>
/// <para>Ends the sessions of one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Revoke-AgentUserSession -PassThru</code>
/// <para>Ends those of a department, and outputs a report of each.</para>
/// </example>
[Cmdlet(VerbsSecurity.Revoke, "AgentUserSession", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class RevokeAgentUserSessionCommand : UserChangeCommand
{
    private protected override string Activity => "Ending sign-in sessions";

    private protected override void Want(string user) => Want(user, "End the sign-in sessions", isDry => Operations.RevokeSessions(user, isDry));
}
