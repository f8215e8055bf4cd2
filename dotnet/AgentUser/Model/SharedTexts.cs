namespace AgentUsers;

/// <summary>
/// Texts of the rows of a page, each kept once where it comes again: many agent users have the same department, and the same licenses.
/// It forgets: a text takes the place of one with the same hash, so that a page of very different texts costs no search.
/// </summary>
internal sealed unsafe class SharedTexts
{
    /// <summary>A power of two.</summary>
    private const uint Places = 256;

    private readonly string?[] _texts = new string?[Places];

    /// <summary>The text as an object that rows share. It must not be absent.</summary>
    internal string Get(NativeText text)
    {
        ref string? place = ref _texts[Hash(text) & (Places - 1)];
        if (place is null || !text.IsSame(place))
            place = text.ToString();
        return place;
    }

    /// <summary>FNV-1a. Of a long text, of its end, in which texts of one member differ.</summary>
    private static uint Hash(NativeText text)
    {
        uint hash = 2166136261;
        for (int at = text.Length - 1; at >= 0 && at > text.Length - 64; at--)
            hash = (hash ^ text.Start[at]) * 16777619;
        return hash ^ hash >> 16;
    }
}
