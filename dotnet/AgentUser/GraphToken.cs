using System;

namespace AgentUsers;

/// <summary>An access token.</summary>
public sealed class GraphToken
{
    /// <summary>Makes an access token.</summary>
    /// <param name="token">The token, without <c>Bearer</c>.</param>
    /// <param name="expiresOn">When the token expires; null if that is not known.</param>
    public GraphToken(string token, DateTimeOffset? expiresOn = null)
    {
        Token = token ?? throw new ArgumentNullException(nameof(token));
        ExpiresOn = expiresOn;
    }

    /// <summary>The token, without <c>Bearer</c>.</summary>
    public string Token { get; }

    /// <summary>When the token expires; null if that is not known.</summary>
    public DateTimeOffset? ExpiresOn { get; }

    /// <summary>The scopes that the token is for, with blanks between, as the sign-in says; null if that is not known.</summary>
    public string? Scope { get; init; }

    /// <summary>The name of the account that signed in, for people to read; null if that is not known.</summary>
    public string? Account { get; init; }

    /// <summary>A placeholder, so that no log shows the token.</summary>
    /// <returns>The placeholder.</returns>
    public override string ToString() => "[token]";

    /// <summary>Seconds until <see cref="ExpiresOn"/>, at least 1; 0 if that is not known.</summary>
    internal ulong ExpiresInSeconds(DateTimeOffset now) =>
        ExpiresOn is { } moment ? (ulong)Math.Max(1, (moment - now).TotalSeconds) : 0;
}
