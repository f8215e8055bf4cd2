using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that makes a plan and applies it, or writes it into a file for somebody else to approve.</summary>
public abstract class PlanFirstCommand : PlanCommand
{
    private AgentUserPlan? _plan;

    /// <summary>A file into which the plan is written; nothing is changed then. Invoke-AgentUserPlan applies it once it was approved.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public virtual string? PlanPath { get; set; }

    /// <summary>Refuses to replace a file of -PlanPath that is there.</summary>
    [Parameter]
    public virtual SwitchParameter NoClobber { get; set; }

    /// <summary>Writes the plan into the file of -PlanPath, and outputs it. With -WhatIf no file is written.</summary>
    protected override void EndProcessing()
    {
        if (_plan is null || ((IsDry || !Force) && !ShouldProcess(FilePath.Full(this, PlanPath!), "Write the plan")))
            return;
        FilePath.Write(this, PlanPath!, Encoding.UTF8.GetBytes(_plan.ToJson()), NoClobber);
        WriteObject(new PSAgentUserPlan(_plan, FilePath.Full(this, PlanPath!)));
    }

    /// <summary>Keeps the plan for the file of -PlanPath, which is written at the end, when it is known that there is one plan.</summary>
    private protected void KeepPlan(AgentUserPlan plan)
    {
        RefuseSeveral(_plan is not null);
        _plan = plan;
    }

    /// <summary>Ends the cmdlet where one file would be for the plans of several.</summary>
    private protected void RefuseSeveral(bool areSeveral)
    {
        if (areSeveral && PlanPath is not null)
            Refuse("OnePlanForSeveral", "One file is given for the plans of several.", "Plan one at a time, each with -PlanPath of its own.");
    }

    /// <summary>Writes the problem of an object that is not in the plan as an error, and tells its remarks.</summary>
    private protected void TellPlanned(ProvisionReport planned)
    {
        if (planned.Problem is { } problem)
            WriteError(Failure.OfObject(this, planned, problem, new PSAgentUserReport(planned), DemandError));
        WriteRemarks(planned.Remarks);
    }
}
