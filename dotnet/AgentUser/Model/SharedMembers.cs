using System.Runtime.CompilerServices;

namespace AgentUsers;

/// <summary>
/// Texts and members of the rows of a page, each kept once where it comes again: many agent users have the same department, and the same
/// licenses. It forgets: of several with the same hash, a few are kept, so that a page of very different texts costs no search.
/// </summary>
/// <remarks>It compares with the texts of the page, which must be there as long as it is used.</remarks>
internal sealed unsafe class SharedMembers
{
    /// <summary>A power of two.</summary>
    private const uint Places = 256;

    /// <summary>The places in which one may be: its hash's, and those after it.</summary>
    private const uint Tries = 4;

    private const uint Prime = 16777619;

    private readonly Place[] _texts = new Place[Places];
    private readonly CommonMembers?[] _members = new CommonMembers?[Places];

    /// <summary>The texts of the row that is read, by their numbers.</summary>
    private readonly string?[] _row = new string?[AgentUserFields.Count];

    /// <summary>The text as an object that rows share; null if it is absent.</summary>
    [MethodImpl(HotPath.Optimized)]
    internal string? Text(NativeText text) => text.IsAbsent ? null : _texts[PlaceOf(text)].Text;

    /// <summary>The members of a row that are not its own, as an object that rows share.</summary>
    /// <param name="fields">A text for each member.</param>
    [MethodImpl(HotPath.Optimized)]
    internal CommonMembers Common(NativeText* fields)
    {
        uint hash = 0;
        for (int field = 0; field < AgentUserFields.Count; field++)
        {
            if (AgentUser.IsOwn(field) || fields[field].IsAbsent)
            {
                _row[field] = null;
                continue;
            }
            uint place = PlaceOf(fields[field]);
            hash = (hash ^ place) * Prime;
            _row[field] = _texts[place].Text;
        }
        hash = Mixed(hash);
        for (uint at = hash; at < hash + Tries; at++)
        {
            CommonMembers? common = _members[at & (Places - 1)];
            if (common is null)
                return _members[at & (Places - 1)] = new CommonMembers(_row);
            if (common.Are(_row))
                return common;
        }
        return _members[hash] = new CommonMembers(_row);
    }

    /// <summary>The number of the place that has the text.</summary>
    [MethodImpl(HotPath.Optimized)]
    private uint PlaceOf(NativeText text)
    {
        uint hash = Hash(text);
        for (uint at = hash; at < hash + Tries; at++)
        {
            ref Place place = ref _texts[at & (Places - 1)];
            if (place.Text is null)
                place = new Place(text);
            else if (!place.Native.IsSame(text))
                continue;
            return at & (Places - 1);
        }
        _texts[hash] = new Place(text);
        return hash;
    }

    /// <summary>FNV-1a by words of four bytes. Of a long text, of its end, in which texts of one member differ.</summary>
    [MethodImpl(HotPath.Optimized)]
    private static uint Hash(NativeText text)
    {
        uint hash = 2166136261 ^ (uint)text.Length;
        int at = text.Length;
        for (; at >= sizeof(uint) && at > text.Length - 64; at -= sizeof(uint))
            hash = (hash ^ *(uint*)(text.Start + at - sizeof(uint))) * Prime;
        for (; at > 0 && at < sizeof(uint); at--)
            hash = (hash ^ text.Start[at - 1]) * Prime;
        return Mixed(hash);
    }

    /// <summary>The number of a place, in which every bit of the hash counts: a word's last letter is in its highest bits.</summary>
    private static uint Mixed(uint hash)
    {
        hash = (hash ^ hash >> 16) * 0x85ebca6b;
        return (hash ^ hash >> 13) & (Places - 1);
    }

    /// <summary>A text of the page, and the object for it.</summary>
    private readonly struct Place(NativeText native)
    {
        internal NativeText Native { get; } = native;

        internal string? Text { get; } = native.ToString();
    }
}
