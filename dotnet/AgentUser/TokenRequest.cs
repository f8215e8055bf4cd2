namespace AgentUsers;

/// <summary>What a token is needed for.</summary>
public sealed class TokenRequest
{
    internal TokenRequest(string scope, string? claims, bool refused)
    {
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

    internal static TokenRequest From(JsonValue json) =>
        new(json["scope"]?.AsString() ?? "", json["claims"]?.AsString(), json["refused"]?.AsBoolean() ?? false);

    internal bool IsSame(TokenRequest other) => Scope == other.Scope && Claims == other.Claims && Refused == other.Refused;
}
