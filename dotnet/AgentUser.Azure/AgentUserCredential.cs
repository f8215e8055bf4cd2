using System;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Identity;

namespace AgentUsers;

/// <summary>
/// The sign-in of an <see cref="AgentUserClient"/> as a credential of the Azure SDK, for any of its clients: an agent user or an agent
/// identity that reads a storage account, say.
/// </summary>
/// <remarks>
/// Its tokens are kept and renewed by the client, which lives longer than the credential. Claims of a challenge are passed on to the
/// sign-in. The tenant is that of the client's sign-in: another one that a service names is not asked.
/// </remarks>
public sealed class AgentUserCredential : TokenCredential
{
    /// <summary>A token whose end is unknown is said to live for so long. The SDK asks again five minutes before the end.</summary>
    private static readonly TimeSpan s_unknownLife = TimeSpan.FromMinutes(6);

    private readonly AgentUserClient _client;

    /// <summary>Makes a credential of a client's sign-in.</summary>
    /// <param name="client">The client. Dispose of it after the credential's last use.</param>
    public AgentUserCredential(AgentUserClient client) => _client = client ?? throw new ArgumentNullException(nameof(client));

    /// <summary>Gets a token.</summary>
    /// <param name="requestContext">The scopes, and the claims of a challenge.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The token.</returns>
    /// <exception cref="AuthenticationFailedException">There is no token; the inner <see cref="AgentUserException"/> has the problem.</exception>
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            GraphToken token = await _client
                .GetTokenAsync(requestContext.Scopes, claims: requestContext.Claims, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            return new AccessToken(token.Token, token.ExpiresOn ?? DateTimeOffset.UtcNow + s_unknownLife);
        }
        catch (AgentUserException error)
        {
            throw new AuthenticationFailedException(error.Message, error);
        }
    }

    /// <summary>Gets a token, and blocks the thread meanwhile.</summary>
    /// <param name="requestContext">The scopes, and the claims of a challenge.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The token.</returns>
    /// <exception cref="AuthenticationFailedException">There is no token; the inner <see cref="AgentUserException"/> has the problem.</exception>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        GetTokenAsync(requestContext, cancellationToken).AsTask().GetAwaiter().GetResult();
}
