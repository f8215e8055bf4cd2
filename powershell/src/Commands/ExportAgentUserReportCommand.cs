using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>Writes the findings of an audit, or agent users, as a file that people and programs read.</summary>
/// <remarks>
/// <para>
/// The end of the file's name tells the form: .html (one web page without scripts), .xlsx (a workbook), .csv, .json; and of findings
/// .sarif for code scanning and .xml (JUnit's) for pipelines.
/// </para>
/// <para>
/// The findings are those of one audit; its summary (-Summary) stands for all of them, and is a report where nothing was found. With fewer of them than were found, the report says so. A file that is there is replaced,
/// unless -NoClobber is given.
/// </para>
/// </remarks>
/// <example>
/// <code>Invoke-AgentUserAudit -Summary | Export-AgentUserReport findings.html -PassThru | Invoke-Item</code>
/// <para>Writes the findings as a web page, and opens it.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser | Export-AgentUserReport agents.xlsx</code>
/// <para>Writes all agent users as a workbook.</para>
/// </example>
/// <example>
/// <code>Invoke-AgentUserAudit -Summary | Export-AgentUserReport findings.sarif -LocatedIn roster.csv</code>
/// <para>Writes the findings for code scanning, located in the lines of the roster.</para>
/// </example>
/// <output type="FileInfo">With -PassThru: the file.</output>
[Cmdlet(VerbsData.Export, "AgentUserReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAgentUserReportCommand : PSCmdlet
{
    private readonly List<PSAgentUserFinding> _findings = [];
    private readonly List<AgentUser> _users = [];
    private PSAgentUserAudit? _audit;

    /// <summary>The file. The end of its name tells the form.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0)]
    [Alias("FilePath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Findings or the summary of Invoke-AgentUserAudit, or agent users of Get-AgentUser.</summary>
    /// <value>Required</value>
    [Parameter(ValueFromPipeline = true)]
    public PSObject[]? InputObject { get; set; }

    /// <summary>Of agent users: the columns, by Graph's names; by default those of a roster first.</summary>
    [ArgumentCompleter(typeof(ColumnCompleter))]
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Column { get; set; }

    /// <summary>Leaves out links into the Entra portal.</summary>
    [Parameter]
    public SwitchParameter NoLink { get; set; }

    /// <summary>In CSV of agent users: puts an apostrophe before what a spreadsheet would take for a formula.</summary>
    [Parameter]
    public SwitchParameter FormulaSafe { get; set; }

    /// <summary>In SARIF and JUnit's XML: the file in whose lines findings are located, such as the roster.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LocatedIn { get; set; }

    /// <summary>Refuses to replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Outputs the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Loads the native library, and looks at the file's name.</summary>
    protected override void BeginProcessing()
    {
        Native.Require(this);
        if (Path is null)
            End("PathMissing", ErrorCategory.InvalidArgument, null, "No file is named.", "Give -Path: a file that ends with .html, .xlsx, .csv, .json, .sarif or .xml.");
        if (Format() is null && !IsWorkbook)
            End("FormatUnknown", ErrorCategory.InvalidArgument, Path, $"The end of {Path} tells no form.", "Use .html, .xlsx, .csv, .json, .sarif or .xml.");
    }

    /// <summary>Gathers findings or agent users.</summary>
    protected override void ProcessRecord()
    {
        foreach (PSObject item in InputObject ?? [])
            Gather(item);
    }

    /// <summary>Writes the report.</summary>
    protected override void EndProcessing()
    {
        if (_audit is null && _users.Count == 0)
        {
            End(
                "NothingToWrite", ErrorCategory.InvalidArgument, null, "Neither a finding nor an agent user came to be written.",
                "Invoke-AgentUserAudit -Summary | Export-AgentUserReport writes a report without findings, too.");
        }
        if (!ShouldProcess(Path, "Write the report"))
            return;
        try
        {
            FilePath.Write(this, Path!, Content(), NoClobber);
        }
        catch (AgentUserException error)
        {
            ThrowTerminatingError(Failure.Record(this, error.Problem, Path));
        }
        if (PassThru)
            WriteObject(new FileInfo(FilePath.Full(this, Path!)));
    }

    private bool IsWorkbook => Path!.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase);

    private ReportFormat? Format() => System.IO.Path.GetExtension(Path)!.ToLowerInvariant() switch
    {
        ".html" or ".htm" => ReportFormat.Html,
        ".csv" => ReportFormat.Csv,
        ".json" => ReportFormat.Json,
        ".sarif" => ReportFormat.Sarif,
        ".xml" => ReportFormat.Junit,
        _ => null,
    };

    private void Gather(PSObject item)
    {
        switch (item.BaseObject)
        {
            case PSAgentUserFinding { Audit: not null } finding when _users.Count == 0:
                _audit ??= finding.Audit;
                if (finding.Audit != _audit)
                    End("SeveralAudits", ErrorCategory.InvalidArgument, finding, "The findings are of more than one audit.", "Write a report of each.");
                _findings.Add(finding);
                break;
            case PSAgentUserAudit { WasRun: true } audit when _audit is null && _users.Count == 0:
                _audit = audit;
                _findings.AddRange(audit.Findings);
                break;
            case PSAgentUser user when _audit is null:
                _users.Add(user.ToAgentUser());
                break;
            default:
                WriteError(Failure.Record(
                    "NotAReportRecord", ErrorCategory.InvalidType, item, $"'{item}' is neither a finding of this session's audit nor an agent user, or is mixed with the other.",
                    "Pipe the output of Invoke-AgentUserAudit or of Get-AgentUser, as it is."));
                break;
        }
    }

    private byte[] Content()
    {
        var options = new ReportOptions
        {
            Links = !NoLink,
            Columns = Column,
            FormulaSafe = FormulaSafe,
            LocatedIn = LocatedIn is null ? null : (LocatedIn.Replace('\\', '/'), FilePath.ReadText(this, LocatedIn)),
        };
        // The JSON is the audit's own report, which agentuser reads as well.
        bool isForPeople = Format() != ReportFormat.Json;
        byte[]? findings = _audit is null
            ? null : JsonWriter.ToUtf8(_audit.With(_findings.Select(finding => isForPeople ? finding.Shown : finding.Json)).ToString());
        if (IsWorkbook)
            return findings is null ? AgentUserReports.AgentUsersWorkbook(_users, options) : AgentUserReports.FindingsWorkbook(findings, options);
        ReportFormat format = Format()!.Value;
        return Encoding.UTF8.GetBytes(findings is null
            ? AgentUserReports.RenderAgentUsers(_users, format, options)
            : AgentUserReports.RenderFindings(findings, format, options));
    }

    private void End(string id, ErrorCategory category, object? target, string message, string fix) =>
        ThrowTerminatingError(Failure.Record(id, category, target, message, fix));
}
