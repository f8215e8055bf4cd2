using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Makes the changes of a plan that was approved by its digest, and no other.</summary>
/// <remarks>
/// <para>
/// Each agent user is looked at first. One that is not as the plan expects is left alone, and is an error (NotAsPlanned). What is as
/// planned already is Unchanged, so that a plan that was cut short is applied again. Every object comes out once, when it ends.
/// </para>
/// <para>
/// -WhatIf tells what is left of the plan, and needs no approval. It asks about each object of a plan by which something is lost: one that retires or deletes agent
/// users, or takes licenses, managers or memberships from them. -Force and -Confirm:$false ask nothing; -Confirm asks in any case. Objects that
/// are declined come out as planned.
/// </para>
/// </remarks>
/// <example>
/// <code>Invoke-AgentUserPlan plan.json -Approved 3b9f2c…</code>
/// <para>Makes the changes of a plan, by the digest that somebody has approved.</para>
/// </example>
/// <example>
/// <code>Import-AgentUserPlan plan.json | Invoke-AgentUserPlan -WhatIf</code>
/// <para>Tells what is left of the plan.</para>
/// </example>
/// <example>
/// <code>Invoke-AgentUserPlan plan.json -Approved $digest -Confirm:$false | Export-Csv report.csv</code>
/// <para>Makes the changes without a question, as a job does, and keeps a report.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "AgentUserPlan", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = nameof(Path))]
[OutputType(typeof(PSAgentUserReport))]
public sealed class InvokeAgentUserPlanCommand : PlanCommand
{
    /// <summary>
    /// The changes that lose something. A handover removes a sponsor, too, but not before the successor is there, so that nothing is lost.
    /// </summary>
    private static readonly ChangeKind[] s_losses =
        [ChangeKind.Delete, ChangeKind.Purge, ChangeKind.RemoveLicense, ChangeKind.ClearManager, ChangeKind.RemoveFromGroup];

    /// <summary>The file of the plan.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ParameterSetName = nameof(Path))]
    [Alias("FilePath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The plan, as Import-AgentUserPlan and Export-AgentUserPlan output it.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = nameof(Plan), ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSAgentUserPlan? Plan { get; set; }

    /// <summary>The digest of the plan that was looked at. With -WhatIf, which changes nothing, none is needed.</summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(NoValueCompleter))]
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Approved { get; set; }

    /// <summary>How old the plan may be, in days; 7 by default.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxAgeDays { get; set; }

    /// <summary>High where something is lost: an agent user that is retired loses its sessions, whatever else is left to it.</summary>
    private protected override ConfirmImpact ImpactOf(AgentUserPlan plan) =>
        plan.Verb == Names.Write(PlanVerb.Retire) || plan.Changes.Any(change => s_losses.Contains(change.Change.Kind)) ? ConfirmImpact.High : ConfirmImpact.Medium;

    /// <summary>Applies the plan.</summary>
    protected override void ProcessRecord()
    {
        if (Path is null && Plan is null)
            Refuse("PlanMissing", "No plan is named.", "Give -Path, or pipe the output of Import-AgentUserPlan.");
        string named = Path ?? Plan!.Path ?? "the plan";
        AgentUserPlan? plan = Path is null ? Plan!.Plan : PlanFile.Read(FilePath.Read(this, Path, out named));
        if (plan is null)
        {
            WriteError(Path is null ? PlanFile.Made(Plan!) : PlanFile.Unreadable(named));
            return;
        }
        if (Approved is null && !IsDry)
        {
            string file = Path ?? Plan!.Path ?? "FILE";
            Refuse(
                ProblemCodes.PlanNotApproved, "The plan was approved by nobody.",
                $"Look at its changes, (Import-AgentUserPlan {Plain.Quoted(file)}).Changes, then give its digest: -Approved {plan.Digest}.");
        }
        Apply($"Applying the plan {System.IO.Path.GetFileName(named)}", plan, Approved ?? plan.Digest, new ApplyPlanOptions { MaxAgeDays = MaxAgeDays }, named);
    }
}
