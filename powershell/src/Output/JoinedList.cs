using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>A list whose text is its items, for CSV files and strings, which can't hold a list.</summary>
/// <typeparam name="T">The type of its items.</typeparam>
public sealed class JoinedList<T> : ReadOnlyCollection<T>
{
    internal JoinedList(IEnumerable<T> items)
        : base(items.ToArray())
    {
    }

    /// <summary>The items joined by semicolons, as a roster has them.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => string.Join("; ", this);
}
