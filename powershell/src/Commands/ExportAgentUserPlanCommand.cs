using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>Plans what is done to agent users, a roster's changes, or the fixes of findings, and writes the plan into a file. Nothing is changed.</summary>
/// <remarks>
/// <para>
/// The plan is output, with its digest. A person reviews it (Import-AgentUserPlan), and Invoke-AgentUserPlan -Approved makes its changes,
/// and no other.
/// </para>
/// <para>
/// An agent user that has a problem is an error, and is not in the plan. Of findings, those that were found and are accepted by nobody
/// are planned for; a warning tells what no plan mends.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUser | Where-Object Department -eq 'Pilot' | Export-AgentUserPlan plan.json -Verb Retire</code>
/// <para>Plans to take agent users out of service.</para>
/// </example>
/// <example>
/// <code>Export-AgentUserPlan plan.json -Roster ./roster.csv</code>
/// <para>Plans a roster. The plan holds the roster, and needs no other file.</para>
/// </example>
/// <example>
/// <code>Invoke-AgentUserAudit -Rule disabled-and-licensed | Export-AgentUserPlan fixes.json</code>
/// <para>Plans to mend what an audit found.</para>
/// </example>
[Cmdlet(VerbsData.Export, "AgentUserPlan", DefaultParameterSetName = Piped)]
[OutputType(typeof(PSAgentUserPlan))]
public sealed class ExportAgentUserPlanCommand : AgentUserCommand
{
    private const string Piped = "InputObject";

    private readonly List<string> _users = [];
    private readonly List<PSAgentUserFinding> _findings = [];

    /// <summary>The sign-in names of the objects of the pipeline, by the ids by which they are planned for.</summary>
    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The file of the plan. A file that is there is replaced, unless -NoClobber is given.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0)]
    [Alias("FilePath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Agent users: object ids, user principal names, or objects that have one of these; or findings of Invoke-AgentUserAudit.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Piped, ValueFromPipeline = true)]
    [Alias("Id")]
    public PSObject[]? InputObject { get; set; }

    /// <summary>The verb that is planned for the agent users.</summary>
    /// <value>Required, but not of findings</value>
    [Parameter(ParameterSetName = Piped)]
    public PlannedVerb? Verb { get; set; }

    /// <summary>With -Verb License: the licenses to assign, SKU part numbers or ids.</summary>
    [ArgumentCompleter(typeof(SkuCompleter))]
    [Parameter(ParameterSetName = Piped)]
    [ListTransformation]
    public string[]? Add { get; set; }

    /// <summary>With -Verb License: the licenses to remove.</summary>
    [ArgumentCompleter(typeof(SkuCompleter))]
    [Parameter(ParameterSetName = Piped)]
    [ListTransformation]
    public string[]? Remove { get; set; }

    /// <summary>With -Verb Restore: Graph drops the mail addresses that other users have by now, in place of refusing.</summary>
    [Parameter(ParameterSetName = Piped)]
    public SwitchParameter AutoReconcileProxyConflict { get; set; }

    /// <summary>With -Verb Retire: how far; until they are deleted by default.</summary>
    [Parameter(ParameterSetName = Piped)]
    public RetiredUntil? Until { get; set; }

    /// <summary>With -Verb Retire: takes the licenses first, so that their seats are free at once.</summary>
    [Parameter(ParameterSetName = Piped)]
    public SwitchParameter FreeSeats { get; set; }

    /// <summary>With -Verb Retire: takes them out of their groups first.</summary>
    [Parameter(ParameterSetName = Piped)]
    public SwitchParameter LeaveGroups { get; set; }

    /// <summary>With -Verb Retire: it is known that data is lost.</summary>
    [Parameter(ParameterSetName = Piped)]
    public SwitchParameter AcceptDataLoss { get; set; }

    /// <summary>The roster file that is planned, CSV or JSON.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = nameof(Roster))]
    [ValidateNotNullOrEmpty]
    public string? Roster { get; set; }

    /// <summary>The domain of sign-in names that are derived from display names for rows that have none.</summary>
    [ArgumentCompleter(typeof(DomainCompleter))]
    [Parameter(ParameterSetName = nameof(Roster))]
    public string? Domain { get; set; }

    /// <summary>Skips the check of domains against those that the tenant has verified.</summary>
    [Parameter(ParameterSetName = nameof(Roster))]
    public SwitchParameter SkipDomainCheck { get; set; }

    /// <summary>Refuses to replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Looks at the file's name.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Path is null)
            Refuse("PathMissing", "No file is named for the plan.", "Give -Path, such as plan.json.");
    }

    /// <summary>Gathers agent users and findings.</summary>
    protected override void ProcessRecord()
    {
        foreach (PSObject item in InputObject ?? [])
        {
            if (Verb is null && item.BaseObject is PSAgentUserFinding { Audit: not null } finding)
                _findings.Add(finding);
            else if (IdentityTransformationAttribute.Of(item, "Id", "ObjectId", "UserId", "UserPrincipalName") is var id && id.ToString() is { Length: > 0 } name)
            {
                _users.Add(name);
                if (item.Properties["UserPrincipalName"]?.Value is string signInName)
                    _names[name] = signInName;
            }
        }
    }

    /// <summary>Plans, and writes the file.</summary>
    protected override void EndProcessing()
    {
        // A pipeline without objects has nothing to plan: a filter let none pass, or an audit found nothing.
        if (Roster is null && InputObject is null && MyInvocation.ExpectingInput)
            return;
        if (Roster is not null)
        {
            byte[] roster = FilePath.ReadRoster(this, Roster, null, out string file);
            string? domain = string.IsNullOrEmpty(Domain) ? null : Domain;
            Plan($"Planning {System.IO.Path.GetFileName(file)}", Operations.PlanRoster(!SkipDomainCheck, domain), roster, file);
        }
        else if (_findings.Count > 0 && _users.Count == 0)
        {
            Mend();
        }
        else if (Verb is not { } verb)
        {
            Refuse("VerbMissing", "What is to be planned is not said.", "Give -Verb, such as Retire; or pipe findings of Invoke-AgentUserAudit alone; or give -Roster.");
        }
        else if (_users.Count == 0)
        {
            Refuse("AgentUserMissing", "No agent user is named.", "Pipe agent users, such as those of Get-AgentUser.");
        }
        else
        {
            Plan($"Planning {verb} for agent users", OfVerb(verb), null, null);
        }
    }

    private JsonValue OfVerb(PlannedVerb verb) => Operations.Plan(
        Names.Write(PlannedVerbs.Of(verb)), _users, AcceptDataLoss ? true : null, Add, AutoReconcileProxyConflict ? true : null, FreeSeats ? true : null, LeaveGroups ? true : null, Remove,
        Until is { } until ? Names.Write(until) : null);

    private void Plan(string activity, JsonValue operation, byte[]? input, object? target)
    {
        CallResult result = Pump(activity, operation, input, item =>
        {
            if (item.Report is { Problem: { } problem } report)
                WriteError(OfObject(report, problem));
            WriteRemarks(item.Report!.Remarks);
        });
        if (result.Problem is { } problem)
            WriteProblem(problem, target);
        else
            Write(result.Result);
    }

    /// <summary>The error of an agent user that is not in the plan, by its sign-in name where the pipeline brought that beside the id.</summary>
    private ErrorRecord OfObject(ProvisionReport report, Problem problem)
    {
        var target = new PSAgentUserReport(report);
        string asked = target.UserPrincipalName;
        if (!_names.TryGetValue(asked, out string? name))
            return Failure.OfObject(this, report, problem, target, DemandError);
        target.UserPrincipalName = name;
        ErrorRecord record = Failure.OfObject(this, report, problem, target, DemandError);
        record.ErrorDetails = new ErrorDetails(record.ErrorDetails.Message.Replace(asked, name))
        {
            RecommendedAction = record.ErrorDetails.RecommendedAction.Replace(asked, name),
        };
        return record;
    }

    /// <summary>Plans the fixes of the findings by auditing their snapshot again, in which all other findings count as accepted.</summary>
    private void Mend()
    {
        PSAgentUserAudit audit = _findings[0].Audit!;
        if (_findings.Any(finding => finding.Audit != audit))
            Refuse("SeveralAudits", "The findings are of more than one audit.", "Make a plan of each.");
        PSAgentUserFinding[] wanted = [.. _findings.Where(finding => finding.State == "Found")];
        var asked = new HashSet<(string, string)>(wanted.Select(finding => (finding.Rule, finding.Whom)));
        IEnumerable<JsonValue> others = audit.Findings
            .Where(finding => finding.State != "NotChecked").Select(finding => (finding.Rule, finding.Whom)).Distinct().Where(one => !asked.Contains(one))
            .Select(one => JsonValue.ObjectOf(
                ("rule", one.Rule), ("whom", one.Whom), ("reason", "It was not asked for."), ("by", "Export-AgentUserPlan"), ("until", "9999-12-31")));
        string[] rules = [.. wanted.Select(finding => finding.Rule).Distinct()];
        AuditOptions former = audit.Options;
        var options = new AuditOptions
        {
            Rules = former.Rules,
            Severity = former.Severity,
            Beta = former.Beta,
            Now = audit.Judged,
            LeaveDays = former.LeaveDays,
            IdleDays = former.IdleDays,
            BlueprintIdentities = former.BlueprintIdentities,
            MailboxHours = former.MailboxHours,
            ActionDays = former.ActionDays,
            Accepted = JsonValue.Array(others).ToString(),
            Fix = rules,
        };
        if (rules.Length == 0)
            Refuse("NothingToMend", "None of the findings was found and is open.", "Pipe findings whose State is Found.");
        try
        {
            JsonValue mended = OfflineCall.Ask(AuditOperation.Offline(options), audit.Snapshot);
            foreach (JsonValue left in mended["notPlanned"]?.Items ?? [])
                Streams.Warn(this, NotPlanned(left, wanted));
            Write(mended["plan"] ?? JsonValue.Null);
        }
        catch (AgentUserException error)
        {
            WriteProblem(error.Problem, null);
        }
    }

    /// <summary>The words for findings of a rule that no plan mends. The command that their message names becomes the call of a cmdlet.</summary>
    private static string NotPlanned(JsonValue left, IEnumerable<PSAgentUserFinding> wanted)
    {
        string? rule = left["rule"]?.AsString();
        string message = left["message"]?.AsString() ?? "";
        foreach (PSAgentUserFinding finding in wanted.Where(finding => finding.Rule == rule && finding.Command is not null))
            message = message.Replace(finding.Command!, finding.Fix);
        return FormattableString.Invariant($"{rule}, {left["findings"]?.AsInt64()} findings: {message}");
    }

    private void Write(JsonValue plan)
    {
        FilePath.Write(this, Path!, Encoding.UTF8.GetBytes(plan.ToString()), NoClobber);
        WriteObject(new PSAgentUserPlan(AgentUserPlan.From(plan), FilePath.Full(this, Path!)));
    }
}
