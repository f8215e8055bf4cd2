using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>A blueprint with its principal, its agent identities and their agent users.</summary>
public sealed class BlueprintChain : GraphObject
{
    internal BlueprintChain(JsonValue json)
        : base(json)
    {
    }

    /// <summary>Whether the agent users can work, as far as this chain decides that.</summary>
    public ChainVerdict Verdict => Names.Parse<ChainVerdict>(Json["verdict"]);

    /// <summary>The blueprint itself: an application.</summary>
    public ChainLink Blueprint => Link("blueprint");

    /// <summary>Its principal in this tenant.</summary>
    public ChainLink Principal => Link("principal");

    /// <summary>Its agent identities, those in the recycle bin last, each with its agent user.</summary>
    public IReadOnlyList<ChainedIdentity> Identities => [.. Items("identities").Select(one => new ChainedIdentity(one))];

    /// <summary>Sentences about parts that are missing, disabled or deleted.</summary>
    public IReadOnlyList<Remark> Remarks => [.. Items("remarks").Select(Remark.From)];

    /// <summary>The parts that could not be read, and why. Nothing is known of them.</summary>
    public IReadOnlyList<NotRead> NotRead => [.. Items("notRead").Select(one => new NotRead(one))];

    private ChainLink Link(string member) => new(Json[member] ?? JsonValue.Null);
}

/// <summary>An agent identity and its agent user.</summary>
public sealed class ChainedIdentity : GraphObject
{
    internal ChainedIdentity(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The agent identity.</summary>
    public ChainLink Identity => new(Json["identity"] ?? JsonValue.Null);

    /// <summary>Its agent user; <see cref="LinkState.None"/> where it has none, which is not a fault.</summary>
    public ChainLink AgentUser => new(Json["agentUser"] ?? JsonValue.Null);
}

/// <summary>One object of a chain.</summary>
public sealed class ChainLink : GraphObject
{
    internal ChainLink(JsonValue json)
        : base(json)
    {
    }

    /// <summary>How it was found.</summary>
    public LinkState State => Names.Parse<LinkState>(Json["state"]);

    /// <summary>The object id.</summary>
    public Guid? ObjectId => Id("id");

    /// <summary>The application (client) id; agent users have none.</summary>
    public Guid? AppId => Id("appId");

    /// <summary>The display name.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary>The user principal name of an agent user.</summary>
    public string? UserPrincipalName => Text("userPrincipalName");

    /// <summary>The moment when it came into the recycle bin, from which it can be restored for 30 days.</summary>
    public DateTimeOffset? DeletedDateTime => Moments.Parse(Text("deletedDateTime"));
}

/// <summary>A part that could not be read.</summary>
public sealed class NotRead : GraphObject
{
    internal NotRead(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The part, such as <c>principal</c>, <c>identities</c> or <c>agentUsers</c>.</summary>
    public string Part => Text("part") ?? "";

    /// <summary>Why: a permission that is missing, or another problem.</summary>
    public Problem Problem => Problem.From(Json["problem"] ?? JsonValue.Null);
}

/// <summary>Whether a chain is whole.</summary>
public enum ChainVerdict
{
    /// <summary>Nothing is known to be broken, but something could not be read.</summary>
    Unknown,

    /// <summary>The blueprint and its principal are there, and so is the enabled agent identity of each enabled agent user.</summary>
    Sound,

    /// <summary>Something is missing, disabled or in the recycle bin that agent users need.</summary>
    Broken,
}

/// <summary>How an object of a chain was found.</summary>
public enum LinkState
{
    /// <summary>A state that this version does not know.</summary>
    Unknown,

    /// <summary>It is there, and not disabled.</summary>
    Present,

    /// <summary>It is disabled.</summary>
    Disabled,

    /// <summary>Microsoft disabled it.</summary>
    DisabledByMicrosoft,

    /// <summary>It is in the recycle bin, and can be restored.</summary>
    Deleted,

    /// <summary>It is not there. Whether it is in the recycle bin is not known where that could not be read.</summary>
    Missing,

    /// <summary>There is none, and none is needed.</summary>
    None,

    /// <summary>It could not be read.</summary>
    NotRead,
}
