using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers.PowerShell;

/// <summary>
/// A cmdlet that makes calls. It pumps them on the pipeline's thread, where token blocks, progress and prompts must run.
/// </summary>
public abstract class CallCommand : PSCmdlet
{
    /// <summary>The longest time that Ctrl+C may go unnoticed, in milliseconds.</summary>
    internal const int PollMilliseconds = 40;

    private readonly object _gate = new();
    private ICall? _call;
    private volatile bool _stopping;

    /// <summary>Cancels the call. Ctrl+C calls this on another thread.</summary>
    protected override void StopProcessing()
    {
        _stopping = true;
        lock (_gate)
            _call?.Cancel();
    }

    /// <summary>Runs a call to its end.</summary>
    /// <param name="connection">The connection, which meets what its sign-in asks for.</param>
    /// <param name="activity">The title of the progress bar.</param>
    /// <param name="start">Starts the call.</param>
    /// <param name="onItem">Takes pages and reports as they come.</param>
    /// <param name="log">Keeps the reports, and takes the call over after Ctrl+C; null for a call that changes nothing.</param>
    /// <param name="nameOf">The name of a row's object, where it is known before its report.</param>
    /// <returns>The result or the problem.</returns>
    private protected CallResult Pump(
        AgentUserConnection connection, string activity, Func<ICall> start, Action<WaitResult>? onItem = null, RunLog? log = null, Func<int, string>? nameOf = null)
    {
        var progress = new ProgressLine(this, activity);
        Exception? demandError = DemandError = null;
        using var ended = new CancellationTokenSource();
        var meeting = Task.CompletedTask;
        ICall? call = null;
        WaitResult? last = null;
        try
        {
            try
            {
                call = start();
            }
            catch (AgentUserException error)
            {
                // The call is invalid; nothing was sent.
                log?.End(error.Problem);
                return new CallResult(error.Problem);
            }
            lock (_gate)
                _call = call;
            while (true)
            {
                last = null;
                last = call.Wait(PollMilliseconds);
                if (_stopping)
                    throw new PipelineStoppedException();
                WaitResult result = last;
                last = null;
                switch (result.Kind)
                {
                    case WaitKind.Progress:
                        Tell(progress, result.Progress!, nameOf);
                        break;
                    case WaitKind.Record:
                        Streams.Tell(this, Recording.IsChange(result.Record)
                            ? new AgentUserChangeRecord(result.Record).ToString()
                            : new AgentUserRequestRecord(result.Record).ToString());
                        break;
                    case WaitKind.Demand:
                        demandError = null;
                        meeting = connection.MeetAsync(this, result.Demand!, ended.Token);
                        break;
                    case WaitKind.Page or WaitKind.Report:
                        if (result.Report is { } report)
                        {
                            log?.Add(report);
                            WriteDebug(Words(report));
                        }
                        onItem?.Invoke(result);
                        break;
                    case WaitKind.Failed:
                        DemandError = demandError;
                        log?.Finish(result);
                        return new CallResult(result.Problem!);
                    case WaitKind.Done:
                        log?.Finish(result);
                        if (result.Result["report"] is { Kind: JsonKind.Object } only)
                            WriteDebug(Words(ProvisionReport.From(only)));
                        return new CallResult(result);
                }
                if (meeting.IsFaulted)
                {
                    demandError = meeting.Exception!.InnerException!;
                    if (demandError is PipelineStoppedException)
                        ExceptionDispatchInfo.Capture(demandError).Throw();
                    ((PumpedCall)call).DemandFailed(demandError.Message);
                    meeting = Task.CompletedTask;
                }
            }
        }
        finally
        {
            lock (_gate)
                _call = null;
            ended.Cancel();
            // Every way out but the end: Ctrl+C, an error downstream, Select-Object -First. A call that changes something is finished then,
            // and any other is freed.
            if (log is { IsEnded: false } && call is not null)
                LeaveBehind(connection, call, log, last, progress.Rows(log.Reports.Count));
            else
                call?.Dispose();
            if (!_stopping)
                progress.End();
        }
    }

    /// <summary>Waits for the end of a run that was left behind.</summary>
    private protected void Await(RunLog log)
    {
        if (log.Transport is { } transport && !log.IsEnded)
            transport.Commands = new MgGraphCommands(this);
        var progress = new ProgressLine(this, "Finishing what was begun before the stop");
        while (!log.Wait(PollMilliseconds))
        {
            if (_stopping)
                throw new PipelineStoppedException();
            progress.Show("looking up what was under way");
        }
        progress.End();
    }

    /// <summary>
    /// Cancels a call and leaves it to its log, and says so. The pipeline is stopped, so its streams are closed, and the host alone can be told.
    /// </summary>
    private void LeaveBehind(AgentUserConnection connection, ICall call, RunLog log, WaitResult? last, string rows)
    {
        call.Cancel();
        log.TakeOver(call, last, AgentUserConnection.TransportOf(call));
        string state = rows.Length > 0 ? $"Stopped after {rows}." : "Stopped.";
        string rest = log.IsEnded ? "What had begun has ended; Get-AgentUserRosterReport shows every row." : connection.MgGraph is null
            ? "What was under way is being finished and looked up; Get-AgentUserRosterReport waits for it and shows every row."
            : (call as TransportCall)?.Interrupted is { } request
                ? $"Whether this was done is not known: {string.Join(", ", request.Written())}. Get-AgentUserRosterReport looks it up and shows every row."
                : "No change was under way. Get-AgentUserRosterReport shows every row.";
        try
        {
            Host.UI.WriteWarningLine($"{state} {rest}");
        }
        catch (Exception error) when (error is System.Management.Automation.Host.HostException or NotImplementedException or PipelineStoppedException)
        {
            // A host without a screen: the report tells it, too.
        }
    }

    /// <summary>Shows progress: as the bar, each wait with -Verbose, and what the core decides with -Debug.</summary>
    private void Tell(ProgressLine line, AgentUserProgress progress, Func<int, string>? nameOf)
    {
        line.Show(progress);
        if (progress.Kind == ProgressKind.Waiting)
            Streams.Tell(this, ProgressLine.Wait(progress));
        else if (progress.Kind == ProgressKind.Stage && nameOf is not null)
            WriteDebug($"{nameOf(progress.Row ?? 1)}: {progress.Stage}");
        else if (progress.Kind is ProgressKind.Stage or ProgressKind.Ending or ProgressKind.Remark)
            WriteDebug(progress.ToString());
    }

    /// <summary>How one ended, for -Debug.</summary>
    private static string Words(ProvisionReport report)
    {
        string name = report.UserPrincipalName.Length > 0 ? report.UserPrincipalName : report.DisplayName ?? report.Id?.ToString() ?? "";
        string changes = report.Changes.Count > 0 ? $" ({string.Join("; ", report.Changes)})" : "";
        return $"{(report.Row is { } row ? $"row {row}: " : "")}{name}: {report.Outcome} at stage {report.Stage}{changes}";
    }

    /// <summary>Whether Ctrl+C was pressed.</summary>
    private protected bool IsStopping => _stopping;

    /// <summary>The exception that kept the last call from what its sign-in asked for.</summary>
    private protected Exception? DemandError { get; private set; }

    /// <summary>
    /// Ends the cmdlet where a filter is given beside a parameter that selects by itself, because Graph does not filter such a selection. The
    /// parameters are in one set for this, because the engine would say only that no set has them all.
    /// </summary>
    /// <param name="selecting">The parameters that select by themselves.</param>
    /// <param name="filters">The others.</param>
    private protected void RefuseBeside(string[] selecting, string[] filters)
    {
        string[] given = [.. selecting.Concat(filters).Where(MyInvocation.BoundParameters.ContainsKey)];
        if (given.Length < 2 || !selecting.Contains(given[0]))
            return;
        string first = MyInvocation.BoundParameters[given[0]] is SwitchParameter ? given[0] : given[0] + " …";
        Refuse(
            RuleCodes.Contradiction, $"-{given[0]} and -{given[1]} don't go together.",
            $"Leave one out, and look at what the other gives: {MyInvocation.MyCommand.Name} -{first} | Where-Object ….");
    }

    /// <summary>Ends the cmdlet because its parameters are wrong.</summary>
    private protected void Refuse(string id, string message, string fix) =>
        ThrowTerminatingError(Failure.Record(id, ErrorCategory.InvalidArgument, null, message, fix));
}
