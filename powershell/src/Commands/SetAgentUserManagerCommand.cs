using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Sets the manager of agent users.</summary>
/// <remarks>
/// <para>The agent users of a pipeline get the same manager, side by side.</para>
/// </remarks>
/// <example>
/// <code>Set-AgentUserManager agent25@contoso.com -Manager human1@contoso.com</code>
/// <para>Sets the manager of one agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Department Pilot | Set-AgentUserManager -Manager human1@contoso.com -PassThru</code>
/// <para>Gives the agent users of a department one manager, and outputs what was changed.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "AgentUserManager", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class SetAgentUserManagerCommand : UserChangeCommand
{
    /// <summary>The manager: an object id, a user principal name, or an object that has one of these.</summary>
    /// <value>Required</value>
    [Parameter(Position = 1)]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName", "UPN")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ManagerCompleter))]
    public string? Manager { get; set; }

    private protected override string Activity => "Setting managers";

    /// <summary>Requires a manager.</summary>
    protected override void BeginProcessing()
    {
        if (Manager is null)
            Refuse("ManagerMissing", "No manager is named.", "Name one by -Manager, or remove the manager with Clear-AgentUserManager.");
        base.BeginProcessing();
    }

    private protected override void Want(string user) => Want(user, $"Set the manager to {Manager}", isDry => Operations.SetManager(user, Manager!, isDry));
}
