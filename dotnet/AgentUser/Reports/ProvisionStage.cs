namespace AgentUsers;

/// <summary>The stages of provisioning, in order.</summary>
public enum ProvisionStage
{
    /// <summary>One that this version does not know.</summary>
    Unknown,

    /// <summary>Nothing was found out yet.</summary>
    NotStarted,

    /// <summary>The parent is an agent identity that can be used.</summary>
    ParentVerified,

    /// <summary>What is there was compared with what is wanted.</summary>
    Compared,

    /// <summary>The agent user exists: created, or there before.</summary>
    Exists,

    /// <summary>Reads see it.</summary>
    Visible,

    /// <summary>Its members are as wanted.</summary>
    MembersSet,

    /// <summary>Its sponsors are as wanted.</summary>
    SponsorsSet,

    /// <summary>Its licenses are assigned and active.</summary>
    Licensed,

    /// <summary>Its manager is as wanted.</summary>
    ManagerSet,

    /// <summary>Its mailbox is provisioned.</summary>
    MailboxReady,

    /// <summary>Teams is provisioned.</summary>
    TeamsReady,

    /// <summary>All that was wanted is done.</summary>
    Done,
}
