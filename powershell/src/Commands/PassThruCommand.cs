using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that changes objects, and outputs their reports with -PassThru or -WhatIf alone.</summary>
public abstract class PassThruCommand : ChangeCommand
{
    /// <summary>Outputs the report of each object: its outcome, and the changes made.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void WriteEnd(ProvisionReport report)
    {
        if (PassThru || IsOnlyPlanned)
            WriteObject(new PSAgentUserReport(report));
    }
}
