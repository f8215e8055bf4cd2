using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <content>The methods about the client's own sign-in.</content>
public partial class AgentUserClient
{
    /// <summary>
    /// Gets a token of the client's sign-in, for a program that asks another service than Graph, or sends to Graph by itself. The client
    /// keeps it and renews it before it ends, so ask each time.
    /// </summary>
    /// <param name="scopes">The scopes, all of one service, such as <c>https://storage.azure.com/.default</c>; null or none for Graph's.</param>
    /// <param name="refresh">True signs in anew, for a token that was refused.</param>
    /// <param name="claims">The claims challenge of the service that refused a token, as JSON. It goes to the sign-in; no token in memory answers it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The token.</returns>
    /// <exception cref="AgentUserException">There is no token; the problem says why.</exception>
    public virtual async Task<GraphToken> GetTokenAsync(
        IEnumerable<string>? scopes = null, bool refresh = false, string? claims = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        JsonValue query = JsonValue.ObjectOf(("scopes", OperationJson.Optional(scopes)), ("refresh", refresh), ("claims", OperationJson.Optional(claims)));
        using AsyncCall call = AsyncCall.StartToken(this, query);
        WaitResult end = await EndAsync(call, cancellationToken).ConfigureAwait(false);
        byte[] token = end.Token ?? [];
        try
        {
            return new GraphToken(
                Encoding.UTF8.GetString(token),
                end.Result["expiresInS"]?.AsInt64() is { } seconds ? DateTimeOffset.UtcNow.AddSeconds(seconds) : null)
            {
                Scope = end.Result["scope"]?.AsString(),
                Account = end.Result["account"]?.AsString(),
            };
        }
        finally
        {
            Array.Clear(token, 0, token.Length);
        }
    }

    /// <summary>
    /// Forgets the tokens that the client's sign-in keeps in memory, that of a signed-in person included. Calls under way go on. It
    /// revokes nothing: a token that somebody else has stays good until it expires.
    /// </summary>
    public virtual void SignOut() => Native.SignOut();
}
