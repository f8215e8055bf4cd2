namespace AgentUsers;

/// <summary>A demand for an access token.</summary>
public sealed class TokenRequest
{
    private TokenRequest(long demandId, string scope, string? claims, bool refused)
    {
        DemandId = demandId;
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

    /// <summary>The number of the demand, the same in every call that makes it; later demands have higher numbers.</summary>
    internal long DemandId { get; }

    /// <summary>Reads a demand; null if it is for something else than a token.</summary>
    internal static TokenRequest? From(JsonValue json) => json["kind"]?.AsString() == "token"
        ? new(
            json["demandId"]?.AsInt64() ?? 0,
            json["scope"]?.AsString() ?? "",
            json["claims"]?.AsString(),
            json["refused"]?.AsBoolean() ?? false)
        : null;
}
