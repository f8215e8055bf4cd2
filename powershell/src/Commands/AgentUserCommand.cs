using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>
/// A cmdlet that calls Graph. It pumps its call on the pipeline's thread, where token blocks, progress and prompts must run.
/// </summary>
public abstract class AgentUserCommand : PSCmdlet
{
    /// <summary>The longest time that Ctrl+C may go unnoticed, in milliseconds.</summary>
    private const int PollMilliseconds = 40;

    private readonly object _gate = new();
    private ICall? _call;
    private volatile bool _stopping;
    private readonly HashSet<string> _remarks = [];

    /// <summary>The connection to use; by default this session's.</summary>
    [Parameter]
    public virtual AgentUserConnection? Connection { get; set; }

    /// <summary>Cancels the call. Ctrl+C calls this on another thread.</summary>
    protected override void StopProcessing()
    {
        _stopping = true;
        lock (_gate)
            _call?.Cancel();
    }

    /// <summary>Runs an operation to its end.</summary>
    /// <param name="activity">The title of the progress bar.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="input">The bytes beside the operation: a roster.</param>
    /// <param name="onItem">Takes pages and reports as they come.</param>
    /// <returns>The result or the problem.</returns>
    private protected CallResult Pump(string activity, JsonValue operation, byte[]? input = null, Action<WaitResult>? onItem = null)
    {
        AgentUserConnection connection = Connected();
        var progress = new ProgressLine(this, activity);
        Exception? tokenError = TokenError = null;
        ICall? call = null;
        try
        {
            try
            {
                bool verbose = IsVerbose();
                call = connection.Start(this, Recording.Of(operation, verbose, verbose, reason: null), input);
            }
            catch (AgentUserException error)
            {
                // The operation is invalid; nothing was sent.
                return new CallResult(error.Problem);
            }
            lock (_gate)
                _call = call;
            while (true)
            {
                WaitResult result = call.Wait(PollMilliseconds);
                if (_stopping)
                    throw new PipelineStoppedException();
                switch (result.Kind)
                {
                    case WaitKind.Progress:
                        progress.Show(result.Progress!);
                        break;
                    case WaitKind.Record:
                        WriteVerbose(Recording.IsChange(result.Record)
                            ? new AgentUserChangeRecord(result.Record).ToString()
                            : new AgentUserRequestRecord(result.Record).ToString());
                        break;
                    case WaitKind.Demand:
                        tokenError = connection.Meet(result.Demand!);
                        if (tokenError is not null)
                            ((PumpedCall)call).DemandFailed(tokenError.Message);
                        break;
                    case WaitKind.Page or WaitKind.Report:
                        onItem?.Invoke(result);
                        break;
                    case WaitKind.Failed:
                        TokenError = tokenError;
                        return new CallResult(result.Problem!);
                    case WaitKind.Done:
                        return new CallResult(result);
                }
            }
        }
        finally
        {
            lock (_gate)
                _call = null;
            // The call is freed on every way out: an error downstream, Select-Object -First, Ctrl+C.
            call?.Dispose();
            if (!_stopping)
                progress.End();
        }
    }

    /// <summary>Whether verbose output is shown: by <c>-Verbose</c>, or by the preference of the session.</summary>
    private bool IsVerbose() => MyInvocation.BoundParameters.TryGetValue("Verbose", out object? asked)
        ? asked is SwitchParameter { IsPresent: true }
        : GetVariableValue("VerbosePreference") is object preference && preference.ToString() != "SilentlyContinue";

    /// <summary>The exception that kept the last call from getting a token.</summary>
    private protected Exception? TokenError { get; private set; }

    /// <summary>Writes the problem of one item as an error. The cmdlet goes on with the next item.</summary>
    private protected void WriteProblem(Problem problem, object? target) => WriteError(Failure.Record(problem, target, TokenError));

    /// <summary>
    /// Writes remarks as warnings, each once by one cmdlet, however many agent users it is about. Those that hold for every
    /// agent user are verbose: a warning of each create would be read by nobody.
    /// </summary>
    private protected void WriteRemarks(IEnumerable<Remark> remarks)
    {
        foreach (Remark remark in remarks)
        {
            string text = $"{remark.Code}: {remark.Message}";
            if (!_remarks.Add(text))
                continue;
            if (remark.Code is RemarkCodes.MailboxNotByCreation or RemarkCodes.ShownByNoCall)
                WriteVerbose(text);
            else
                WriteWarning(text);
        }
    }

    /// <summary>Writes the agent users of a page or of a result.</summary>
    private protected void WriteUsers(IEnumerable<AgentUser> users)
    {
        foreach (AgentUser user in users)
            WriteObject(new PSAgentUser(user));
    }

    /// <summary>Ends the cmdlet because its parameters are wrong.</summary>
    private protected void Refuse(string id, string message, string fix) =>
        ThrowTerminatingError(Failure.Record(id, ErrorCategory.InvalidArgument, null, message, fix));

    private AgentUserConnection Connected()
    {
        AgentUserConnection? connection = Connection ?? RunspaceState.Current.Connection;
        if (connection is null)
        {
            ThrowTerminatingError(Failure.Record(
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
                $"This connection was made for {session}, and Connect-MgGraph has signed in {now} since.",
                "Run Connect-AgentUser -MgGraph to use the session as it is now."));
        }
    }
}
