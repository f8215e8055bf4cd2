using System;
using System.Collections.Generic;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that uses a connection, mostly to call Graph.</summary>
public abstract class AgentUserCommand : CallCommand
{
    private readonly HashSet<string> _remarks = [];

    /// <summary>The connection to use; by default this session's.</summary>
    [Parameter]
    public virtual AgentUserConnection? Connection { get; set; }

    /// <summary>Runs an operation to its end.</summary>
    /// <param name="activity">The title of the progress bar.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="input">The bytes beside the operation: a roster.</param>
    /// <param name="onItem">Takes pages and reports as they come.</param>
    /// <returns>The result or the problem.</returns>
    private protected CallResult Pump(string activity, JsonValue operation, byte[]? input = null, Action<WaitResult>? onItem = null)
    {
        AgentUserConnection connection = Connected();
        bool verbose = IsVerbose();
        return Pump(connection, activity, () => connection.Start(this, Recording.Of(operation, verbose, verbose, reason: null), input), onItem);
    }

    /// <summary>Whether verbose output is shown: by <c>-Verbose</c>, or by the preference of the session.</summary>
    private bool IsVerbose() => MyInvocation.BoundParameters.TryGetValue("Verbose", out object? asked)
        ? asked is SwitchParameter { IsPresent: true }
        : GetVariableValue("VerbosePreference") is object preference && preference.ToString() != "SilentlyContinue";

    /// <summary>Writes the problem of one item as an error. The cmdlet goes on with the next item.</summary>
    private protected void WriteProblem(Problem problem, object? target) => WriteError(Failure.Record(problem, target, DemandError));

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

    /// <summary>The connection to use, or the end of the cmdlet.</summary>
    private protected AgentUserConnection Connected()
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
                $"This connection was made for {session}, and Connect-MgGraph has signed in {(now.IsOfSame(session) ? "with other permissions" : now)} since.",
                "Run Connect-AgentUser -MgGraph to use the session as it is now."));
        }
    }
}
