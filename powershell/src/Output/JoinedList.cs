using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>A list that reads as its items where a list can't be shown: in a CSV file, in a string.</summary>
/// <typeparam name="T">What it holds.</typeparam>
public sealed class JoinedList<T> : ReadOnlyCollection<T>
{
    internal JoinedList(IEnumerable<T> items)
        : base(items.ToArray())
    {
    }

    /// <summary>The items with semicolons between, as a roster has them.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => string.Join("; ", this);
}
