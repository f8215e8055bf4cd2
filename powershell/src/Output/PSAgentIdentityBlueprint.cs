using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A blueprint: the application that agent identities are made from.</summary>
public sealed class PSAgentIdentityBlueprint
{
    private readonly AgentBlueprint? _blueprint;

    /// <summary>Makes one without anything, for scripts and their tests.</summary>
    public PSAgentIdentityBlueprint()
    {
    }

    internal PSAgentIdentityBlueprint(AgentBlueprint blueprint)
    {
        _blueprint = blueprint;
        DisplayName = blueprint.DisplayName;
        AppId = blueprint.AppId;
        Id = blueprint.ObjectId;
        Description = blueprint.Description;
        CreatedDateTime = Moment.Of(blueprint.CreatedDateTime);
        DisabledByMicrosoftStatus = blueprint.DisabledByMicrosoftStatus;
    }

    /// <summary>The display name.</summary>
    public string? DisplayName { get; set; }

    /// <summary>The application (client) id, by which agent identities name it.</summary>
    public Guid? AppId { get; set; }

    /// <summary>The object id of the application.</summary>
    public Guid? Id { get; set; }

    /// <summary>The purpose, in the words of its maker.</summary>
    public string? Description { get; set; }

    /// <summary>When it was created, in UTC.</summary>
    public PSObject? CreatedDateTime { get; set; }

    /// <summary><c>NotDisabled</c>, or why Microsoft disabled it.</summary>
    public string? DisabledByMicrosoftStatus { get; set; }

    /// <summary>All members that Graph sent.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _blueprint?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The display name and the application id.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{DisplayName} ({AppId})";
}

/// <summary>A blueprint with its principal, its agent identities and their agent users, verified.</summary>
public sealed class PSAgentIdentityBlueprintChain
{
    private readonly BlueprintChain? _chain;

    /// <summary>Makes a chain without links, for scripts and their tests.</summary>
    public PSAgentIdentityBlueprintChain()
    {
    }

    internal PSAgentIdentityBlueprintChain(BlueprintChain chain)
    {
        _chain = chain;
        Verdict = chain.Verdict.ToString();
        DisplayName = chain.Blueprint.DisplayName;
        AppId = chain.Blueprint.AppId ?? chain.Principal.AppId;
        Links = new(All(chain));
        Remarks = new(Words.Of(chain.Remarks));
        NotRead = new(chain.NotRead.Select(one => $"{one.Part}: {Words.Of(one.Problem.Message)}"));
    }

    /// <summary><c>Sound</c>, <c>Broken</c>, or <c>Unknown</c> where nothing is known to be broken and something could not be read.</summary>
    public string Verdict { get; set; } = "";

    /// <summary>The display name of the blueprint.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Its application (client) id.</summary>
    public Guid? AppId { get; set; }

    /// <summary>The blueprint, its principal, and each agent identity with its agent user.</summary>
    public JoinedList<PSAgentIdentityChainLink> Links { get; set; } = JoinedList<PSAgentIdentityChainLink>.Empty;

    /// <summary>Sentences about each part that is missing, disabled or deleted.</summary>
    public JoinedList<string> Remarks { get; set; } = JoinedList<string>.Empty;

    /// <summary>The parts that could not be read, each with the reason.</summary>
    public JoinedList<string> NotRead { get; set; } = JoinedList<string>.Empty;

    /// <summary>The whole chain; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _chain?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The blueprint and the verdict.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{DisplayName}: {Verdict}";

    private static IEnumerable<PSAgentIdentityChainLink> All(BlueprintChain chain)
    {
        yield return new("Blueprint", chain.Blueprint);
        yield return new("Principal", chain.Principal);
        foreach (ChainedIdentity identity in chain.Identities)
        {
            yield return new("AgentIdentity", identity.Identity);
            if (identity.AgentUser.State != LinkState.None)
                yield return new("AgentUser", identity.AgentUser);
        }
    }
}

/// <summary>One object of a chain.</summary>
public sealed class PSAgentIdentityChainLink
{
    /// <summary>Makes one without anything, for scripts and their tests.</summary>
    public PSAgentIdentityChainLink()
    {
    }

    internal PSAgentIdentityChainLink(string part, ChainLink link)
    {
        Part = part;
        State = link.State.ToString();
        Name = link.UserPrincipalName ?? link.DisplayName;
        Id = link.ObjectId;
    }

    /// <summary><c>Blueprint</c>, <c>Principal</c>, <c>AgentIdentity</c> or <c>AgentUser</c>.</summary>
    public string Part { get; set; } = "";

    /// <summary><c>Present</c>, <c>Disabled</c>, <c>DisabledByMicrosoft</c>, <c>Deleted</c>, <c>Missing</c> or <c>NotRead</c>.</summary>
    public string State { get; set; } = "";

    /// <summary>The sign-in name of an agent user, the display name of any other.</summary>
    public string? Name { get; set; }

    /// <summary>The object id.</summary>
    public Guid? Id { get; set; }

    /// <summary>The part, its name and its state.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Part} {Name}: {State}";
}
