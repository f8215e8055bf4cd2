namespace AgentUsers;

/// <summary>A verb that is planned for many agent users.</summary>
public enum PlanVerb
{
    /// <summary>Move them to the recycle bin.</summary>
    Delete,

    /// <summary>Bring them back from the recycle bin.</summary>
    Restore,

    /// <summary>Delete them permanently; they are in the recycle bin.</summary>
    Purge,

    /// <summary>Let them sign in.</summary>
    Enable,

    /// <summary>Keep them from signing in.</summary>
    Disable,

    /// <summary>Add and remove licenses.</summary>
    License,

    /// <summary>Take them out of service.</summary>
    Retire,
}
