using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The objects that a person sponsors, directly and by groups.</summary>
public sealed class Sponsored : GraphObject
{
    internal Sponsored(JsonValue json)
        : base(json)
    {
    }

    /// <summary>
    /// The person, as it was named; for the signed-in one, the account of the token: a user principal name or an object id. Null where the token does
    /// not show it.
    /// </summary>
    public string? Person => Text("person");

    /// <summary>The agent users: their ids, names, parents, and whether they can sign in.</summary>
    public IReadOnlyList<AgentUser> AgentUsers => [.. Items("agentUsers").Select(AgentUser.FromJson)];

    /// <summary>The agent identities: their ids, names, blueprints, and whether they can be used.</summary>
    public IReadOnlyList<AgentIdentity> AgentIdentities => [.. Items("agentIdentities").Select(one => new AgentIdentity(one))];

    /// <summary>The other objects: guests, blueprints, their principals, and objects whose type Graph did not tell.</summary>
    public IReadOnlyList<DirectoryObject> Others => [.. Items("others").Select(one => new DirectoryObject(one))];
}
