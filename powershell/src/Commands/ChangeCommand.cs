using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>
/// A cmdlet that changes agent users, those of a pipeline side by side in one operation. With -WhatIf, and where it asks, it plans
/// first, so that question and plan tell what would really change.
/// </summary>
public abstract class ChangeCommand : SideBySideCommand
{
    private bool _asks;

    /// <summary>Asks no question. -WhatIf still changes nothing.</summary>
    [Parameter]
    public virtual SwitchParameter Force { get; set; }

    /// <summary>Whether this invocation is to change nothing.</summary>
    private protected bool IsOnlyPlanned { get; private set; }

    /// <summary>The impact of this use of the cmdlet. The attribute, which is all that the engine reads, has the impact of its worst use.</summary>
    private protected virtual ConfirmImpact Impact => Declared(this);

    /// <summary>Whether it plans in any case, and tells the remarks of the plan before anything is changed: what is lost.</summary>
    private protected virtual bool IsToldBefore => false;

    /// <summary>Looks whether it will ask.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        IsOnlyPlanned = IsWhatIf(this);
        _asks = !Force && WouldAsk(this, Impact);
    }

    /// <summary>Outputs the report of a change that was made, was planned with -WhatIf, or had nothing to change.</summary>
    private protected abstract void WriteEnd(ProvisionReport report);

    /// <summary>Ends the change of one agent user that failed: an error, whose target is the report.</summary>
    private protected virtual void WriteFailed(ProvisionReport report, Problem problem) =>
        WriteError(Failure.Record(this, problem, new PSAgentUserReport(report), DemandError));

    /// <summary>Looks at a whole plan, before anything is asked.</summary>
    private protected virtual void LookAt(IReadOnlyCollection<ProvisionReport> plan)
    {
    }

    /// <summary>The words for applying a planned report; null where there is nothing to do.</summary>
    private protected virtual string? ActionOf(ProvisionReport planned) =>
        planned.Problem is null && planned.Changes.Count > 0 ? string.Join("; ", planned.Changes) : null;

    /// <summary>The inputs that a report is about.</summary>
    private protected virtual IEnumerable<Wanted> InputsOf(ProvisionReport report, IReadOnlyList<Wanted> wanted) => [wanted[report.Row!.Value - 1]];

    /// <summary>Makes the changes that were approved.</summary>
    private protected virtual void Apply(List<Wanted> approved) => Pump(approved, isDry: false, isKept: true, End);

    /// <summary>Whether this invocation is to change nothing.</summary>
    internal static bool IsWhatIf(PSCmdlet cmdlet) => Streams.Switched(cmdlet, "WhatIf")
        ?? (cmdlet.GetVariableValue("WhatIfPreference") is { } preference && LanguagePrimitives.IsTrue(preference));

    private protected override void Work(List<Wanted> wanted)
    {
        List<Wanted> approved = IsOnlyPlanned || _asks || IsToldBefore ? Planned(wanted) : [.. wanted.Where(one => IsApproved(one.Target, one.Action))];
        if (approved.Count > 0)
            Apply(approved);
    }

    /// <summary>Outputs how one ended.</summary>
    private protected void End(ProvisionReport report)
    {
        if (report.Problem is { } problem)
            WriteFailed(report, problem);
        else
            WriteEnd(report);
        WriteRemarks(report.Remarks);
    }

    /// <summary>Plans the changes, and asks about each. Answers with those that are approved.</summary>
    private List<Wanted> Planned(List<Wanted> wanted)
    {
        var plans = new SortedDictionary<int, ProvisionReport>();
        Pump(wanted, isDry: true, isKept: false, report => plans[report.Row ?? 0] = report);
        LookAt(plans.Values);
        var approved = new List<Wanted>();
        foreach (ProvisionReport report in plans.Values)
        {
            Wanted[] inputs = [.. InputsOf(report, wanted)];
            if (IsToldBefore)
                WriteRemarks(report.Remarks);
            if (ActionOf(report) is not { } action)
            {
                End(report);
            }
            else if (IsApproved(Named(report, inputs[0].Target), action))
            {
                approved.AddRange(inputs);
            }
            else if (IsOnlyPlanned)
            {
                WriteEnd(report);
                WriteRemarks(report.Remarks);
            }
        }
        return approved;
    }

    /// <summary>Asks about a change, or with -WhatIf says it. The engine is not asked about a use that has less impact than the attribute says.</summary>
    private bool IsApproved(string target, string action)
    {
        bool needsNoQuestion = Force || (!_asks && Impact < Declared(this));
        return (needsNoQuestion && !IsOnlyPlanned) || ShouldProcess(target, action);
    }

    /// <summary>The impact that the attribute of a cmdlet declares.</summary>
    internal static ConfirmImpact Declared(PSCmdlet cmdlet) =>
        ((CmdletAttribute)Attribute.GetCustomAttribute(cmdlet.GetType(), typeof(CmdletAttribute))!).ConfirmImpact;

    /// <summary>Whether a change is asked about: by -Confirm, or because the session wants to be asked about changes of this impact.</summary>
    internal static bool WouldAsk(PSCmdlet cmdlet, ConfirmImpact impact)
    {
        if (Streams.Switched(cmdlet, "Confirm") is { } asked)
            return asked;
        var preference = cmdlet.GetVariableValue("ConfirmPreference") is { } value
            ? LanguagePrimitives.ConvertTo<ConfirmImpact>(value) : ConfirmImpact.High;
        return preference != ConfirmImpact.None && impact >= preference;
    }

    /// <summary>The name of what a report is about, for the question.</summary>
    private protected virtual string Named(ProvisionReport report, string target) => report.UserPrincipalName.Length > 0
        ? report.UserPrincipalName
        : report.DisplayName ?? target;
}
