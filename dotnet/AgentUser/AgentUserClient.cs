using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>
/// Agent users on Microsoft Graph: validated, created exactly once, found, changed, licensed, retired; one at a time or by roster.
/// </summary>
/// <remarks>
/// One client serves any number of calls at a time, from any thread; its calls share connections, token and rate limits. No
/// thread is blocked while a call runs. Progress, reports and the token provider are called on the thread pool. A cancelled
/// call ends in good order: what was begun is finished and reported. Disposing of the client ends all its calls at once.
/// </remarks>
public sealed partial class AgentUserClient : IDisposable
{
    private readonly ConcurrentDictionary<AsyncCall, bool> _calls = new();
    private volatile bool _disposed;

    /// <summary>A client. It sends nothing before the first call.</summary>
    /// <param name="options">Where Graph is, and how to sign in.</param>
    /// <exception cref="AgentUserException">The options are no good.</exception>
    /// <exception cref="AgentUserLibraryException">The native library can't be loaded.</exception>
    public AgentUserClient(AgentUserClientOptions options)
    {
        if (options is null)
            throw new ArgumentNullException(nameof(options));
        if (options.ClientSecret is not null && options.TokenProvider is not null)
            throw new ArgumentException("Give a client secret or a token provider, not both.", nameof(options));
        byte[]? secret = options.ClientSecret is null ? null : Encoding.UTF8.GetBytes(options.ClientSecret.Secret);
        try
        {
            Native = new NativeClient(options.ToConfig().ToString(), secret);
        }
        finally
        {
            if (secret is not null)
                Array.Clear(secret, 0, secret.Length);
        }
        Tokens = new TokenBroker(this, options.TokenProvider);
    }

    internal NativeClient Native { get; }

    internal TokenBroker Tokens { get; }

    /// <summary>Looks whether an agent identity can be the parent of an agent user.</summary>
    /// <param name="identityParentId">Its object id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The agent identity.</returns>
    /// <exception cref="AgentUserException">It can't, and the problem says why.</exception>
    public async Task<AgentIdentity> VerifyParentAsync(Guid identityParentId, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.VerifyParent(identityParentId), cancellationToken).ConfigureAwait(false));

    /// <summary>The domains that the tenant has verified.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The domains; null when the caller may not read them.</returns>
    public async Task<IReadOnlyList<string>?> GetVerifiedDomainsAsync(CancellationToken cancellationToken = default)
    {
        JsonValue known = await AskAsync(Operations.Known(), cancellationToken).ConfigureAwait(false);
        return known["verifiedDomains"] is { } domains ? [.. domains.Items.Select(domain => domain.AsString()).OfType<string>()] : null;
    }

    /// <summary>An agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The agent user.</returns>
    /// <exception cref="AgentUserException">There is none of that name, or it is a human.</exception>
    public async Task<AgentUser> GetAsync(string user, CancellationToken cancellationToken = default) =>
        (await RunAsync(Operations.Get(user), cancellationToken).ConfigureAwait(false)).AgentUsers.Single();

    /// <summary>The agent user of a parent.</summary>
    /// <param name="identityParentId">The parent's object id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The agent user; null when it has none.</returns>
    public async Task<AgentUser?> FindByParentAsync(Guid identityParentId, CancellationToken cancellationToken = default) =>
        (await RunAsync(Operations.FindByParent(identityParentId), cancellationToken).ConfigureAwait(false)).AgentUsers.SingleOrDefault();

    /// <summary>Lists agent users, page by page.</summary>
    /// <param name="query">Which; all when null.</param>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>The pages. Dispose of them.</returns>
    public AgentUserPages List(AgentUserListQuery? query = null, CancellationToken cancellationToken = default) =>
        Pages(Operations.List(query), cancellationToken);

    /// <summary>Lists deleted agent users that can be restored, page by page.</summary>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>The pages. Dispose of them.</returns>
    public AgentUserPages ListDeleted(CancellationToken cancellationToken = default) =>
        Pages(Operations.ListDeleted(), cancellationToken);

    /// <summary>Creates an agent user, exactly once even when an answer is lost.</summary>
    /// <param name="row">What it shall be.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The agent user as Graph shows it.</returns>
    /// <exception cref="AgentUserException">It failed; the report says how far it came.</exception>
    public async Task<AgentUser> CreateAsync(
        AgentUserRow row,
        ProvisionOptions? options = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (options?.DryRun == true)
            throw new ArgumentException($"A create has no dry run; {nameof(ProvisionAsync)} has.", nameof(options));
        WaitResult done = await RunAsync(Operations.Create(row, options), cancellationToken, progress: progress).ConfigureAwait(false);
        Require(ProvisionReport.From(done.Result["report"] ?? JsonValue.Null), cancellationToken);
        return done.AgentUsers.Single();
    }

    /// <summary>Makes an agent user what the row says: created when it is not there, changed where it differs.</summary>
    /// <param name="row">What it shall be.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="AgentUserException">It failed; the report says how far it came.</exception>
    public Task<ProvisionReport> ProvisionAsync(
        AgentUserRow row,
        ProvisionOptions? options = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Provision(row, options), cancellationToken, progress);

    /// <summary>Applies a roster. Run it again at any time: it does what is left to do.</summary>
    /// <param name="roster">The file: CSV or JSON.</param>
    /// <param name="options">How.</param>
    /// <param name="onReport">Hears of each row as it finishes, one at a time.</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Cancels it: rows that have begun come to a known state, and every row is reported.</param>
    /// <returns>How many rows ended how. Rows that failed are no exception.</returns>
    /// <exception cref="AgentUserException">The roster can't be used; the problem lists every error with its row.</exception>
    /// <exception cref="AgentUserCanceledException">It was cancelled.</exception>
    public async Task<RosterSummary> ApplyRosterAsync(
        byte[] roster,
        RosterOptions? options = null,
        Action<ProvisionReport>? onReport = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        WaitResult done = await RosterAsync(roster, options, dryRun: false, onReport, progress, cancellationToken).ConfigureAwait(false);
        return RosterSummary.From(done.Result);
    }

    /// <summary>Finds out what applying a roster would change, and changes nothing.</summary>
    /// <param name="roster">The file: CSV or JSON.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>A report for each row, in the order of the roster.</returns>
    /// <exception cref="AgentUserException">The roster can't be used; the problem lists every error with its row.</exception>
    public async Task<IReadOnlyList<ProvisionReport>> PlanRosterAsync(
        byte[] roster,
        RosterOptions? options = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var plan = new List<ProvisionReport>();
        await RosterAsync(roster, options, dryRun: true, plan.Add, progress, cancellationToken).ConfigureAwait(false);
        return [.. plan.OrderBy(report => report.Row)];
    }

    /// <summary>Changes members of an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="changes">What to change.</param>
    /// <param name="dryRun">Whether to find out what would change, and change nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was done.</returns>
    public Task<ProvisionReport> UpdateAsync(
        string user, AgentUserChanges changes, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Update(user, changes, dryRun), cancellationToken);

    /// <summary>Moves an agent user to the recycle bin.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="dryRun">Whether to find out what would change, and change nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was done.</returns>
    public Task<ProvisionReport> DeleteAsync(string user, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Delete(user, dryRun), cancellationToken);

    /// <summary>Brings a deleted agent user back.</summary>
    /// <param name="id">Its object id.</param>
    /// <param name="dryRun">Whether to find out what would change, and change nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was done.</returns>
    public Task<ProvisionReport> RestoreAsync(Guid id, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Restore(id, dryRun), cancellationToken);

    /// <summary>Deletes a deleted agent user for ever.</summary>
    /// <param name="id">Its object id.</param>
    /// <param name="dryRun">Whether to find out what would change, and change nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was done.</returns>
    public Task<ProvisionReport> PurgeAsync(Guid id, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Purge(id, dryRun), cancellationToken);

    /// <summary>The manager of an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The manager; null when it has none.</returns>
    public async Task<DirectoryObject?> GetManagerAsync(string user, CancellationToken cancellationToken = default)
    {
        JsonValue manager = await AskAsync(Operations.Manager(user), cancellationToken).ConfigureAwait(false);
        return manager.Kind == JsonKind.Null ? null : new DirectoryObject(manager);
    }

    /// <summary>Sets the manager of an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="manager">A user's object id or user principal name.</param>
    /// <param name="dryRun">Whether to find out what would change, and change nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was done.</returns>
    public Task<ProvisionReport> SetManagerAsync(
        string user, string manager, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.SetManager(user, manager, dryRun), cancellationToken);

    /// <summary>Removes the manager of an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="dryRun">Whether to find out what would change, and change nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was done.</returns>
    public Task<ProvisionReport> ClearManagerAsync(string user, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.ClearManager(user, dryRun), cancellationToken);

    /// <summary>The sponsors of an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Users and groups.</returns>
    public async Task<IReadOnlyList<DirectoryObject>> GetSponsorsAsync(string user, CancellationToken cancellationToken = default)
    {
        JsonValue sponsors = await AskAsync(Operations.Sponsors(user), cancellationToken).ConfigureAwait(false);
        return [.. sponsors.Items.Select(sponsor => new DirectoryObject(sponsor))];
    }

    /// <summary>Adds a sponsor to an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="sponsor">A user's object id or user principal name, or <c>group:{id}</c>.</param>
    /// <param name="dryRun">Whether to find out what would change, and change nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was done.</returns>
    public Task<ProvisionReport> AddSponsorAsync(
        string user, string sponsor, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.AddSponsor(user, sponsor, dryRun), cancellationToken);

    /// <summary>Removes a sponsor from an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="sponsor">A user's object id or user principal name, or <c>group:{id}</c>.</param>
    /// <param name="dryRun">Whether to find out what would change, and change nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was done.</returns>
    public Task<ProvisionReport> RemoveSponsorAsync(
        string user, string sponsor, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.RemoveSponsor(user, sponsor, dryRun), cancellationToken);

    /// <summary>The SKUs the tenant has subscribed to.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The SKUs.</returns>
    public async Task<IReadOnlyList<SubscribedSku>> GetSkusAsync(CancellationToken cancellationToken = default)
    {
        JsonValue skus = await AskAsync(Operations.Skus(), cancellationToken).ConfigureAwait(false);
        return [.. skus.Items.Select(sku => new SubscribedSku(sku))];
    }

    /// <summary>Assigns licenses to an agent user and takes others away.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="add">SKU part numbers or ids to assign.</param>
    /// <param name="remove">SKU part numbers or ids to take away.</param>
    /// <param name="dryRun">Whether to find out what would change, and change nothing.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was done.</returns>
    public Task<ProvisionReport> ChangeLicensesAsync(
        string user,
        IEnumerable<string>? add = null,
        IEnumerable<string>? remove = null,
        bool dryRun = false,
        CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.ChangeLicenses(user, add, remove, dryRun), cancellationToken);

    /// <summary>Waits until an agent user's mailbox or Teams is there.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="readiness">What to wait for.</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How far it came.</returns>
    public Task<ProvisionReport> WaitReadyAsync(
        string user,
        Readiness readiness,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.WaitReady(user, readiness), cancellationToken, progress);

    /// <summary>Ends all calls that still run, at once, and frees the connections.</summary>
    public void Dispose()
    {
        _disposed = true;
        foreach (AsyncCall call in _calls.Keys)
            call.Abort(new ObjectDisposedException(nameof(AgentUserClient)));
        Native.Dispose();
    }

    /// <exception cref="ObjectDisposedException">The client is gone, and the call with it.</exception>
    internal void Add(AsyncCall call)
    {
        _calls[call] = true;
        // Checked afterwards, so that either this or the client's end sees the other.
        if (_disposed)
            throw new ObjectDisposedException(nameof(AgentUserClient));
    }

    /// <summary>How many calls are under way.</summary>
    internal int Running => _calls.Count;

    internal void Remove(AsyncCall call) => _calls.TryRemove(call, out _);

    /// <summary>The end of a call as the host sees it.</summary>
    /// <exception cref="AgentUserException">It ended with a problem.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static WaitResult ResultOf(WaitResult end, AsyncCall call, CancellationToken cancellationToken)
    {
        if (end.Problem is not { } problem)
            return end;
        throw problem.IsCancellation
            ? new AgentUserCanceledException(problem.Message, cancellationToken)
            : new AgentUserException(problem, report: null, call.TokenError);
    }

    private AgentUserPages Pages(JsonValue operation, CancellationToken cancellationToken) =>
        new(() => AsyncCall.Start(this, operation, input: null, progress: null, onReport: null), cancellationToken);

    private async Task<WaitResult> RunAsync(
        JsonValue operation,
        CancellationToken cancellationToken,
        byte[]? input = null,
        IProgress<AgentUserProgress>? progress = null,
        Action<ProvisionReport>? onReport = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using AsyncCall call = AsyncCall.Start(this, operation, input, progress, onReport);
        using (cancellationToken.Register(static state => ((AsyncCall)state!).Cancel(), call))
            return ResultOf(await call.End.ConfigureAwait(false), call, cancellationToken);
    }

    private async Task<JsonValue> AskAsync(JsonValue operation, CancellationToken cancellationToken) =>
        (await RunAsync(operation, cancellationToken).ConfigureAwait(false)).Result;

    private async Task<ProvisionReport> ReportAsync(
        JsonValue operation, CancellationToken cancellationToken, IProgress<AgentUserProgress>? progress = null)
    {
        WaitResult done = await RunAsync(operation, cancellationToken, progress: progress).ConfigureAwait(false);
        return Require(ProvisionReport.From(done.Result), cancellationToken);
    }

    private async Task<WaitResult> RosterAsync(
        byte[] roster,
        RosterOptions? options,
        bool dryRun,
        Action<ProvisionReport>? onReport,
        IProgress<AgentUserProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (roster is null)
            throw new ArgumentNullException(nameof(roster));
        WaitResult done = await RunAsync(Operations.Roster(options, dryRun), cancellationToken, roster, progress, onReport).ConfigureAwait(false);
        var summary = RosterSummary.From(done.Result);
        return summary.Cancelled == 0
            ? done
            : throw new AgentUserCanceledException($"The roster was cancelled. {summary}.", cancellationToken, summary: summary);
    }

    /// <summary>The report of an operation on one agent user, when it succeeded.</summary>
    private static ProvisionReport Require(ProvisionReport report, CancellationToken cancellationToken)
    {
        if (report.Problem is not { } problem)
            return report;
        throw problem.IsCancellation
            ? new AgentUserCanceledException(problem.Message, cancellationToken, report)
            : new AgentUserException(problem, report);
    }
}
