using System;

namespace AgentUsers.PowerShell;

/// <summary>A verb that is planned for agent users, as the cmdlet that does it is called.</summary>
public enum PlannedVerb
{
    /// <summary>Move them to the recycle bin, as Remove-AgentUser does.</summary>
    Remove,

    /// <summary>Delete those in the recycle bin for ever, as Remove-AgentUser -Permanent does.</summary>
    RemovePermanent,

    /// <summary>Bring them back from the recycle bin.</summary>
    Restore,

    /// <summary>Let them sign in.</summary>
    Enable,

    /// <summary>Keep them from signing in.</summary>
    Disable,

    /// <summary>Add and remove licenses.</summary>
    License,

    /// <summary>Take them out of service.</summary>
    Retire,
}

/// <summary>The verbs of plans, which have names of their own where a cmdlet has another.</summary>
internal static class PlannedVerbs
{
    /// <summary>The verb as a plan has it.</summary>
    internal static PlanVerb Of(PlannedVerb verb) => verb switch
    {
        PlannedVerb.Remove => PlanVerb.Delete,
        PlannedVerb.RemovePermanent => PlanVerb.Purge,
        _ => (PlanVerb)Enum.Parse(typeof(PlanVerb), verb.ToString()),
    };

    /// <summary>The verb of a plan as a cmdlet has it; one that no parameter takes, such as <c>Roster</c>, as it is.</summary>
    internal static string Shown(string verb) => verb switch
    {
        "delete" => nameof(PlannedVerb.Remove),
        "purge" => nameof(PlannedVerb.RemovePermanent),
        _ => Plain.Pascal(verb),
    };
}
