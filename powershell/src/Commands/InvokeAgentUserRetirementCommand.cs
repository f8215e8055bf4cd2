using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Takes agent users out of service: disabled, signed out, and deleted as far as is asked for.</summary>
/// <remarks>
/// <para>
/// It plans first. What is lost, from which day on, and whose manager an agent user is, is told as warnings before anything is changed.
/// Then it asks about each, unless -Force or -Confirm:$false is given.
/// </para>
/// <para>
/// Licenses and groups stay with an agent user in the recycle bin, so that a restore within 30 days brings all of it back, unless its
/// seats are freed. -Until Purged, -Until Unlicensed and -FreeSeats lose data, and want -AcceptDataLoss.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUser | Where-Object Department -eq 'Pilot' | Invoke-AgentUserRetirement -WhatIf</code>
/// <para>Tells what would be done and lost.</para>
/// </example>
/// <example>
/// <code>Invoke-AgentUserRetirement sales@contoso.com -Until Disabled -Confirm:$false -PassThru</code>
/// <para>Disables an agent user and ends its sessions.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "AgentUserRetirement", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PSAgentUserReport))]
public sealed class InvokeAgentUserRetirementCommand : UserChangeCommand
{
    /// <summary>How far: Disabled (with its sessions ended), Unlicensed, Deleted, Purged; until it is deleted by default.</summary>
    [Parameter]
    public RetiredUntil Until { get; set; }

    /// <summary>Takes the licenses first, so that their seats are free at once.</summary>
    [Parameter]
    public SwitchParameter FreeSeats { get; set; }

    /// <summary>It is known that data is lost.</summary>
    [Parameter]
    public SwitchParameter AcceptDataLoss { get; set; }

    /// <summary>Takes them out of their groups first. Restore-AgentUser -FromReport adds them to the groups again.</summary>
    [Parameter]
    public SwitchParameter LeaveGroups { get; set; }

    private protected override string Activity => "Retiring agent users";

    private protected override bool IsToldBefore => true;

    private protected override void Want(string user) =>
        Want(user, $"Retire until {Until.ToString().ToLowerInvariant()}", isDry => Operations.Retire(user, AcceptDataLoss, isDry, FreeSeats, LeaveGroups, Names.Write(Until)));
}
