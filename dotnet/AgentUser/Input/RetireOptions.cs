namespace AgentUsers;

/// <summary>How far an agent user is retired.</summary>
public enum RetiredUntil
{
    /// <summary>It is in the recycle bin, with its licenses and groups.</summary>
    Deleted,

    /// <summary>It can't sign in, and its sessions are ended.</summary>
    Disabled,

    /// <summary>It is deleted permanently.</summary>
    Purged,

    /// <summary>It can't sign in, its sessions are ended and its licenses taken, and it is not deleted.</summary>
    Unlicensed,
}

/// <summary>The options of retiring agent users.</summary>
public sealed class RetireOptions
{
    /// <summary>How far; until it is deleted by default.</summary>
    public RetiredUntil Until { get; init; }

    /// <summary>Whether to take the licenses first, so that their seats are free at once.</summary>
    public bool FreeSeats { get; init; }

    /// <summary>Whether to take it out of its groups first. <see cref="AgentUserClient.RestoreReportedAsync"/> adds it to them again.</summary>
    public bool LeaveGroups { get; init; }

    /// <summary>Whether it is known that data is lost: <see cref="RetiredUntil.Purged"/>, <see cref="RetiredUntil.Unlicensed"/> and <see cref="FreeSeats"/> want it.</summary>
    public bool AcceptDataLoss { get; init; }
}
