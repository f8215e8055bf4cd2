using System;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>How a client reaches Graph and signs in.</summary>
public sealed class AgentUserClientOptions
{
    /// <summary>The cloud; the global one unless told otherwise.</summary>
    public Cloud Cloud { get; init; } = Cloud.Global;

    /// <summary>An origin of one's own in place of a cloud's, such as a simulator's. Plain http is taken only on this machine.</summary>
    public Uri? GraphEndpoint { get; init; }

    /// <summary>
    /// Gets a token, from whatever signs in. It is called on the thread pool when a call needs a token, and again when
    /// Graph refuses it or it has expired; calls that need one at the same time share one answer. Its exception ends the
    /// calls that wait for it, and no other. Its cancellation token is cancelled when no call waits for it any more.
    /// </summary>
    public Func<TokenRequest, CancellationToken, Task<AccessToken>>? TokenProvider { get; init; }

    /// <summary>Signs in an application by its client secret, in place of a <see cref="TokenProvider"/>.</summary>
    public ClientSecretOptions? ClientSecret { get; init; }

    /// <summary>How many requests may be on their way at a time.</summary>
    public int? InFlight { get; init; }

    /// <summary>
    /// How many requests of a roster may go as one by <c>$batch</c>; unless set 20, the most that Graph takes. 1 sends each on its own.
    /// </summary>
    public int? Batch { get; init; }

    /// <summary>The size of the tenant, which decides on its quota of reads. Unless set, it is learned from Graph's answers.</summary>
    public TenantSize? TenantSize { get; init; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>How long a parent that is not found may still be on its way.</summary>
    public TimeSpan? ParentTimeout { get; init; }

    /// <summary>How long a change may take to become visible everywhere. A create whose answer was lost is repeated only after it.</summary>
    public TimeSpan? ReplicationTimeout { get; init; }

    /// <summary>How long one provisioning may take, without the wait for mailbox and Teams.</summary>
    public TimeSpan? ProvisionTimeout { get; init; }

    /// <summary>How long the mailbox and Teams may take.</summary>
    public TimeSpan? ReadinessTimeout { get; init; }

    /// <summary>How long what was begun may be finished after a deadline.</summary>
    public TimeSpan? CleanupTimeout { get; init; }

    /// <summary>The settings of the native client, without anything secret.</summary>
    internal JsonValue ToConfig()
    {
        JsonValue settings = JsonValue.ObjectOf(
            ("requestTimeoutMs", Milliseconds(RequestTimeout)),
            ("parentTimeoutMs", Milliseconds(ParentTimeout)),
            ("replicationTimeoutMs", Milliseconds(ReplicationTimeout)),
            ("provisionTimeoutMs", Milliseconds(ProvisionTimeout)),
            ("readinessTimeoutMs", Milliseconds(ReadinessTimeout)),
            ("cleanupTimeoutMs", Milliseconds(CleanupTimeout)));
        return JsonValue.ObjectOf(
            ("cloud", GraphEndpoint is null ? CloudName(Cloud) : null),
            ("graphEndpoint", Operations.Optional(GraphEndpoint?.OriginalString)),
            ("inFlight", InFlight is { } bound ? bound : null),
            ("batch", Batch is { } most ? most : null),
            ("quotas", TenantSize is { } size ? JsonValue.ObjectOf(("tenantSize", SizeName(size))) : null),
            ("settings", settings.Members.Count == 0 ? null : settings),
            ("clientSecret", ClientSecret?.ToConfig()));
    }

    private static string CloudName(Cloud cloud) => cloud switch
    {
        Cloud.Global => "global",
        Cloud.UsGovernment => "usgov",
        Cloud.UsGovernmentDod => "usgovdod",
        Cloud.China => "china",
        _ => throw new ArgumentOutOfRangeException(nameof(cloud), cloud, "There is no such cloud."),
    };

    private static string SizeName(TenantSize size) => size switch
    {
        AgentUsers.TenantSize.Small => "small",
        AgentUsers.TenantSize.Medium => "medium",
        AgentUsers.TenantSize.Large => "large",
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "There is no such size."),
    };

    private static JsonValue? Milliseconds(TimeSpan? time) => time is { } span ? (long)span.TotalMilliseconds : null;
}
