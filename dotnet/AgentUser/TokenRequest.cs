namespace AgentUsers;

/// <summary>A demand for an access token.</summary>
public sealed class TokenRequest
{
    private TokenRequest(string scope, string? claims, bool refused)
    {
        Scope = scope;
        Claims = claims;
        Refused = refused;
    }

    /// <summary>The scope, such as <c>https://graph.microsoft.com/.default</c>.</summary>
    public string Scope { get; }

    /// <summary>The claims challenge of a Conditional Access policy, to pass on to the sign-in; null if there is none.</summary>
    public string? Claims { get; }

    /// <summary>Whether Graph rejected the former token, so that a cached token will not do.</summary>
    public bool Refused { get; }

    internal static TokenRequest From(Demand demand) => new(demand.Text("scope") ?? "", demand.Text("claims"), demand.Flag("refused"));
}
