using System;
using System.Collections.Generic;

namespace AgentUsers.PowerShell;

/// <summary>Reports on their way out: as they come, or in the order of their rows.</summary>
/// <param name="isOrdered">Whether a report waits for those of the rows before it.</param>
/// <param name="write">Takes each report.</param>
internal sealed class OrderedOutput(bool isOrdered, Action<ProvisionReport> write)
{
    private readonly SortedDictionary<int, ProvisionReport> _early = [];
    private int _next = 1;

    /// <summary>Takes a report.</summary>
    internal void Add(ProvisionReport report)
    {
        if (!isOrdered)
        {
            write(report);
            return;
        }
        _early[report.Row ?? _next] = report;
        while (_early.TryGetValue(_next, out ProvisionReport? next))
        {
            _early.Remove(_next++);
            write(next);
        }
    }

    /// <summary>Writes what waits for rows that gave no report, such as reads.</summary>
    internal void End()
    {
        foreach (ProvisionReport report in _early.Values)
            write(report);
        _early.Clear();
    }
}
