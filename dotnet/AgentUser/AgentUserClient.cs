using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>
/// Manages agent users on Microsoft Graph: creates them exactly once, finds, changes, licenses, deletes and restores them, singly or
/// by roster.
/// </summary>
/// <remarks>
/// One client serves any number of calls at a time, from any thread; its calls share connections, token and rate limits. No
/// thread is blocked while a call runs. Progress, reports, the token provider and the callbacks of a sign-in are called on the thread pool. Cancelling a call
/// finishes and reports the changes that have begun. Disposing of the client ends all its calls at once.
/// Every call throws <see cref="AgentUserException"/> if it fails, <see cref="OperationCanceledException"/> if it is cancelled, and
/// <see cref="ObjectDisposedException"/> if the client is disposed of before or meanwhile.
/// Its methods are virtual, so that a test can put a substitute in its place; <see cref="AgentUserModelFactory"/> makes results.
/// </remarks>
public partial class AgentUserClient : IDisposable
{
    private readonly ConcurrentDictionary<AsyncCall, bool> _calls = new();
    private readonly NativeClient? _native;
    private readonly DemandBroker? _demands;
    private volatile bool _disposed;

    /// <summary>Makes a client. It sends nothing before the first call.</summary>
    /// <param name="options">The cloud or Graph endpoint, the sign-in, the limits and time-outs.</param>
    /// <exception cref="AgentUserException">The options are invalid; the problem names the one at fault.</exception>
    /// <exception cref="ArgumentException">Neither a sign-in nor a token provider is given, or both are.</exception>
    /// <exception cref="AgentUserLibraryException">The native library can't be loaded.</exception>
    public AgentUserClient(AgentUserClientOptions options)
    {
        if (options is null)
            throw new ArgumentNullException(nameof(options));
        if (options.SignIn is not null && options.TokenProvider is not null)
        {
            throw new ArgumentException(
                $"Give a {nameof(AgentUserClientOptions.SignIn)} or a {nameof(AgentUserClientOptions.TokenProvider)}, not both.",
                nameof(options));
        }
        if (options.SignIn is null && options.TokenProvider is null)
        {
            throw new ArgumentException(
                $"There is nothing to sign in with. Set {nameof(AgentUserClientOptions.SignIn)} or {nameof(AgentUserClientOptions.TokenProvider)}.",
                nameof(options));
        }
        _native = new NativeClient(options);
        _demands = new DemandBroker(this, options.Host);
        Options = options;
    }

    /// <summary>Makes a client for a substitute in tests: each method that is not overridden fails.</summary>
    protected AgentUserClient()
    {
    }

    // A substitute has neither.
    internal NativeClient Native => _native ?? throw Substitute();

    internal DemandBroker Demands => _demands ?? throw Substitute();

    private static NotSupportedException Substitute() => new("This client is a substitute that does not override the method.");

    internal AgentUserClientOptions Options { get; } = new();

    /// <summary>Verifies that an agent identity can be the parent of an agent user.</summary>
    /// <param name="identityParentId">The agent identity's object id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The agent identity.</returns>
    /// <exception cref="AgentUserException">It can't be a parent; the problem says why.</exception>
    public virtual async Task<AgentIdentity> VerifyParentAsync(Guid identityParentId, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.VerifyParent(identityParentId.ToString()), cancellationToken).ConfigureAwait(false));

    /// <summary>Reads the domains that the tenant has verified.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The domains; null if the caller lacks the permission to read them.</returns>
    public virtual async Task<IReadOnlyList<string>?> GetVerifiedDomainsAsync(CancellationToken cancellationToken = default)
    {
        JsonValue known = await AskAsync(Operations.VerifiedDomains(), cancellationToken).ConfigureAwait(false);
        return known["verifiedDomains"] is { } domains ? [.. domains.Items.Select(domain => domain.AsString()).OfType<string>()] : null;
    }

    /// <summary>Reads an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The agent user.</returns>
    /// <exception cref="AgentUserException">There is no such user (<c>NotFound</c>), or it is not an agent user (<c>NotAnAgentUser</c>).</exception>
    public virtual async Task<AgentUser> GetAsync(string user, CancellationToken cancellationToken = default) =>
        (await RunAsync(Operations.Get(user), cancellationToken).ConfigureAwait(false)).AgentUsers.Single();

    /// <summary>Reads an agent user with members that are read only where they are named.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="select">The members, such as extension properties and <c>customSecurityAttributes</c>. They are in <see cref="AgentUser.AdditionalMembers"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The agent user.</returns>
    /// <exception cref="AgentUserException">There is no such user (<c>NotFound</c>), or it is not an agent user (<c>NotAnAgentUser</c>).</exception>
    public virtual async Task<AgentUser> GetAsync(string user, IEnumerable<string> select, CancellationToken cancellationToken = default) =>
        (await RunAsync(Operations.Get(user, select), cancellationToken).ConfigureAwait(false)).AgentUsers.Single();

    /// <summary>Finds the agent user of a parent.</summary>
    /// <param name="identityParentId">The parent's object id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The agent user; null if the parent has none.</returns>
    public virtual async Task<AgentUser?> FindByParentAsync(Guid identityParentId, CancellationToken cancellationToken = default) =>
        (await RunAsync(Operations.FindByParent(identityParentId.ToString()), cancellationToken).ConfigureAwait(false)).AgentUsers.SingleOrDefault();

    /// <summary>Lists agent users, page by page.</summary>
    /// <param name="query">The conditions; null lists all.</param>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>The pages. Dispose of them.</returns>
    public virtual AgentUserPages List(AgentUserListQuery? query = null, CancellationToken cancellationToken = default) =>
        Pages(Operations.List(query?.Filter(), query?.PageSize, query?.Select), cancellationToken);

    /// <summary>Lists deleted agent users that can be restored, page by page.</summary>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>The pages. Dispose of them.</returns>
    public virtual AgentUserPages ListDeleted(CancellationToken cancellationToken = default) =>
        Pages(Operations.ListDeleted(), cancellationToken);

    /// <summary>Creates an agent user, exactly once even if an answer is lost.</summary>
    /// <param name="row">The desired agent user.</param>
    /// <param name="options">The domain of derived names, and the wait for mailbox and Teams.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The agent user as Graph shows it.</returns>
    /// <exception cref="AgentUserException">It failed; its report tells the stage it reached and the changes made.</exception>
    public virtual async Task<AgentUser> CreateAsync(
        AgentUserRow row,
        ProvisionOptions? options = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (options?.DryRun == true)
            throw new ArgumentException($"A create has no dry run. Call {nameof(ProvisionAsync)} with it.", nameof(options));
        JsonValue operation = Operations.Create(row, options?.Domain, options?.Readiness ?? Readiness.None);
        WaitResult done = await RunAsync(operation, cancellationToken, progress: progress).ConfigureAwait(false);
        Require(ProvisionReport.From(done.Result["report"] ?? JsonValue.Null), cancellationToken);
        return done.AgentUsers.Single();
    }

    /// <summary>Brings an agent user into the declared state: creates it if it is missing, and changes members that differ.</summary>
    /// <param name="row">The desired agent user.</param>
    /// <param name="options">The domain of derived names, and the wait for mailbox and Teams.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    /// <exception cref="AgentUserException">It failed; its report tells the stage it reached and the changes made.</exception>
    public virtual Task<ProvisionReport> ProvisionAsync(
        AgentUserRow row,
        ProvisionOptions? options = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Provision(row, options?.Domain, options?.DryRun, options?.Readiness ?? Readiness.None), cancellationToken, progress);

    /// <summary>Applies a roster. Run it again at any time: it makes the changes that are left.</summary>
    /// <param name="roster">CSV or JSON, from bytes, a stream, a file, text or rows.</param>
    /// <param name="options">The rows, the domain of derived names, and the wait for mailbox and Teams.</param>
    /// <param name="onReport">Receives the report of each row as it finishes, one at a time. If it throws, the roster is cancelled.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the roster: rows that have begun come to a known state, and every row is reported.</param>
    /// <returns>The number of rows by outcome. Failed rows are counted and throw nothing.</returns>
    /// <exception cref="AgentUserException">The roster is invalid; the problem lists every error with its row.</exception>
    /// <exception cref="AgentUserCanceledException">The roster was cancelled.</exception>
    public virtual async Task<RosterSummary> ApplyRosterAsync(
        AgentUserRoster roster,
        RosterOptions? options = null,
        Action<ProvisionReport>? onReport = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        WaitResult done = await RosterAsync(roster, options, dryRun: false, onReport, progress, cancellationToken).ConfigureAwait(false);
        return RosterSummary.From(done.Result);
    }

    /// <summary>Plans a roster: finds the changes that applying it would make, and makes none.</summary>
    /// <param name="roster">CSV or JSON, from bytes, a stream, a file, text or rows.</param>
    /// <param name="options">The domain of derived names, and the wait for mailbox and Teams.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A report for each row, in the order of the roster.</returns>
    /// <exception cref="AgentUserException">The roster is invalid; the problem lists every error with its row.</exception>
    public virtual async Task<IReadOnlyList<ProvisionReport>> PlanRosterAsync(
        AgentUserRoster roster,
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
    /// <param name="changes">The members to change. A null clears a member.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> UpdateAsync(
        string user, AgentUserChanges changes, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Update(user, changes, dryRun), cancellationToken);

    /// <summary>Moves an agent user to the recycle bin, from which it can be restored for 30 days.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> DeleteAsync(string user, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Delete(user, dryRun), cancellationToken);

    /// <summary>Restores a deleted agent user.</summary>
    /// <param name="user">Its object id, or the user principal name that it had.</param>
    /// <param name="newUserPrincipalName">Its user principal name from now on, where another user has the one that it had.</param>
    /// <param name="autoReconcileProxyConflict">True lets Graph drop the mail addresses that another user has by now.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> RestoreAsync(
        string user,
        string? newUserPrincipalName = null,
        bool autoReconcileProxyConflict = false,
        bool dryRun = false,
        CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Restore(user, autoReconcileProxyConflict, dryRun, newUserPrincipalName), cancellationToken);

    /// <summary>Deletes a deleted agent user permanently.</summary>
    /// <param name="user">Its object id, or the user principal name that it had.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> PurgeAsync(string user, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.Purge(user, dryRun), cancellationToken);

    /// <summary>Reads the manager of an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The manager; null if there is none.</returns>
    public virtual async Task<DirectoryObject?> GetManagerAsync(string user, CancellationToken cancellationToken = default)
    {
        JsonValue manager = await AskAsync(Operations.Manager(user), cancellationToken).ConfigureAwait(false);
        return manager.Kind == JsonKind.Null ? null : new DirectoryObject(manager);
    }

    /// <summary>Sets the manager of an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="manager">A user's object id or user principal name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> SetManagerAsync(
        string user, string manager, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.SetManager(user, manager, dryRun), cancellationToken);

    /// <summary>Removes the manager of an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> ClearManagerAsync(string user, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.ClearManager(user, dryRun), cancellationToken);

    /// <summary>Reads the sponsors of an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Users and groups.</returns>
    public virtual async Task<IReadOnlyList<DirectoryObject>> GetSponsorsAsync(string user, CancellationToken cancellationToken = default) =>
        Objects(await AskAsync(Operations.Sponsors(user), cancellationToken).ConfigureAwait(false));

    /// <summary>Reads the agent users, agent identities and other objects that a person sponsors, directly and by groups, at most 10,000.</summary>
    /// <param name="person">An object id or a user principal name; null for the signed-in person.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The objects, by their types.</returns>
    /// <exception cref="AgentUserException">The client is signed in as an application, not as a person (<c>CallerNotAllowed</c>), or the tenant does not have the person (<c>NotFound</c>).</exception>
    public virtual async Task<Sponsored> GetSponsoredAsync(string? person = null, CancellationToken cancellationToken = default) =>
        new(await AskAsync(Operations.Sponsored(person), cancellationToken).ConfigureAwait(false));

    /// <summary>Adds a sponsor to an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="sponsor">A user's object id or user principal name, or <c>group:{id}</c>.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> AddSponsorAsync(
        string user, string sponsor, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.AddSponsor(user, sponsor, dryRun), cancellationToken);

    /// <summary>Removes a sponsor from an agent user.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="sponsor">A user's object id or user principal name, or <c>group:{id}</c>.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> RemoveSponsorAsync(
        string user, string sponsor, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.RemoveSponsor(user, sponsor, dryRun), cancellationToken);

    /// <summary>Finds users of any kind, at most 100.</summary>
    /// <param name="nameStartsWith">The beginning of the user principal name or of the display name; null finds the first of all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The users, each with its type, by which people and agent users are told apart.</returns>
    public virtual async Task<IReadOnlyList<DirectoryObject>> FindUsersAsync(string? nameStartsWith = null, CancellationToken cancellationToken = default)
    {
        JsonValue found = await AskAsync(Operations.FindUsers(nameStartsWith), cancellationToken).ConfigureAwait(false);
        return [.. found.Items.Select(one => new DirectoryObject(one))];
    }

    /// <summary>Finds groups, at most 100.</summary>
    /// <param name="displayNameStartsWith">The beginning of the display name; null finds the first of all.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The groups.</returns>
    public virtual async Task<IReadOnlyList<Group>> FindGroupsAsync(string? displayNameStartsWith = null, CancellationToken cancellationToken = default)
    {
        JsonValue found = await AskAsync(Operations.FindGroups(displayNameStartsWith), cancellationToken).ConfigureAwait(false);
        return [.. found.Items.Select(one => new Group(one))];
    }

    /// <summary>Reads the groups that an agent user is a direct member of.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The groups.</returns>
    public virtual async Task<IReadOnlyList<Group>> GetGroupsAsync(string user, CancellationToken cancellationToken = default)
    {
        JsonValue groups = await AskAsync(Operations.Groups(user), cancellationToken).ConfigureAwait(false);
        return [.. groups.Items.Select(group => new Group(group))];
    }

    /// <summary>Adds an agent user to a group.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="group">The group's object id or display name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> AddToGroupAsync(
        string user, string group, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.AddToGroup(user, group, dryRun), cancellationToken);

    /// <summary>Removes an agent user from a group.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="group">The group's object id or display name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> RemoveFromGroupAsync(
        string user, string group, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.RemoveFromGroup(user, group, dryRun), cancellationToken);

    /// <summary>Reads the SKUs that the tenant has subscribed to.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The SKUs.</returns>
    public virtual async Task<IReadOnlyList<SubscribedSku>> GetSkusAsync(CancellationToken cancellationToken = default)
    {
        JsonValue skus = await AskAsync(Operations.Skus(), cancellationToken).ConfigureAwait(false);
        return [.. skus.Items.Select(sku => new SubscribedSku(sku))];
    }

    /// <summary>Reads the licenses of an agent user: each assignment with its state, its group, and the plans that are off.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The assignments.</returns>
    public virtual async Task<IReadOnlyList<LicenseAssignment>> GetLicensesAsync(string user, CancellationToken cancellationToken = default)
    {
        JsonValue licenses = await AskAsync(Operations.Licenses(user), cancellationToken).ConfigureAwait(false);
        return [.. licenses.Items.Select(license => new LicenseAssignment(license))];
    }

    /// <summary>Assigns licenses to an agent user and removes others, in one request. Service plans that are off stay off.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="add">SKU part numbers or ids to assign, such as <c>AGENT_365</c>, or <c>AGENT_365 without TEAMS1</c>.</param>
    /// <param name="remove">SKU part numbers or ids to remove.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned.</returns>
    public virtual Task<ProvisionReport> ChangeLicensesAsync(
        string user,
        IEnumerable<string>? add = null,
        IEnumerable<string>? remove = null,
        bool dryRun = false,
        CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.ChangeLicenses(user, add, dryRun, remove), cancellationToken);

    /// <summary>Waits until an agent user's mailbox, Teams or OneDrive is provisioned, up to <see cref="AgentUserClientOptions.ReadinessTimeout"/>.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="readiness">The services to wait for.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The stage that was reached.</returns>
    public virtual Task<ProvisionReport> WaitReadyAsync(
        string user,
        Readiness readiness,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.WaitReady(user, readiness), cancellationToken, progress);

    /// <summary>Ends all running calls at once and frees the connections.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends all running calls at once and frees the connections.</summary>
    /// <param name="disposing">True when <see cref="Dispose()"/> calls it.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _disposed = true;
        foreach (AsyncCall call in _calls.Keys)
            call.Abort(new ObjectDisposedException(nameof(AgentUserClient)));
        _native?.Dispose();
    }

    /// <exception cref="ObjectDisposedException">The client was disposed of; the caller disposes of the call.</exception>
    internal void Add(AsyncCall call)
    {
        _calls[call] = true;
        // Checked after the call is added: either this check or the loop in Dispose sees the other.
        if (_disposed)
            throw new ObjectDisposedException(nameof(AgentUserClient));
    }

    /// <summary>The number of calls that run.</summary>
    internal int Running => _calls.Count;

    internal void Remove(AsyncCall call) => _calls.TryRemove(call, out _);

    /// <summary>Turns the end of a call into a result or an exception.</summary>
    /// <exception cref="AgentUserException">The call ended with a problem.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    internal static WaitResult ResultOf(WaitResult end, AsyncCall call, CancellationToken cancellationToken)
    {
        if (end.Problem is not { } problem)
            return end;
        throw problem.IsCancellation
            ? new AgentUserCanceledException(problem.Message, cancellationToken)
            // A callback that failed with a problem of its own ends the call with that problem.
            : new AgentUserException((call.DemandError as AgentUserException)?.Problem ?? problem, report: null, call.DemandError);
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
        return await EndAsync(call, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<WaitResult> EndAsync(AsyncCall call, CancellationToken cancellationToken)
    {
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
        AgentUserRoster roster,
        RosterOptions? options,
        bool dryRun,
        Action<ProvisionReport>? onReport,
        IProgress<AgentUserProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (roster is null)
            throw new ArgumentNullException(nameof(roster));
        options ??= new RosterOptions();
        JsonValue operation = Operations.ApplyRoster(
            options.CheckDomains,
            options.Domain,
            dryRun,
            maxBytes: options.MaxBytes,
            maxErrors: options.MaxErrors,
            maxRows: options.MaxRows,
            readiness: options.Readiness,
            rows: options.Rows,
            shard: options.Shard);
        byte[] content = await roster.ReadAsync(options.MaxBytes, cancellationToken).ConfigureAwait(false);
        WaitResult done = await RunAsync(operation, cancellationToken, content, progress, onReport).ConfigureAwait(false);
        var summary = RosterSummary.From(done.Result);
        return summary.Cancelled == 0
            ? done
            : throw new AgentUserCanceledException($"The roster was cancelled. {summary}.", cancellationToken, summary: summary);
    }

    /// <summary>Returns the report of an operation on one agent user, or throws its problem.</summary>
    private static ProvisionReport Require(ProvisionReport report, CancellationToken cancellationToken)
    {
        if (report.Problem is not { } problem)
            return report;
        throw problem.IsCancellation
            ? new AgentUserCanceledException(problem.Message, cancellationToken, report)
            : new AgentUserException(problem, report);
    }
}
