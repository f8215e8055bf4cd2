namespace AgentUsers;

/// <summary>The stages of provisioning, in order.</summary>
public enum ProvisionStage
{
    /// <summary>A stage that this version does not know.</summary>
    Unknown,

    /// <summary>Nothing was read yet.</summary>
    NotStarted,

    /// <summary>The parent is a usable agent identity.</summary>
    ParentVerified,

    /// <summary>The present state was compared with the declared state.</summary>
    Compared,

    /// <summary>The agent user exists: created, or found.</summary>
    Exists,

    /// <summary>Reads return the agent user.</summary>
    Visible,

    /// <summary>The members are as declared.</summary>
    MembersSet,

    /// <summary>The sponsors are as declared.</summary>
    SponsorsSet,

    /// <summary>The licenses are assigned and active.</summary>
    Licensed,

    /// <summary>The manager is as declared.</summary>
    ManagerSet,

    /// <summary>The mailbox is provisioned.</summary>
    MailboxReady,

    /// <summary>Teams is provisioned.</summary>
    TeamsReady,

    /// <summary>OneDrive is provisioned.</summary>
    OneDriveReady,

    /// <summary>The declared state is reached.</summary>
    Done,
}
