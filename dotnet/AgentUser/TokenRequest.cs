namespace AgentUsers;

/// <summary>What a token is needed for.</summary>
public sealed class TokenRequest
{
    private TokenRequest(long demand, string scope, string? claims, bool refused)
    {
        Demand = demand;
        Scope = scope;
        Claims = claims;
        Refused = refused;
    }

    /// <summary>The scope, such as <c>https://graph.microsoft.com/.default</c>.</summary>
    public string Scope { get; }

    /// <summary>The claims that a Conditional Access policy asks for; pass them on to the sign-in.</summary>
    public string? Claims { get; }

    /// <summary>Whether the former token was refused. A cached one will not do.</summary>
    public bool Refused { get; }

    /// <summary>The number of the demand, the same in every call that makes it. A later demand has a higher one.</summary>
    internal long Demand { get; }

    internal static TokenRequest From(JsonValue json) => new(
        json["demandId"]?.AsInt64() ?? 0,
        json["scope"]?.AsString() ?? "",
        json["claims"]?.AsString(),
        json["refused"]?.AsBoolean() ?? false);
}
