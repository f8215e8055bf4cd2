using System;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;

namespace AgentUsers;

/// <summary>Lets credentials of the Azure SDK sign in.</summary>
public static class TokenCredentialExtensions
{
    /// <summary>Makes a token provider of a credential: the <see cref="AgentUserClientOptions.TokenProvider"/> of a client.</summary>
    /// <remarks>
    /// The claims of a challenge are passed on to the credential, and Continuous Access Evaluation is switched on. A credential that
    /// gives the refused token once more ends the call: Graph would refuse it again.
    /// </remarks>
    /// <param name="credential">The credential, such as a <c>DefaultAzureCredential</c>.</param>
    /// <returns>The token provider.</returns>
    public static Func<TokenRequest, CancellationToken, Task<GraphToken>> AsTokenProvider(this TokenCredential credential) =>
        new CredentialTokens(credential ?? throw new ArgumentNullException(nameof(credential))).NextAsync;
}
