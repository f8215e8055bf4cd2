using System;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>An access token.</summary>
public sealed class PSAgentUserToken
{
    internal PSAgentUserToken(CallResult result, bool isPlain)
    {
        byte[] token = result.Token ?? [];
        if (result.Result["expiresInS"]?.AsInt64() is { } seconds)
            ExpiresOn = DateTime.UtcNow.AddSeconds(seconds);
        Scope = result.Result["scope"]?.AsString();
        Account = result.Result["account"]?.AsString();
        if (isPlain)
        {
            Token = Encoding.UTF8.GetString(token);
            Array.Clear(token, 0, token.Length);
        }
        else
        {
            Token = SecureText.Take(token);
        }
    }

    /// <summary>The token: a SecureString, or a string where that was asked for.</summary>
    public object Token { get; }

    /// <summary>How the token is sent: <c>Bearer</c>.</summary>
    public string Type => "Bearer";

    /// <summary>When the token ends, in UTC; null where nobody knows.</summary>
    public DateTime? ExpiresOn { get; }

    /// <summary>The scopes that it was given for; null where nobody knows.</summary>
    public string? Scope { get; }

    /// <summary>Who signed in, as the token names it; null where it does not.</summary>
    public string? Account { get; }

    /// <summary>Whose token it is and when it ends, without the token.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        $"[token{(Account is null ? "" : $" of {Account}")}{(ExpiresOn is { } end ? $" until {end:yyyy-MM-ddTHH:mm:ssZ}" : "")}]";
}
