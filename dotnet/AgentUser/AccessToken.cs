using System;

namespace AgentUsers;

/// <summary>An access token.</summary>
public sealed class AccessToken
{
    /// <summary>An access token.</summary>
    /// <param name="token">The token itself.</param>
    /// <param name="expiresOn">When it expires, where that is known.</param>
    public AccessToken(string token, DateTimeOffset? expiresOn = null)
    {
        Token = token ?? throw new ArgumentNullException(nameof(token));
        ExpiresOn = expiresOn;
    }

    /// <summary>The token itself.</summary>
    public string Token { get; }

    /// <summary>When it expires, where that is known.</summary>
    public DateTimeOffset? ExpiresOn { get; }

    /// <summary>Never the token.</summary>
    /// <returns>A placeholder.</returns>
    public override string ToString() => "[token]";

    /// <summary>Seconds until then, at least 1; 0 when it is not known.</summary>
    internal ulong ExpiresInSeconds(DateTimeOffset now) =>
        ExpiresOn is { } moment ? (ulong)Math.Max(1, (moment - now).TotalSeconds) : 0;
}
