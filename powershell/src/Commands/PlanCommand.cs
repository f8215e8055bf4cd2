using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that makes the changes of a plan, those that are approved by ShouldProcess and no other.</summary>
public abstract class PlanCommand : AgentUserCommand
{
    /// <summary>Asks no question. -WhatIf still changes nothing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Whether nothing is to be changed.</summary>
    private protected bool IsDry { get; private set; }

    /// <summary>Whether it asks, by the impact that its attribute declares.</summary>
    private protected bool Asks => AsksAt(ChangeCommand.Declared(this));

    /// <summary>The file to which the reports of changes are written; null if there is none.</summary>
    private protected virtual ReportFile? Reports => null;

    /// <summary>Looks whether it only plans.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        IsDry = ChangeCommand.IsWhatIf(this);
    }

    /// <summary>Applies a plan: with -WhatIf it says what is left of it, and where it asks, it asks about each object.</summary>
    /// <param name="activity">The title of the progress bar.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="approved">The digest that was approved.</param>
    /// <param name="options">How old and large it may be.</param>
    /// <param name="target">The object that errors of the whole are about.</param>
    private protected void Apply(string activity, AgentUserPlan plan, string approved, ApplyPlanOptions options, object? target)
    {
        byte[] file = Encoding.UTF8.GetBytes(plan.ToJson());
        List<int>? only = null;
        if (IsDry || AsksAt(ImpactOf(plan)))
        {
            only = Approved(activity, Operation(approved, options, isDry: true, null), file, target);
            if (only.Count == 0)
                return;
        }
        CallResult result = Pump(activity, Operation(approved, options, isDry: false, only), file, item => Write(item.Report!), isKept: true, Reports);
        End(result, target);
    }

    /// <summary>The impact of a plan, at most what the attribute declares, because the engine asks by that.</summary>
    private protected virtual ConfirmImpact ImpactOf(AgentUserPlan plan) => ChangeCommand.Declared(this);

    /// <summary>Outputs a report that has no problem, or writes the problem as an error beside it.</summary>
    private protected virtual void Write(ProvisionReport report)
    {
        var row = new PSAgentUserReport(report);
        WriteObject(row);
        if (report.Problem is { } problem)
            WriteError(Failure.OfObject(this, report, problem, row, DemandError));
        WriteRemarks(report.Remarks);
    }

    /// <summary>Outputs the report of an object that is not changed, and writes it to the file.</summary>
    private protected void Keep(ProvisionReport report)
    {
        Reports?.Add(report);
        Write(report);
    }

    /// <summary>Asks about an object, or with -WhatIf says what would be done.</summary>
    /// <returns>Whether it is to be done.</returns>
    private protected bool IsApproved(ProvisionReport planned) => Force && !IsDry || ShouldProcess(
        ChangeWords.Line(planned, Named(planned)), $"{Named(planned)}: {string.Join("; ", planned.Changes)}", "Make these changes?");

    /// <summary>Tells the remarks of the whole, or its problem.</summary>
    private protected void End(CallResult result, object? target)
    {
        if (result.Problem is { } problem)
            WriteProblem(problem, target);
        else
            WriteRemarks(RosterSummary.From(result.Result).Remarks);
    }

    /// <summary>The name of what a report is about.</summary>
    private protected static string Named(ProvisionReport report) =>
        report.UserPrincipalName.Length > 0 ? report.UserPrincipalName : report.DisplayName ?? report.Id?.ToString() ?? $"row {report.Row}";

    private bool AsksAt(ConfirmImpact impact) => !Force && ChangeCommand.WouldAsk(this, impact);

    private List<int> Approved(string activity, JsonValue operation, byte[] file, object? target)
    {
        var planned = new List<ProvisionReport>();
        CallResult result = Pump($"Looking: {activity}", operation, file, item => planned.Add(item.Report!));
        if (result.Problem is { } problem)
            WriteProblem(problem, target);
        var approved = new List<int>();
        foreach (ProvisionReport report in planned.OrderBy(report => report.Row))
        {
            if (report.Problem is null && report.Changes.Count > 0 && IsApproved(report))
                approved.Add(report.Row!.Value);
            else
                Keep(report);
        }
        return result.Problem is null ? approved : [];
    }

    private static JsonValue Operation(string approved, ApplyPlanOptions options, bool isDry, IEnumerable<int>? only) => Operations.ApplyPlan(
        approved, isDry, options.MaxAgeDays, options.MaxBytes, options.MaxChanges, options.MaxErrors, only);
}
