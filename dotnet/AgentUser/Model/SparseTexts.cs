using System;
using System.Runtime.CompilerServices;

namespace AgentUsers;

/// <summary>
/// Text members of an agent user, by the numbers of <see cref="AgentUserFields"/>. Only those that there are take room: a list
/// reads a third of them.
/// </summary>
internal readonly struct SparseTexts
{
    /// <summary>A bit for each member that there is.</summary>
    private readonly ulong _present;

    /// <summary>Their texts, in the order of their numbers.</summary>
    private readonly string[]? _texts;

    /// <summary>Keeps those that are not null.</summary>
    /// <param name="all">A text or null for each member.</param>
    internal SparseTexts(string?[] all)
    {
        for (int field = 0; field < all.Length; field++)
            _present |= all[field] is null ? 0 : 1UL << field;
        _texts = Array.FindAll(all, text => text is not null)!;
    }

    /// <summary>The text of a member; null if there is none.</summary>
    /// <param name="field">Its number.</param>
    internal string? this[int field]
    {
        get
        {
            ulong bit = 1UL << field;
            return (_present & bit) == 0 ? null : _texts![Ones(_present & (bit - 1))];
        }
    }

    /// <summary>Whether they are these objects.</summary>
    /// <param name="all">A text or null for each member.</param>
    [MethodImpl(HotPath.Optimized)]
    internal bool Are(string?[] all)
    {
        int next = 0;
        for (int field = 0; field < all.Length; field++)
        {
            string? own = (_present & 1UL << field) == 0 ? null : _texts![next++];
            if (!ReferenceEquals(own, all[field]))
                return false;
        }
        return true;
    }

    /// <summary>How many bits are set.</summary>
    private static int Ones(ulong bits)
    {
        bits -= bits >> 1 & 0x5555555555555555;
        bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
        bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
        return (int)(bits * 0x0101010101010101 >> 56);
    }
}
