using System;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>A client's endpoint, sign-in, limits and time-outs.</summary>
public sealed class AgentUserClientOptions
{
    /// <summary>The cloud; by default the global one.</summary>
    public Cloud Cloud { get; init; } = Cloud.Global;

    /// <summary>A Graph endpoint in place of a cloud's, such as a simulator's: an origin over https, or over http on this machine.</summary>
    public Uri? GraphEndpoint { get; init; }

    /// <summary>
    /// Returns an access token. It is called on the thread pool when a call needs a token, and again when Graph rejects the token or
    /// it has expired; calls that need one at the same time share one answer. Its exception ends only the calls that wait for the
    /// token. Its cancellation token is cancelled when no call waits for the token any more.
    /// </summary>
    public Func<TokenRequest, CancellationToken, Task<GraphToken>>? TokenProvider { get; init; }

    /// <summary>The sign-in by the library itself, of an application, an agent or a person, in place of a <see cref="TokenProvider"/>.</summary>
    public SignIn? SignIn { get; init; }

    /// <summary>The most requests in flight at a time; by default 32.</summary>
    public int? InFlight { get; init; }

    /// <summary>
    /// The most requests of a roster in one <c>$batch</c>; by default 20, the most that Graph takes. 1 sends each request alone.
    /// </summary>
    public int? Batch { get; init; }

    /// <summary>The most bytes that a token or a secret may have; by default 65,536.</summary>
    public int? MaxTokenBytes { get; init; }

    /// <summary>
    /// Certificate authorities, as PEM, to trust beside the system's: those of a proxy that opens TLS, or of a server of one's own.
    /// </summary>
    public string? RootCertificates { get; init; }

    /// <summary>The most entries of one list; by default 5,000,000. A list that brings more ends with a problem.</summary>
    public int? MaxEntries { get; init; }

    /// <summary>How many pages of a list in a row may bring nothing new; by default 1,000.</summary>
    public int? MaxEmptyPages { get; init; }

    /// <summary>The most bytes that an answer may have after decompression; by default 16 MiB.</summary>
    public int? MaxAnswerBytes { get; init; }

    /// <summary>The size of the tenant, which sets its quota of reads. By default it is learned from Graph's answers.</summary>
    public TenantSize? TenantSize { get; init; }

    /// <summary>The longest time-out of one request; by default 60 seconds.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>How long a read may take before it is asked again; by default 15 seconds. Each further try may take twice as long.</summary>
    public TimeSpan? ReadTimeout { get; init; }

    /// <summary>How long no request at all may be answered before a call gives up; by default 2 minutes.</summary>
    public TimeSpan? OutageTimeout { get; init; }

    /// <summary>How long each call may take, by default as long as it takes. Then it ends in good order, with <c>DeadlineExceeded</c>.</summary>
    public TimeSpan? OperationTimeout { get; init; }

    /// <summary>How long a create waits for a parent that is not there, because a new one needs time to replicate; by default 15 seconds. Reading and planning never wait.</summary>
    public TimeSpan? ParentTimeout { get; init; }

    /// <summary>How long a change may take to replicate; by default 3 minutes. A create whose answer was lost is repeated only after that.</summary>
    public TimeSpan? ReplicationTimeout { get; init; }

    /// <summary>How long provisioning one agent user may take, without the wait for mailbox and Teams; by default 30 minutes.</summary>
    public TimeSpan? ProvisionTimeout { get; init; }

    /// <summary>How long the mailbox and Teams may take; by default 25 hours.</summary>
    public TimeSpan? ReadinessTimeout { get; init; }

    /// <summary>How long changes that have begun may be finished after a deadline or a cancellation; by default 30 seconds.</summary>
    public TimeSpan? CleanupTimeout { get; init; }

    /// <summary>The longest wait that a server may ask for; by default 1 hour. A request that is asked for more fails at once.</summary>
    public TimeSpan? LongestRetryAfter { get; init; }

    /// <summary>
    /// Receives a record of each request, in order, on the thread pool. Nothing goes on before it returns. Where there is a listener
    /// to the <c>ActivitySource</c> named <c>AgentUser</c> (.NET 8 and later), each request is also an activity.
    /// </summary>
    public Action<AgentUserRequestRecord>? OnRequest { get; init; }

    /// <summary>Receives a record of each change that was made, in order, on the thread pool. Nothing goes on before it returns.</summary>
    public Action<AgentUserChangeRecord>? OnChange { get; init; }

    /// <summary>Why the changes are made, for their records.</summary>
    public string? ChangeReason { get; init; }

    /// <summary>Meets what the sign-in asks for.</summary>
    internal SignInHost Host => SignIn?.Host ?? new SignInHost { Token = TokenProvider };

    /// <summary>The configuration of the native client, without any secret.</summary>
    internal JsonValue ToConfig()
    {
        JsonValue settings = JsonValue.ObjectOf(
            ("requestTimeoutMs", Milliseconds(RequestTimeout)),
            ("readTimeoutMs", Milliseconds(ReadTimeout)),
            ("outageTimeoutMs", Milliseconds(OutageTimeout)),
            ("operationTimeoutMs", Milliseconds(OperationTimeout)),
            ("parentTimeoutMs", Milliseconds(ParentTimeout)),
            ("replicationTimeoutMs", Milliseconds(ReplicationTimeout)),
            ("provisionTimeoutMs", Milliseconds(ProvisionTimeout)),
            ("readinessTimeoutMs", Milliseconds(ReadinessTimeout)),
            ("cleanupTimeoutMs", Milliseconds(CleanupTimeout)),
            ("longestRetryAfterMs", Milliseconds(LongestRetryAfter)),
            ("maxEntries", MaxEntries is { } entries ? entries : null),
            ("maxEmptyPages", MaxEmptyPages is { } pages ? pages : null));
        return JsonValue.ObjectOf(
            ("cloud", GraphEndpoint is null ? CloudName(Cloud) : null),
            ("graphEndpoint", OperationJson.Optional(GraphEndpoint?.OriginalString)),
            ("inFlight", InFlight is { } bound ? bound : null),
            ("batch", Batch is { } most ? most : null),
            ("maxTokenBytes", MaxTokenBytes is { } bytes ? bytes : null),
            ("maxAnswerBytes", MaxAnswerBytes is { } answer ? answer : null),
            ("rootCertificates", OperationJson.Optional(RootCertificates)),
            ("quotas", TenantSize is { } size ? JsonValue.ObjectOf(("tenantSize", SizeName(size))) : null),
            ("settings", settings.Members.Count == 0 ? null : settings),
            ("signIn", SignIn?.ToConfig()));
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
