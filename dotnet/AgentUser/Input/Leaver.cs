namespace AgentUsers;

/// <summary>The relationships that are handed over.</summary>
public enum HandedOver
{
    /// <summary>Agent users of which the leaver is the manager or a sponsor.</summary>
    Both,

    /// <summary>Those of which it is the manager.</summary>
    Manager,

    /// <summary>Those of which it is a sponsor, and their parents.</summary>
    Sponsor,
}

/// <summary>A leaver, and the one who follows.</summary>
/// <param name="from">The leaver: an object id, a user principal name, or <c>group:{id}</c>.</param>
/// <param name="to">The one who follows, named in the same way. A group follows as a sponsor alone.</param>
public sealed class Leaver(string from, string to)
{
    /// <summary>The leaver.</summary>
    public string From { get; } = from;

    /// <summary>The one who follows.</summary>
    public string To { get; } = to;

    /// <summary>Both, as a line of a file has them.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{From},{To}";
}
