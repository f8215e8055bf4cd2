using System;
using System.Collections.Concurrent;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>The part numbers of SKUs that this process has read. An id means the same SKU in every tenant.</summary>
internal static class SkuNames
{
    private static readonly ConcurrentDictionary<Guid, string> s_names = new();

    /// <summary>The part number; null where it was not read yet.</summary>
    internal static string? Of(Guid id) => s_names.TryGetValue(id, out string? name) ? name : null;

    /// <summary>Whether the id of a part number was read.</summary>
    internal static bool Knows(string partNumber) => s_names.Values.Contains(partNumber, StringComparer.OrdinalIgnoreCase);

    /// <summary>Keeps the part number of a SKU.</summary>
    internal static void Learn(Guid? id, string? partNumber)
    {
        if (id is { } known && !string.IsNullOrEmpty(partNumber))
            s_names[known] = partNumber!;
    }
}
