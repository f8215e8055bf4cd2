using System.Threading;
using System.Threading.Tasks;
using Azure.Core;

namespace AgentUsers;

/// <summary>The tokens of a credential, for any number of clients: each request knows which token its client had refused.</summary>
internal sealed class CredentialTokens(TokenCredential credential)
{
    /// <exception cref="AgentUserException">The credential gave the refused token once more.</exception>
    internal async Task<GraphToken> NextAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var context = new TokenRequestContext(request.Scope.Split(' '), claims: request.Claims, isCaeEnabled: true);
        AccessToken token = await credential.GetTokenAsync(context, cancellationToken).ConfigureAwait(false);
        request.RequireNew(token.Token, credential.GetType().Name);
        return new GraphToken(token.Token, token.ExpiresOn);
    }
}
