using System;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>Meets the demands of a sign-in by callbacks.</summary>
internal sealed class SignInHost
{
    internal Func<TokenRequest, CancellationToken, Task<GraphToken>>? Token { get; init; }

    internal Func<AssertionRequest, CancellationToken, Task<string>>? Assertion { get; init; }

    internal Func<SignatureRequest, CancellationToken, Task<byte[]>>? Signature { get; init; }

    internal Func<UserTokenRequest, CancellationToken, Task<string>>? UserToken { get; init; }

    internal Func<Uri, CancellationToken, Task>? Open { get; init; }

    internal Func<DeviceCode, CancellationToken, Task>? Show { get; init; }

    /// <summary>Calls back for a demand.</summary>
    /// <returns>The answer; null for a demand that wants none.</returns>
    /// <exception cref="InvalidOperationException">There is no callback for it, or it returned null.</exception>
    internal async Task<DemandAnswer?> MeetAsync(Demand demand, CancellationToken cancellationToken)
    {
        switch (demand.Kind)
        {
            case "token" when Token is { } provide:
                GraphToken token = NotNull(await provide(TokenRequest.From(demand), cancellationToken).ConfigureAwait(false), "token provider");
                return DemandAnswer.Of(token.Token, token.ExpiresInSeconds(DateTimeOffset.UtcNow));
            case "assertion" when Assertion is { } assert:
                return DemandAnswer.Of(NotNull(await assert(AssertionRequest.From(demand), cancellationToken).ConfigureAwait(false), "assertion callback"));
            case "signature" when Signature is { } sign:
                byte[] signature = NotNull(await sign(SignatureRequest.From(demand), cancellationToken).ConfigureAwait(false), "signature callback");
                // The answer is cleared after use, and the array is the host's.
                return new DemandAnswer((byte[])signature.Clone());
            case "userToken" when UserToken is { } provide:
                return DemandAnswer.Of(NotNull(await provide(UserTokenRequest.From(demand), cancellationToken).ConfigureAwait(false), "callback for the person's token"));
            case "authorize" when Open is { } open:
                await open(new Uri(demand.Text("url") ?? ""), cancellationToken).ConfigureAwait(false);
                return null;
            case "deviceCode" when Show is { } show:
                await show(DeviceCode.From(demand), cancellationToken).ConfigureAwait(false);
                return null;
            default:
                throw new InvalidOperationException($"The sign-in asks for something that this version does not know: {demand.Kind}.");
        }
    }

    private static T NotNull<T>(T? value, string source)
        where T : class => value ?? throw new InvalidOperationException($"The {source} returned null.");
}
