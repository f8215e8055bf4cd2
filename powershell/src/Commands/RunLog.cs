using System;
using System.Collections.Generic;
using System.Threading;

namespace AgentUsers.PowerShell;

/// <summary>
/// The reports of one run, for Get-AgentUserRosterReport. After Ctrl+C the run goes on here until what it had begun has come to a known
/// state: a call is cancelled then, so it begins nothing new.
/// </summary>
/// <param name="file">The file to which each report is written as it comes, those behind the prompt included; null if there is none.</param>
internal sealed class RunLog(ReportFile? file)
{
    private readonly object _gate = new();
    private readonly List<ProvisionReport> _reports = [];
    private readonly ManualResetEventSlim _ended = new();
    private ICall? _call;

    /// <summary>The transport of its requests where only a cmdlet can send them; null where they go on by themselves.</summary>
    internal MgGraphTransport? Transport { get; private set; }

    /// <summary>Whether it has ended.</summary>
    internal bool IsEnded => _ended.IsSet;

    /// <summary>Whether its cmdlet was stopped, and it goes on here.</summary>
    internal bool IsLeft => _call is not null;

    /// <summary>The problem that ended it as a whole; null if there was none.</summary>
    internal Problem? Problem { get; private set; }

    /// <summary>The reports so far, in the order in which they came.</summary>
    internal IReadOnlyList<ProvisionReport> Reports
    {
        get
        {
            lock (_gate)
                return [.. _reports];
        }
    }

    /// <summary>Takes a report.</summary>
    internal void Add(ProvisionReport report)
    {
        lock (_gate)
        {
            _reports.Add(report);
            file?.Add(report);
        }
    }

    /// <summary>Another call of the same cmdlet begins.</summary>
    internal void Begin() => _ended.Reset();

    /// <summary>A call has come to its end. The report of a single agent user that was created is in the result.</summary>
    internal void Finish(WaitResult end)
    {
        if (end.Kind == WaitKind.Done && end.Result["report"] is { } report)
            Add(ProvisionReport.From(report));
        End(end.Problem);
    }

    /// <summary>The run has ended.</summary>
    internal void End(Problem? problem)
    {
        Problem = problem;
        // The cmdlet that opened the file is gone.
        if (_call is not null)
            file?.Dispose();
        _ended.Set();
    }

    /// <summary>Takes over a call that was cancelled, and owns it from now on.</summary>
    /// <param name="call">The call.</param>
    /// <param name="last">The result of its last wait, where it was not shown yet.</param>
    /// <param name="transport">The transport of its requests where only a cmdlet can send them; null where they go on by themselves.</param>
    internal void TakeOver(ICall call, WaitResult? last, MgGraphTransport? transport)
    {
        _call = call;
        Transport = transport;
        (call as TransportCall)?.GiveUpUnsent();
        if (last is not null)
            Take(last);
        if (transport is not null || IsEnded)
            return;
        // In the background, so that it never keeps the process from ending.
        var thread = new Thread(() => PumpToEnd(call)) { IsBackground = true, Name = "agentuser: finishing a run" };
        thread.Start();
    }

    /// <summary>Waits for the end, for this long at most.</summary>
    /// <param name="milliseconds">The time.</param>
    /// <returns>Whether it has ended.</returns>
    internal bool Wait(int milliseconds)
    {
        if (Transport is null || _call is null)
            return _ended.Wait(milliseconds);
        Take(_call.Wait(milliseconds));
        return IsEnded;
    }

    private void PumpToEnd(ICall call)
    {
        try
        {
            while (!IsEnded)
                Take(call.Wait(-1));
        }
        // An exception on this thread would end the process. What is known is known.
        catch (Exception)
        {
            End(null);
        }
    }

    private void Take(WaitResult result)
    {
        switch (result.Kind)
        {
            case WaitKind.Report:
                Add(result.Report!);
                break;
            case WaitKind.Demand:
                // A script block or a person's prompt needs a prompt, and that is the user's again.
                (_call as PumpedCall)?.DemandFailed("The sign-in asks for something, and the cmdlet that could meet it was stopped.");
                break;
            case WaitKind.Done:
            case WaitKind.Failed:
                Finish(result);
                _call?.Dispose();
                break;
        }
    }
}
