namespace AgentUsers;

/// <summary>Names the agent user that signs in. Entra takes an object id and a name in two places, and refuses one in the other's.</summary>
public sealed class UserOf
{
    private UserOf(string name, string value) => Member = (name, value);

    internal (string Name, JsonValue? Value) Member { get; }

    /// <summary>An agent user by its object id.</summary>
    /// <param name="objectId">The object id.</param>
    /// <returns>The agent user.</returns>
    public static UserOf ById(string objectId) => new("userId", SignIn.Given(objectId, nameof(objectId)));

    /// <summary>An agent user by its name.</summary>
    /// <param name="userPrincipalName">The user principal name.</param>
    /// <returns>The agent user.</returns>
    public static UserOf ByName(string userPrincipalName) =>
        new("userPrincipalName", SignIn.Given(userPrincipalName, nameof(userPrincipalName)));
}
