namespace AgentUsers;

/// <summary>A demand for the token of the person on whose behalf an agent identity acts.</summary>
public sealed class UserTokenRequest
{
    private UserTokenRequest(string clientId, string? claims)
    {
        ClientId = clientId;
        Claims = claims;
    }

    /// <summary>The blueprint, for which the token is.</summary>
    public string ClientId { get; }

    /// <summary>The claims challenge of a Conditional Access policy, to pass on to the person's sign-in; null if there is none.</summary>
    public string? Claims { get; }

    internal static UserTokenRequest From(Demand demand) => new(demand.Text("clientId") ?? "", demand.Text("claims"));
}
