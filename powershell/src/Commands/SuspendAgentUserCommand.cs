using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>Stops an agent user, an agent identity or a blueprint with everything below it, at once; or takes that back.</summary>
/// <remarks>
/// <para>
/// The principal of a blueprint is disabled first, then its agent identities, then their agent users, whose sessions are ended. An access
/// token that is out lives on to its end. Run it again after it was cut short: it goes on where it stopped.
/// </para>
/// <para>
/// Keep the reports, by -ReportPath or in a variable: -Undo enables what they say was disabled, and nothing else. -WhatIf tells what would be
/// stopped. -Confirm asks about each object; without it, nothing is asked, and no time is lost by planning. -PlanPath writes a plan of it
/// into a file, and stops nothing.
/// </para>
/// </remarks>
/// <example>
/// <code>Suspend-AgentUser -Blueprint b1a00000-0000-4000-8000-000000000001 -ReportPath stopped.json</code>
/// <para>Stops a blueprint with all of its agents, and keeps the reports.</para>
/// </example>
/// <example>
/// <code>Suspend-AgentUser -Undo stopped.json -WhatIf</code>
/// <para>Tells what would be enabled again.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentityBlueprint -DisplayName 'Blueprint 2*' | Suspend-AgentUser -WhatIf</code>
/// <para>Tells what would be stopped with a blueprint that is named by the beginning of its name.</para>
/// </example>
/// <example>
/// <code>$stopped = Suspend-AgentUser sales@contoso.com; Suspend-AgentUser -Undo $stopped</code>
/// <para>Stops one agent user, and lets it work again.</para>
/// </example>
/// <output type="PSAgentUserPlan">With -PlanPath: the plan that was written.</output>
[Cmdlet(VerbsLifecycle.Suspend, "AgentUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = nameof(Id))]
[OutputType(typeof(PSAgentUserReport), typeof(PSAgentUserPlan))]
public sealed class SuspendAgentUserCommand : PlanFirstCommand
{
    private ReportFile? _reports;

    /// <summary>
    /// The agent users: object ids, user principal names, or objects that have one of these. Objects of Get-AgentIdentity and
    /// Get-AgentIdentityBlueprint are stopped as what they are.
    /// </summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(AgentUserCompleter))]
    [Parameter(Position = 0, ParameterSetName = nameof(Id), ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("UserId", "ObjectId", "UserPrincipalName", "UPN")]
    [AgentTransformation]
    [ValidateNotNullOrEmpty]
    public object[]? Id { get; set; }

    /// <summary>The agent identity that is stopped, with its agent user: its object id, or an object of Get-AgentIdentity.</summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(AgentIdentityCompleter))]
    [Parameter(ParameterSetName = nameof(AgentIdentity))]
    [IdentityTransformation("Id", "ObjectId")]
    [ValidateNotNullOrEmpty]
    public string? AgentIdentity { get; set; }

    /// <summary>The blueprint that is stopped, with everything below it: its application id, or an object id of its application or its principal.</summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(BlueprintCompleter))]
    [Parameter(ParameterSetName = nameof(Blueprint))]
    [IdentityTransformation("AppId", "Id")]
    [ValidateNotNullOrEmpty]
    public string? Blueprint { get; set; }

    /// <summary>Reports of stopping, or files of -ReportPath, that are taken back.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = nameof(Undo))]
    [ReportsTransformation]
    [ValidateNotNullOrEmpty]
    public object[]? Undo { get; set; }

    /// <summary>The accounts that are never stopped: agent users, and agent identities by their object ids.</summary>
    [Parameter(ParameterSetName = nameof(Id))]
    [Parameter(ParameterSetName = nameof(AgentIdentity))]
    [ArgumentCompleter(typeof(AgentUserCompleter))]
    [Parameter(ParameterSetName = nameof(Blueprint))]
    [IdentityTransformation("Id", "ObjectId", "UserPrincipalName", "UPN")]
    public string[]? Except { get; set; }

    /// <summary>A file to which each report is written as it ends: JSON, or CSV where its name ends with .csv. -Undo reads JSON.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReportPath { get; set; }

    /// <summary>A file into which a plan of stopping is written; nothing is stopped then. Invoke-AgentUserPlan applies it once it was approved.</summary>
    [Parameter(ParameterSetName = nameof(Id))]
    [Parameter(ParameterSetName = nameof(AgentIdentity))]
    [Parameter(ParameterSetName = nameof(Blueprint))]
    [ValidateNotNullOrEmpty]
    public override string? PlanPath { get; set; }

    /// <summary>Refuses to replace a file of -PlanPath that is there.</summary>
    [Parameter(ParameterSetName = nameof(Id))]
    [Parameter(ParameterSetName = nameof(AgentIdentity))]
    [Parameter(ParameterSetName = nameof(Blueprint))]
    public override SwitchParameter NoClobber { get; set; }

    /// <summary>Creates the file of the reports.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (PlanPath is not null && ReportPath is not null)
        {
            Refuse(
                "Contradiction", "-PlanPath and -ReportPath exclude each other: a plan stops nothing, so that it has no reports to keep.",
                "Leave out -ReportPath to write the plan, or -PlanPath to stop at once.");
        }
        if (ReportPath is not null && Undo?.OfType<string>().Any(path => Place(path).Equals(Place(ReportPath), StringComparison.OrdinalIgnoreCase)) == true)
        {
            Refuse(
                "Contradiction", "-Undo reads the file that -ReportPath would write anew.",
                "Name another file by -ReportPath, so that the reports of stopping are kept.");
        }
        RefuseSeveral(Id is { Length: > 1 });
        if (!IsDry)
            _reports = ReportFile.Open(this, ReportPath);
    }

    /// <summary>Stops what is named, or takes it back.</summary>
    protected override void ProcessRecord()
    {
        if (Undo is not null)
            TakeBack();
        else if (AgentIdentity is not null || Blueprint is not null)
            Stop(new NamedAgent(null, AgentIdentity, Blueprint));
        else if (Id is not { Length: > 0 })
            Refuse("TargetMissing", "Nothing to stop is named.", "Give -Id, -AgentIdentity or -Blueprint.");
        else
            Array.ForEach(Id!, target => Stop((NamedAgent)target));
    }

    /// <summary>Closes the file of the reports, or writes the plan.</summary>
    protected override void EndProcessing()
    {
        _reports?.Dispose();
        base.EndProcessing();
    }

    private protected override ReportFile? Reports => _reports;

    private string Place(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    private void Stop(NamedAgent stopped)
    {
        (string? user, string? identity, string? blueprint) = stopped;
        string target = stopped.ToString();
        string activity = $"Stopping {target}";
        if (IsDry && PlanPath is null)
        {
            CallResult dry = Pump(activity, Operations.Contain(identity, blueprint, true, Except, user), onItem: item => Tell(item.Report!));
            End(dry, target);
        }
        else if (Asks || PlanPath is not null)
        {
            CallResult planned = Pump($"Planning: {activity}", Operations.PlanContain(identity, blueprint, Except, user), onItem: item =>
            {
                if (PlanPath is not null)
                    TellPlanned(item.Report!);
                else if (item.Report!.Problem is not null)
                    Keep(item.Report);
            });
            if (planned.Problem is { } problem)
                WriteProblem(problem, target);
            else if (PlanPath is not null)
                KeepPlan(AgentUserPlan.From(planned.Result));
            else if (AgentUserPlan.From(planned.Result) is { Changes.Count: > 0 } plan)
                Apply(activity, plan, plan.Digest, new ApplyPlanOptions(), target);
        }
        else if (Force || ShouldProcess(target, "Stop, with everything below"))
        {
            End(Pump(activity, Operations.Contain(identity, blueprint, false, Except, user), onItem: item => Write(item.Report!), isKept: true, file: _reports), target);
        }
    }

    private void TakeBack()
    {
        JsonValue[] reports = [.. ReportJson.Read(this, Undo!)];
        if (IsDry || Asks)
        {
            var planned = new List<ProvisionReport>();
            CallResult dry = Pump("Looking what to take back", Operations.RestoreReported(dryRun: true), Bytes(reports), item => planned.Add(item.Report!));
            var approved = new HashSet<Guid?>(planned.Where(Tell).Select(report => report.Id));
            if (dry.Problem is { } problem)
                WriteProblem(problem, null);
            reports = [.. reports.Where(report => approved.Contains(report["id"]?.AsGuid()))];
            if (IsDry || reports.Length == 0)
                return;
        }
        else if (!Force && !ShouldProcess("what the reports say was stopped", "Enable"))
        {
            return;
        }
        End(Pump("Taking back", Operations.RestoreReported(dryRun: false), Bytes(reports), item => Write(item.Report!), isKept: true, _reports), null);
    }

    private static byte[] Bytes(IEnumerable<JsonValue> reports) => Encoding.UTF8.GetBytes(JsonValue.Array(reports).ToString());

    /// <summary>Asks about what is planned, or outputs it.</summary>
    /// <returns>Whether it is to be done.</returns>
    private bool Tell(ProvisionReport planned)
    {
        if (planned.Problem is null && planned.Changes.Count > 0 && IsApproved(planned))
            return true;
        Keep(planned);
        return false;
    }
}
