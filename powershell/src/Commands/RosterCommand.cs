using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that reads a roster: a file, or objects of the pipeline.</summary>
public abstract class RosterCommand : AgentUserCommand
{
    /// <summary>The set of the objects of the pipeline.</summary>
    private protected const string ByObject = "InputObject";

    private protected const string ByPath = "Path";
    private protected const string ByLiteralPath = "LiteralPath";

    private readonly List<JsonValue> _rows = [];
    private readonly List<string> _files = [];

    /// <summary>The roster file, CSV or JSON; wildcards are resolved.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? Path { get; set; }

    /// <summary>The roster file, without wildcards.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByLiteralPath)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>
    /// The rows: records of Import-Csv, hashtables, agent users, any objects with the roster's columns as properties. All of them are
    /// one roster, whose rows are counted from 1. A text, or a file of Get-Item, is the path of a roster.
    /// </summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByObject, ValueFromPipeline = true)]
    public PSObject[]? InputObject { get; set; }

    /// <summary>The domain of sign-in names that are derived from display names for rows that have none.</summary>
    [ArgumentCompleter(typeof(DomainCompleter))]
    [Parameter]
    public string? Domain { get; set; }

    /// <summary>The shard of the roster, such as 1/4: the sessions of all shards share the roster and Graph's quotas.</summary>
    [ArgumentCompleter(typeof(NoValueCompleter))]
    [Parameter]
    public string? Shard { get; set; }

    /// <summary>Skips the check of domains against those that the tenant has verified.</summary>
    [Parameter]
    public SwitchParameter SkipDomainCheck { get; set; }

    /// <summary>The most bytes that the roster may have; 64 MiB by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxBytes { get; set; }

    /// <summary>The most rows that the roster may have; 200,000 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxRows { get; set; }

    /// <summary>The most errors of the roster that are listed; 1,000 by default. More are counted by rule and field.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxErrors { get; set; }

    /// <summary>Gathers the rows of the pipeline.</summary>
    protected override void ProcessRecord()
    {
        foreach (PSObject item in InputObject ?? [])
        {
            if (item.BaseObject is string or FileInfo)
                _files.Add(item.BaseObject is FileInfo file ? file.FullName : (string)item.BaseObject);
            else
                _rows.Add(Row.Of(item).ToJson());
        }
    }

    /// <summary>Reads the roster, and works on it.</summary>
    protected override void EndProcessing()
    {
        if (_files.Count > 0 && _rows.Count > 0)
            Refuse("MixedInput", "There are files and rows in the pipeline.", "Pipe the rows of one roster, or files.");
        if (_rows.Count > 0)
        {
            Process(Encoding.UTF8.GetBytes(JsonValue.Array(_rows).ToString()), "the rows of the pipeline", null);
            return;
        }
        // A pipeline without objects has nothing to do: a filter let none pass.
        if (_files.Count == 0 && ParameterSetName == ByObject && InputObject is null && MyInvocation.ExpectingInput)
            return;
        foreach (string? named in _files.Count == 0 ? [null] : _files.Cast<string?>())
        {
            byte[] roster = FilePath.ReadRoster(this, named ?? Path, LiteralPath, out string file);
            Process(roster, System.IO.Path.GetFileName(file), file);
        }
    }

    /// <summary>Works on a roster.</summary>
    /// <param name="roster">Its bytes.</param>
    /// <param name="name">Its name, for the progress bar.</param>
    /// <param name="target">The object that errors of the whole are about.</param>
    private protected abstract void Process(byte[] roster, string name, object? target);

    /// <summary>The operation that plans the roster.</summary>
    private protected JsonValue Planned() => Operations.ApplyRoster(
        !SkipDomainCheck, Given(Domain), dryRun: true, maxBytes: MaxBytes, maxErrors: MaxErrors, maxRows: MaxRows, shard: Given(Shard));

    private protected static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>Tells what was noticed of the whole roster, and verbosely the seats that it needs.</summary>
    private protected void Tell(RosterSummary summary)
    {
        WriteRemarks(summary.Remarks);
        foreach (SeatCount seat in summary.Seats)
            Streams.Tell(this, seat.ToString());
    }

    private protected void Write(ProvisionReport report)
    {
        var row = new PSAgentUserReport(report);
        WriteObject(row);
        if (report.Problem is { } problem)
            WriteError(Failure.OfReport(this, report, problem, row, DemandError));
    }
}
