using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that works on the objects of a pipeline side by side, in one operation.</summary>
public abstract class SideBySideCommand : AgentUserCommand
{
    /// <summary>The most that are gathered before work begins, unless a cmdlet needs them all: more would keep a long pipeline waiting.</summary>
    private const int UsuallyGathered = 1000;

    private readonly List<Wanted> _wanted = [];

    /// <summary>How many objects are worked on at the same time; by default as many as there are. Requests in flight are bounded in any case.</summary>
    [Parameter]
    [ValidateRange(1, UsuallyGathered)]
    public virtual int? ThrottleLimit { get; set; }

    /// <summary>Outputs in the order of the input. By default each comes out as it ends.</summary>
    [Parameter]
    public virtual SwitchParameter KeepOrder { get; set; }

    /// <summary>The title of the progress bar, such as <c>Removing agent users</c>.</summary>
    private protected abstract string Activity { get; }

    /// <summary>How many are gathered before work begins.</summary>
    private protected virtual int Gathered => UsuallyGathered;

    /// <summary>Looks for the connection, so that a long pipeline does not run into its absence at the end.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _ = Connected();
    }

    /// <summary>Does the work that is left.</summary>
    protected override void EndProcessing() => Run();

    /// <summary>Notes what is to be done, and does it when there is much of it.</summary>
    /// <param name="target">The object, as the input names it.</param>
    /// <param name="action">The action in words, for the question.</param>
    /// <param name="request">Its request; the argument tells whether it is a dry run.</param>
    private protected void Want(string target, string action, Func<bool, JsonValue> request)
    {
        _wanted.Add(new Wanted(target, action, request));
        if (_wanted.Count >= Gathered)
            Run();
    }

    /// <summary>Does the work on the objects that were gathered.</summary>
    private protected abstract void Work(List<Wanted> wanted);

    /// <summary>Outputs agent users that were read.</summary>
    private protected virtual void WriteRead(IReadOnlyList<AgentUser> users) => WriteUsers(users);

    /// <summary>The one operation that does it, and the bytes beside it.</summary>
    private protected virtual (JsonValue Operation, byte[]? Input) Together(IReadOnlyList<Wanted> wanted, bool isDry) =>
        (Operations.Many(wanted.Select(one => one.Request(isDry)), ThrottleLimit), null);

    /// <summary>Runs the operation.</summary>
    /// <param name="wanted">The actions.</param>
    /// <param name="isDry">Whether it only plans.</param>
    /// <param name="isKept">Whether Get-AgentUserRosterReport has its reports.</param>
    /// <param name="onReport">Takes each report; its row is the place in <paramref name="wanted"/>, from 1.</param>
    private protected void Pump(List<Wanted> wanted, bool isDry, bool isKept, Action<ProvisionReport> onReport)
    {
        (JsonValue operation, byte[]? input) = Together(wanted, isDry);
        var ended = new OrderedOutput(KeepOrder && !isDry, onReport);
        CallResult result = Pump(
            isDry ? $"Planning: {Activity}" : Activity, operation, input, item =>
            {
                if (item.Report is { } report)
                    ended.Add(report);
                else
                    WriteRead(item.AgentUsers);
            }, isKept, nameOf: row => wanted[row - 1].Target);
        ended.End();
        if (result.Problem is { } problem)
            WriteProblem(problem, wanted.Count == 1 ? wanted[0].Target : null);
    }

    private void Run()
    {
        if (_wanted.Count == 0)
            return;
        List<Wanted> wanted = [.. _wanted];
        _wanted.Clear();
        Work(wanted);
    }

    /// <summary>Something to do.</summary>
    private protected sealed record Wanted(string Target, string Action, Func<bool, JsonValue> Request);
}
