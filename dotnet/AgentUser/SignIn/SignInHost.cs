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

    /// <summary>The last tokens of the client. A host with <see cref="Token"/> is one client's.</summary>
    internal GivenTokens Given { get; } = new();

    /// <summary>Calls back for a demand.</summary>
    /// <returns>The answer; null for a demand that wants none.</returns>
    /// <exception cref="InvalidOperationException">There is no callback for it, or it returned null.</exception>
    internal async Task<DemandAnswer?> MeetAsync(Demand demand, CancellationToken cancellationToken)
    {
        switch (demand.Kind)
        {
            case "token" when Token is { } provide:
                GraphToken token = await ResultOf(provide(Given.RequestOf(demand), cancellationToken), "token provider").ConfigureAwait(false);
                return DemandAnswer.Of(token.Token, token.ExpiresInSeconds(DateTimeOffset.UtcNow));
            case "assertion" when Assertion is { } assert:
                return DemandAnswer.Of(await ResultOf(assert(AssertionRequest.From(demand), cancellationToken), "assertion callback").ConfigureAwait(false));
            case "signature" when Signature is { } sign:
                byte[] signature = await ResultOf(sign(SignatureRequest.From(demand), cancellationToken), "signature callback").ConfigureAwait(false);
                // The answer is cleared after use, and the array is the host's.
                return new DemandAnswer((byte[])signature.Clone());
            case "userToken" when UserToken is { } provide:
                return DemandAnswer.Of(await ResultOf(provide(UserTokenRequest.From(demand), cancellationToken), "callback for the person's token").ConfigureAwait(false));
            case "authorize" when Open is { } open:
                await NotNull(open(new Uri(demand.Text("url") ?? ""), cancellationToken), "opener of the browser").ConfigureAwait(false);
                return null;
            case "deviceCode" when Show is { } show:
                await NotNull(show(DeviceCode.From(demand), cancellationToken), "callback for the device code").ConfigureAwait(false);
                return null;
            default:
                throw new InvalidOperationException($"The sign-in asks for something that this version does not know: {demand.Kind}.");
        }
    }

    private static async Task<T> ResultOf<T>(Task<T>? task, string source)
        where T : class => NotNull(await NotNull(task, source).ConfigureAwait(false), source);

    private static T NotNull<T>(T? value, string source)
        where T : class => value ?? throw new InvalidOperationException($"The {source} returned null.");
}
