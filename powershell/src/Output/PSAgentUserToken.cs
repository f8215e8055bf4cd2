using System;
using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>An access token.</summary>
public sealed class PSAgentUserToken
{
    /// <summary>Makes an empty token, for scripts and their tests.</summary>
    public PSAgentUserToken()
    {
    }

    internal PSAgentUserToken(CallResult result, bool isPlain)
    {
        byte[] token = result.Token ?? [];
        if (result.Result["expiresInS"]?.AsInt64() is { } seconds)
            ExpiresOn = Moment.Of(DateTime.UtcNow.AddSeconds(seconds));
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
    public object Token { get; set; } = "";

    /// <summary>How the token is sent: <c>Bearer</c>.</summary>
    public string Type { get; set; } = "Bearer";

    /// <summary>The end of the token, in UTC; null where it is not known.</summary>
    public PSObject? ExpiresOn { get; set; }

    /// <summary>The scopes that it was given for; null where they are not known.</summary>
    public string? Scope { get; set; }

    /// <summary>The account that signed in, as the token names it; null where it does not.</summary>
    public string? Account { get; set; }

    /// <summary>The account and the end of the token, without the token.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        $"[token{(Account is null ? "" : $" of {Account}")}{(Moment.Read(ExpiresOn) is { } end ? $" until {end:yyyy-MM-ddTHH:mm:ssZ}" : "")}]";
}
