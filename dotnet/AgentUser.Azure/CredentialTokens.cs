using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;

namespace AgentUsers;

/// <summary>The tokens of a credential, the last of which is remembered for each scope: a refused one must not come again.</summary>
internal sealed class CredentialTokens(TokenCredential credential)
{
    /// <summary>Programs ask for a few services. A scope that so many others followed is forgotten.</summary>
    private const int Scopes = 32;

    /// <summary>The latest is at the end.</summary>
    private readonly List<(string Scope, string Token)> _last = [];

    /// <exception cref="InvalidOperationException">The credential gave the refused token once more.</exception>
    internal async Task<GraphToken> NextAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var context = new TokenRequestContext(request.Scope.Split(' '), claims: request.Claims, isCaeEnabled: true);
        AccessToken token = await credential.GetTokenAsync(context, cancellationToken).ConfigureAwait(false);
        string? last = Replace(request.Scope, token.Token);
        if (!request.Refused || last != token.Token)
            return new GraphToken(token.Token, token.ExpiresOn);
        string name = credential.GetType().Name;
        throw new InvalidOperationException(request.Claims is null
            ? $"The token was refused, and {name} gave the same one again. Sign in again there."
            : $"A token with further claims is asked for, and {name} gave the same one again: it can't ask for claims. Sign in in a way that can, such as a certificate, a federated token or a browser; or let the policy leave this identity out.");
    }

    /// <summary>Takes the token that came for this scope, in place of the one before, which is returned.</summary>
    private string? Replace(string scope, string token)
    {
        lock (_last)
        {
            int at = _last.FindIndex(one => one.Scope == scope);
            string? last = at < 0 ? null : _last[at].Token;
            if (at >= 0)
                _last.RemoveAt(at);
            else if (_last.Count >= Scopes)
                _last.RemoveAt(0);
            _last.Add((scope, token));
            return last;
        }
    }
}
