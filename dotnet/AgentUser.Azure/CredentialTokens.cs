using System;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;

namespace AgentUsers;

/// <summary>The tokens of a credential, the last of which is remembered: a refused one must not come again.</summary>
internal sealed class CredentialTokens(TokenCredential credential)
{
    private string? _last;

    /// <exception cref="InvalidOperationException">The credential gave the refused token once more.</exception>
    internal async Task<GraphToken> NextAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var context = new TokenRequestContext(request.Scope.Split(' '), claims: request.Claims, isCaeEnabled: true);
        AccessToken token = await credential.GetTokenAsync(context, cancellationToken).ConfigureAwait(false);
        string? last = Interlocked.Exchange(ref _last, token.Token);
        if (!request.Refused || last != token.Token)
            return new GraphToken(token.Token, token.ExpiresOn);
        string name = credential.GetType().Name;
        throw new InvalidOperationException(request.Claims is null
            ? $"Graph refuses the token, and {name} gave the same one again. Sign in again there."
            : $"Graph asks for a token with further claims, and {name} gave the same one again: it can't ask for claims. Sign in in a way that can, such as a certificate, a federated token or a browser; or let the policy leave this identity out.");
    }
}
