using System;

namespace AgentUsers;

/// <summary>A demand for an access token.</summary>
public sealed class TokenRequest
{
    private readonly byte[]? _refused;

    private TokenRequest(string scope, string? claims, bool isRefused, byte[]? refused)
    {
        Scope = scope;
        Claims = claims;
        Refused = isRefused;
        _refused = refused;
    }

    /// <summary>The scope, such as <c>https://graph.microsoft.com/.default</c>.</summary>
    public string Scope { get; }

    /// <summary>The claims challenge of a Conditional Access policy, to pass on to the sign-in; null if there is none.</summary>
    public string? Claims { get; }

    /// <summary>Whether Graph rejected the former token, so that a cached token will not do.</summary>
    public bool Refused { get; }

    /// <summary>
    /// Makes sure that a token is another one than the client had for this scope before, where that was refused. Otherwise the same
    /// token would only be refused again.
    /// </summary>
    /// <param name="token">The token that is to be the answer.</param>
    /// <param name="source">The name of what gave it, for the message.</param>
    /// <exception cref="AgentUserException">
    /// It is the refused one: <c>ClaimsChallenge</c> where further claims were asked for, else <c>TokenRejected</c>.
    /// </exception>
    public void RequireNew(string token, string source)
    {
        SignIn.Given(token, nameof(token));
        if (!Refused || _refused is null || !GivenTokens.IsOf(token, _refused))
            return;
        throw new AgentUserException(Claims is null
            ? Problem.Of(
                ProblemCodes.TokenRejected,
                $"The token was refused, and {source} gave the same one again.",
                "Sign in again there, and run it again: it goes on where it stopped.")
            : Problem.Of(
                ProblemCodes.ClaimsChallenge,
                $"A token with further claims is asked for, and {source} gave the same one again: it can't ask for claims.",
                "Sign in in a way that can pass them on, such as a certificate, a federated token or a browser; or let the policy leave this identity out."));
    }

    internal static TokenRequest From(Demand demand, byte[]? refused) =>
        new(demand.Text("scope") ?? "", demand.Text("claims"), demand.Flag("refused"), refused);
}
