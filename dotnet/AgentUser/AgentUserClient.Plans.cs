using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <content>The methods about plans, and about the end of a life.</content>
public partial class AgentUserClient
{
    /// <summary>
    /// Takes an agent user out of service: disabled, signed out, and deleted as far as is asked for. Licenses and groups stay with it,
    /// because the recycle bin keeps them, unless its seats are to be free or it is to leave its groups. Run it again at any time: it goes on where it stopped.
    /// </summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="options">How far, and whether data may be lost.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the changes, made or planned; what is lost is among the remarks.</returns>
    public virtual Task<ProvisionReport> RetireAsync(
        string user, RetireOptions? options = null, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        options ??= new RetireOptions();
        return ReportAsync(
            Operations.Retire(user, options.AcceptDataLoss, dryRun, options.FreeSeats, options.LeaveGroups, Names.Write(options.Until)),
            cancellationToken);
    }

    /// <summary>
    /// Brings back the agent users of reports, those of retiring and of plans: out of the recycle bin, able to sign in, with the groups
    /// and licenses that were taken. Run it again at any time: it goes on where it stopped.
    /// </summary>
    /// <param name="reports">The reports as JSON, an array or one after the other: <see cref="ProvisionReport.ToJson"/> of each.</param>
    /// <param name="autoReconcileProxyConflict">True lets Graph drop the mail addresses that other users have by now.</param>
    /// <param name="dryRun">True plans the changes and makes none.</param>
    /// <param name="onReport">Receives the report of each agent user as it ends, one at a time. If it throws, the call is cancelled.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call: agent users that have begun come to a known state, and each is reported.</param>
    /// <returns>The number of agent users by outcome.</returns>
    /// <exception cref="AgentUserException">The reports can't be read.</exception>
    /// <exception cref="AgentUserCanceledException">It was cancelled.</exception>
    public virtual async Task<RosterSummary> RestoreReportedAsync(
        string reports,
        bool autoReconcileProxyConflict = true,
        bool dryRun = false,
        Action<ProvisionReport>? onReport = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (reports is null)
            throw new ArgumentNullException(nameof(reports));
        JsonValue operation = Operations.RestoreReported(autoReconcileProxyConflict, dryRun);
        byte[] content = Encoding.UTF8.GetBytes(reports);
        WaitResult done = await RunAsync(operation, cancellationToken, content, progress, onReport).ConfigureAwait(false);
        var summary = RosterSummary.From(done.Result);
        return summary.Cancelled == 0
            ? summary
            : throw new AgentUserCanceledException($"Restoring was cancelled. {summary}.", cancellationToken, summary: summary);
    }

    /// <summary>Ends the sign-in sessions of an agent user. Access tokens that are out may live on to their end.</summary>
    /// <param name="user">Its object id or user principal name.</param>
    /// <param name="dryRun">True plans the change and makes none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The outcome and the change, made or planned.</returns>
    public virtual Task<ProvisionReport> RevokeSessionsAsync(string user, bool dryRun = false, CancellationToken cancellationToken = default) =>
        ReportAsync(Operations.RevokeSessions(user, dryRun), cancellationToken);

    /// <summary>Plans a verb for many agent users, and changes nothing. One that has a problem is reported with it, and is not in the plan.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="users">The agent users: object ids or user principal names.</param>
    /// <param name="options">The licenses, and how deleted agent users come back.</param>
    /// <param name="onReport">Receives the report of each agent user as it is planned for, one at a time. If it throws, the call is cancelled.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The plan. <see cref="AgentUserPlan.ToJson"/> is its file.</returns>
    public virtual async Task<AgentUserPlan> MakePlanAsync(
        PlanVerb verb,
        IEnumerable<string> users,
        PlanOptions? options = null,
        Action<ProvisionReport>? onReport = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new PlanOptions();
        JsonValue operation = Operations.Plan(
            Names.Write(verb),
            users,
            acceptDataLoss: options.Retirement?.AcceptDataLoss,
            add: options.AddLicenses,
            autoReconcileProxyConflict: options.AutoReconcileProxyConflict,
            freeSeats: options.Retirement?.FreeSeats,
            leaveGroups: options.Retirement?.LeaveGroups,
            remove: options.RemoveLicenses,
            until: options.Retirement is { } retirement ? Names.Write(retirement.Until) : null);
        WaitResult done = await RunAsync(operation, cancellationToken, progress: progress, onReport: onReport).ConfigureAwait(false);
        return AgentUserPlan.From(done.Result);
    }

    /// <summary>Plans a roster, and changes nothing. A row that has a problem is reported with it, and is not in the plan.</summary>
    /// <param name="roster">CSV or JSON, from bytes, a stream, a file, text or rows.</param>
    /// <param name="options">The rows, and the domain of derived names. A plan waits for no services.</param>
    /// <param name="onReport">Receives the report of each row as it is planned, one at a time. If it throws, the call is cancelled.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The plan, which holds the roster. <see cref="AgentUserPlan.ToJson"/> is its file.</returns>
    /// <exception cref="AgentUserException">The roster is invalid; the problem lists every error with its row.</exception>
    public virtual async Task<AgentUserPlan> MakeRosterPlanAsync(
        AgentUserRoster roster,
        RosterOptions? options = null,
        Action<ProvisionReport>? onReport = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (roster is null)
            throw new ArgumentNullException(nameof(roster));
        options ??= new RosterOptions();
        JsonValue operation = Operations.PlanRoster(
            options.CheckDomains,
            options.Domain,
            maxBytes: options.MaxBytes,
            maxErrors: options.MaxErrors,
            maxRows: options.MaxRows,
            rows: options.Rows,
            shard: options.Shard);
        byte[] content = await roster.ReadAsync(options.MaxBytes, cancellationToken).ConfigureAwait(false);
        WaitResult done = await RunAsync(operation, cancellationToken, content, progress, onReport).ConfigureAwait(false);
        return AgentUserPlan.From(done.Result);
    }

    /// <summary>Makes the changes of a plan, and no other. Run it again at any time: it makes the changes that are left.</summary>
    /// <param name="plan">The content of the plan's file.</param>
    /// <param name="approved">The digest of the plan that was looked at.</param>
    /// <param name="options">How old the plan may be, and whether to change anything.</param>
    /// <param name="onReport">Receives the report of each agent user as it ends, one at a time. If it throws, the call is cancelled.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call: agent users that have begun come to a known state, and each is reported.</param>
    /// <returns>The number of agent users by outcome. What is no longer as planned is left alone and counted as failed.</returns>
    /// <exception cref="AgentUserException">The plan is not the approved one, of another tenant, too old, or can't be read.</exception>
    /// <exception cref="AgentUserCanceledException">It was cancelled.</exception>
    public virtual async Task<RosterSummary> ApplyPlanAsync(
        string plan,
        string approved,
        ApplyPlanOptions? options = null,
        Action<ProvisionReport>? onReport = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (plan is null)
            throw new ArgumentNullException(nameof(plan));
        options ??= new ApplyPlanOptions();
        JsonValue operation = Operations.ApplyPlan(
            approved,
            options.DryRun,
            maxAgeDays: options.MaxAgeDays,
            maxBytes: options.MaxBytes,
            maxChanges: options.MaxChanges,
            maxErrors: options.MaxErrors,
            only: options.Only);
        byte[] content = Encoding.UTF8.GetBytes(plan);
        WaitResult done = await RunAsync(operation, cancellationToken, content, progress, onReport).ConfigureAwait(false);
        var summary = RosterSummary.From(done.Result);
        return summary.Cancelled == 0
            ? summary
            : throw new AgentUserCanceledException($"Applying the plan was cancelled. {summary}.", cancellationToken, summary: summary);
    }
}
