using System;
using System.Collections.Generic;
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
    private const int PollMilliseconds = 40;

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
    /// <returns>The result or the problem.</returns>
    private protected CallResult Pump(AgentUserConnection connection, string activity, Func<ICall> start, Action<WaitResult>? onItem = null)
    {
        var progress = new ProgressLine(this, activity);
        Exception? demandError = DemandError = null;
        using var ended = new CancellationTokenSource();
        var meeting = Task.CompletedTask;
        ICall? call = null;
        try
        {
            try
            {
                call = start();
            }
            catch (AgentUserException error)
            {
                // The call is invalid; nothing was sent.
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
                        demandError = null;
                        meeting = connection.MeetAsync(this, result.Demand!, ended.Token);
                        break;
                    case WaitKind.Page or WaitKind.Report:
                        onItem?.Invoke(result);
                        break;
                    case WaitKind.Failed:
                        DemandError = demandError;
                        return new CallResult(result.Problem!);
                    case WaitKind.Done:
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
            // The call is freed on every way out: an error downstream, Select-Object -First, Ctrl+C.
            call?.Dispose();
            if (!_stopping)
                progress.End();
        }
    }

    /// <summary>The exception that kept the last call from what its sign-in asked for.</summary>
    private protected Exception? DemandError { get; private set; }

    /// <summary>Ends the cmdlet because its parameters are wrong.</summary>
    private protected void Refuse(string id, string message, string fix) =>
        ThrowTerminatingError(Failure.Record(id, ErrorCategory.InvalidArgument, null, message, fix));
}
