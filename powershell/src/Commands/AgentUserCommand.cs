using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that uses a connection, mostly to call Graph.</summary>
public abstract class AgentUserCommand : CallCommand
{
    private readonly HashSet<string> _remarks = [];
    private RunLog? _log;

    /// <summary>The connection to use, or its name; by default the one of this session.</summary>
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [Parameter]
    [ConnectionTransformation]
    public virtual AgentUserConnection? Connection { get; set; }

    /// <summary>Runs an operation to its end.</summary>
    /// <param name="activity">The title of the progress bar.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="input">The bytes beside the operation: a roster.</param>
    /// <param name="onItem">Takes pages and reports as they come.</param>
    /// <param name="isKept">Whether it changes something: Get-AgentUserRosterReport has its reports then, and after Ctrl+C it is brought to an end.</param>
    /// <param name="file">The file to which the reports of such a call are written.</param>
    /// <param name="nameOf">The name of a row's object, where it is known before its report.</param>
    /// <returns>The result or the problem.</returns>
    private protected CallResult Pump(
        string activity, JsonValue operation, byte[]? input = null, Action<WaitResult>? onItem = null, bool isKept = false, ReportFile? file = null,
        Func<int, string>? nameOf = null)
    {
        AgentUserConnection connection = Connected();
        bool verbose = Streams.IsVerbose(this);
        // The changes that a stopped run had begun must be over, or this one would plan with what changes under it.
        if (RunspaceState.Current.LastRun is { IsLeft: true, IsEnded: false } former && Changes)
            Await(former);
        RunLog? log = isKept ? Log(connection, file) : null;
        bool assigns = false;
        CallResult result = Pump(
            connection, activity, () => connection.Start(this, Recording.Of(operation, verbose, verbose, reason: null), input), item =>
            {
                assigns |= isKept && item.Report is { } report && AssignsUnknown(report);
                onItem?.Invoke(item);
            }, log, nameOf);
        // A license that was assigned by its name is shown by it from now on. The account may read the SKUs: that was how the name was found.
        if (assigns)
            _ = connection.Values.Skus(() => IsStopping);
        return result;
    }

    /// <summary>Whether a license was assigned by a name of which this process does not know the id.</summary>
    private static bool AssignsUnknown(ProvisionReport report) => report.Changes.Any(
        change => change is { Kind: ChangeKind.AddLicense, IsApplied: true, Target: { } sku } && !Guid.TryParse(sku, out _) && !SkuNames.Knows(sku));

    /// <summary>Whether the cmdlet changes something.</summary>
    private bool Changes => Attribute.GetCustomAttribute(GetType(), typeof(CmdletAttribute)) is CmdletAttribute { SupportsShouldProcess: true };

    /// <summary>The log of the runs of this cmdlet, which Get-AgentUserRosterReport reads.</summary>
    private protected RunLog Log(AgentUserConnection connection, ReportFile? file = null)
    {
        connection.Values.Forget();
        RunspaceState.Current.LastRun = _log ??= new RunLog(file);
        _log.Begin();
        return _log;
    }

    /// <summary>Begins an operation that reads, to be waited for later: meanwhile others are on their way.</summary>
    /// <param name="operation">The operation.</param>
    private protected ReadAhead Begin(JsonValue operation)
    {
        bool verbose = Streams.IsVerbose(this);
        return new ReadAhead(() => Connected().Start(this, Recording.Of(operation, verbose, verbose, reason: null), input: null));
    }

    /// <summary>Waits for an operation that was begun.</summary>
    /// <param name="activity">The title of the progress bar.</param>
    /// <param name="begun">The operation.</param>
    private protected CallResult Pump(string activity, ReadAhead begun) => Pump(Connected(), activity, begun.Take);

    /// <summary>A sentence that this cmdlet adds to the fix of a problem; null for none.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="target">The object that the error is about.</param>
    internal virtual string? MoreOf(Problem problem, object? target) => null;

    /// <summary>Writes the problem of one item as an error, or each error of a roster's rows. The cmdlet goes on with the next item.</summary>
    private protected void WriteProblem(Problem problem, object? target)
    {
        if (problem.RowErrors.Count == 0)
            WriteError(Failure.Record(this, problem, target, DemandError));
        foreach (RowError error in problem.RowErrors)
            WriteError(Failure.OfRow(problem, error));
    }

    /// <summary>
    /// Writes remarks, each once by one cmdlet, however many agent users it is about: as a warning where somebody has to act, else as
    /// information, whose tag is the code.
    /// </summary>
    private protected void WriteRemarks(IEnumerable<Remark> remarks)
    {
        foreach (Remark remark in remarks)
        {
            string text = $"{remark.Code}: {Words.Of(remark.Message)}";
            if (!_remarks.Add(text))
                continue;
            if (IsInformation(remark.Code))
                WriteInformation(text, [remark.Code]);
            else
                Streams.Warn(this, text);
        }
    }

    /// <summary>The remarks on which nobody has to act: how a file was read, and what holds for every agent user.</summary>
    private static bool IsInformation(string code) => code is
        RemarkCodes.Utf16Read or RemarkCodes.SeparatorLine or RemarkCodes.TypeLine or RemarkCodes.PortalTemplate
        or RemarkCodes.EmptyColumns or RemarkCodes.ReadOnlyColumns or RemarkCodes.OneObject or RemarkCodes.ValueAndCount
        or RemarkCodes.JsonLines or RemarkCodes.NicknameChanges or RemarkCodes.LicenseInherited or RemarkCodes.CreateUnanswered
        or RemarkCodes.MailboxNotByCreation or RemarkCodes.ShownByNoCall or RemarkCodes.HandedOver or RemarkCodes.TokensLiveOn
        or RemarkCodes.SingleInstance or RemarkCodes.TokenOpaque;

    /// <summary>Writes the agent users of a page or of a result.</summary>
    private protected void WriteUsers(IEnumerable<AgentUser> users)
    {
        foreach (AgentUser user in users)
            WriteObject(new PSAgentUser(user));
    }

    /// <summary>Reads the objects that a person sponsors; null after a problem, which is written.</summary>
    /// <param name="person">A user principal name or an object id; null for the signed-in person.</param>
    private protected Sponsored? Sponsored(string? person)
    {
        CallResult result = Pump($"Reading what {person ?? "the signed-in person"} sponsors", Operations.Sponsored(person));
        if (result.Problem is { } problem)
        {
            WriteProblem(problem, person);
            return null;
        }
        var sponsored = new Sponsored(result.Result);
        foreach (DirectoryObject other in sponsored.Others)
            Streams.Tell(this, $"Sponsored, too: {other.ODataType} {other.DisplayName} ({other.ObjectId}).");
        return sponsored;
    }

    /// <summary>The connection to use, or the end of the cmdlet.</summary>
    private protected AgentUserConnection Connected()
    {
        AgentUserConnection? connection = Connection ?? RunspaceState.Current.Connection;
        if (connection is null)
        {
            ThrowTerminatingError(RunspaceState.Current.NoDefault("-Connection") ?? Failure.Record(
                "NotConnected", ErrorCategory.ConnectionError, null, "This session is not connected to Microsoft Graph.",
                "Run Connect-AgentUser first, or name a connection with -Connection."));
        }
        if (connection!.IsClosed)
        {
            ThrowTerminatingError(Failure.Record(
                "ConnectionClosed", ErrorCategory.ConnectionError, connection, "The connection was disconnected.",
                "Run Connect-AgentUser again."));
        }
        if (connection.MgGraph is { } session)
            RequireSame(session);
        return connection;
    }

    /// <summary>Ends the cmdlet if somebody else is signed in by now: its requests would go to another tenant, or with other rights.</summary>
    private void RequireSame(MgGraphSession session)
    {
        if (new MgGraphCommands(this).Session() is not { } now)
        {
            ThrowTerminatingError(Failure.Record(
                "MgGraphSignedOut", ErrorCategory.AuthenticationError, null, "The session of Connect-MgGraph, which this connection uses, has ended.",
                "Run Connect-MgGraph, then Connect-AgentUser -MgGraph."));
        }
        else if (!now.IsSame(session))
        {
            ThrowTerminatingError(Failure.Record(
                "MgGraphSessionChanged", ErrorCategory.AuthenticationError, null,
                $"This connection was made for {session}, and Connect-MgGraph has signed in {(now.IsOfSame(session) ? "with other permissions" : now)} since.",
                "Run Connect-AgentUser -MgGraph to use the session as it is now."));
        }
    }
}
