using System;

namespace AgentUsers;

/// <summary>
/// The text members of an agent user, by the numbers of <see cref="AgentUserFields"/>. Only those that there are take room: a list
/// reads a third of them.
/// </summary>
internal readonly struct SparseTexts
{
    /// <summary>A bit for each member that there is.</summary>
    private readonly ulong _present;

    /// <summary>Their texts, in the order of their numbers.</summary>
    private readonly string[]? _texts;

    private SparseTexts(ulong present, string[]? texts)
    {
        _present = present;
        _texts = texts;
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

    /// <summary>Keeps those of a row but its ids, which are kept as such.</summary>
    /// <param name="fields">A pointer for each member.</param>
    /// <param name="shared">The texts that rows of the page share.</param>
    internal static unsafe SparseTexts FromRow(NativeText* fields, SharedTexts shared)
    {
        ulong present = 0;
        for (int field = 0; field < AgentUserFields.Other; field++)
        {
            if (field is not (AgentUserFields.Id or AgentUserFields.IdentityParentId) && !fields[field].IsAbsent)
                present |= 1UL << field;
        }
        if (present == 0)
            return default;
        var texts = new string[Ones(present)];
        int next = 0;
        for (int field = 0; field < AgentUserFields.Other; field++)
        {
            if ((present & 1UL << field) == 0)
                continue;
            bool isOwn = field is AgentUserFields.UserPrincipalName or AgentUserFields.DisplayName or AgentUserFields.MailNickname or AgentUserFields.Mail;
            texts[next++] = isOwn ? fields[field].ToString() : shared.Get(fields[field]);
        }
        return new SparseTexts(present, texts);
    }

    /// <summary>Keeps those that are not null.</summary>
    /// <param name="all">A text or null for each member.</param>
    internal static SparseTexts Of(string?[] all)
    {
        ulong present = 0;
        for (int field = 0; field < all.Length; field++)
            present |= all[field] is null ? 0 : 1UL << field;
        return new SparseTexts(present, Array.FindAll(all, text => text is not null)!);
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
