using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Hands over what a leaver is the manager or a sponsor of to the one who follows.</summary>
/// <remarks>
/// <para>
/// It plans first: each agent user whose manager or sponsor is the leaver, and each agent identity that the leaver sponsors. The one who
/// follows is added and seen before the leaver is removed, so that each of them has a sponsor all the time. Every object comes out once.
/// </para>
/// <para>
/// -WhatIf tells the plan. -Confirm asks about each object. Objects that could not be read are told as a warning. -PlanPath writes the plan into a
/// file for somebody else to approve, and changes nothing.
/// </para>
/// </remarks>
/// <example>
/// <code>Move-AgentUserSponsor -From human1@contoso.com -To human2@contoso.com -WhatIf</code>
/// <para>Tells what would be handed over.</para>
/// </example>
/// <example>
/// <code>Move-AgentUserSponsor -From human1@contoso.com -To human2@contoso.com -PlanPath plan.json</code>
/// <para>Writes the plan into a file, which Invoke-AgentUserPlan applies once somebody has approved it.</para>
/// </example>
/// <example>
/// <code>Import-Csv leavers.csv | Move-AgentUserSponsor -Only Sponsor</code>
/// <para>Hands over what the leavers of a file with the columns From and To are sponsors of.</para>
/// </example>
/// <output type="PSAgentUserPlan">With -PlanPath: the plan that was written.</output>
[Cmdlet(VerbsCommon.Move, "AgentUserSponsor", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PSAgentUserReport), typeof(PSAgentUserPlan))]
public sealed class MoveAgentUserSponsorCommand : PlanFirstCommand
{
    private readonly List<string> _leavers = [];

    /// <summary>The leaver: an object id or user principal name, or for sponsors a group as group:ID.</summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(LeaverCompleter))]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Leaver")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName", "UPN")]
    [ValidateNotNullOrEmpty]
    public string? From { get; set; }

    /// <summary>The one who follows, named in the same way. A group follows as a sponsor alone.</summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(SponsorCompleter))]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Successor")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName", "UPN")]
    [ValidateNotNullOrEmpty]
    public string? To { get; set; }

    /// <summary>The relations that are handed over: Both, Manager or Sponsor; both by default.</summary>
    [Parameter]
    public HandedOver Only { get; set; }

    /// <summary>Notes a leaver.</summary>
    protected override void ProcessRecord()
    {
        if (From is null || To is null)
            Refuse("LeaverMissing", "A leaver, or the one who follows, is not named.", "Give -From and -To; or pipe objects that have both.");
        _leavers.Add(new Leaver(From!, To!).ToString());
    }

    /// <summary>Plans, and hands over what is approved.</summary>
    protected override void EndProcessing()
    {
        if (_leavers.Count == 0)
            return;
        var reports = new List<ProvisionReport>();
        CallResult planned = Pump("Planning to hand over", Operations.PlanHandover(_leavers, Names.Write(Only)), onItem: item => reports.Add(item.Report!));
        if (planned.Problem is { } problem)
        {
            WriteProblem(problem, From);
            return;
        }
        var plan = AgentUserPlan.From(planned.Result);
        foreach (ProvisionReport report in reports)
            Tell(report);
        if (PlanPath is not null)
            KeepPlan(plan);
        else if (!IsDry && plan.Changes.Count > 0)
            Apply("Handing over", plan, plan.Digest, new ApplyPlanOptions(), From);
        base.EndProcessing();
    }

    /// <summary>Says what is planned for an object. With -WhatIf that is the end of it; else its report comes when it was changed.</summary>
    private void Tell(ProvisionReport planned)
    {
        if (PlanPath is not null)
            TellPlanned(planned);
        else if (planned.Problem is not null || (IsDry && !(planned.Changes.Count > 0 && IsApproved(planned))))
            Write(planned);
        else
            WriteRemarks(planned.Remarks);
    }
}
