using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <content>The methods about leavers and emergencies.</content>
public partial class AgentUserClient
{
    /// <summary>
    /// Plans to hand over what leavers are the manager or a sponsor of, and changes nothing. A leaver who has a problem is reported with
    /// it, and is not in the plan.
    /// </summary>
    /// <param name="leavers">The leavers, and those who follow.</param>
    /// <param name="handedOver">The relationships that are handed over.</param>
    /// <param name="onReport">Receives the report of each agent user and agent identity that has something to change, and of each leaver, one at a time. If it throws, the call is cancelled.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The plan. <see cref="AgentUserPlan.ToJson"/> is its file.</returns>
    public virtual async Task<AgentUserPlan> MakeHandoverPlanAsync(
        IEnumerable<Leaver> leavers,
        HandedOver handedOver = HandedOver.Both,
        Action<ProvisionReport>? onReport = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (leavers is null)
            throw new ArgumentNullException(nameof(leavers));
        JsonValue operation = Operations.PlanHandover(leavers.Select(leaver => leaver.ToString()), Names.Write(handedOver));
        WaitResult done = await RunAsync(operation, cancellationToken, progress: progress, onReport: onReport).ConfigureAwait(false);
        return AgentUserPlan.From(done.Result);
    }

    /// <summary>Plans to stop a blueprint, an agent identity or an agent user with everything below it, and changes nothing.</summary>
    /// <param name="target">The object to stop, with everything below it.</param>
    /// <param name="except">The accounts that are never stopped: agent users, and agent identities by their object ids.</param>
    /// <param name="onReport">Receives the report of each object, one at a time. If it throws, the call is cancelled.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The plan. <see cref="AgentUserPlan.ToJson"/> is its file.</returns>
    public virtual async Task<AgentUserPlan> MakeContainPlanAsync(
        ContainTarget target,
        IEnumerable<string>? except = null,
        Action<ProvisionReport>? onReport = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (target is null)
            throw new ArgumentNullException(nameof(target));
        JsonValue operation = Operations.PlanContain(
            agentIdentityId: target.Identity, blueprint: target.Blueprint, except: except, user: target.User);
        WaitResult done = await RunAsync(operation, cancellationToken, progress: progress, onReport: onReport).ConfigureAwait(false);
        return AgentUserPlan.From(done.Result);
    }

    /// <summary>
    /// Stops a blueprint, an agent identity or an agent user at once, with everything below it: the principal first, then agent
    /// identities, then agent users, whose sessions are ended. Keep the reports: <see cref="RestoreReportedAsync"/> brings back what they
    /// say. Run it again at any time: it goes on where it stopped.
    /// </summary>
    /// <param name="target">The object to stop, with everything below it.</param>
    /// <param name="except">The accounts that are never stopped: agent users, and agent identities by their object ids.</param>
    /// <param name="dryRun">True says what would be stopped, and stops nothing.</param>
    /// <param name="onReport">Receives the report of each object as it ends, one at a time. If it throws, the call is cancelled.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the call: what has begun comes to a known state, and each object is reported.</param>
    /// <returns>The number of objects by outcome; what tokens that are out may do is among the remarks.</returns>
    /// <exception cref="AgentUserException">It is not found, or is among the accounts that are never stopped.</exception>
    /// <exception cref="AgentUserCanceledException">It was cancelled.</exception>
    public virtual async Task<RosterSummary> ContainAsync(
        ContainTarget target,
        IEnumerable<string>? except = null,
        bool dryRun = false,
        Action<ProvisionReport>? onReport = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (target is null)
            throw new ArgumentNullException(nameof(target));
        JsonValue operation = Operations.Contain(
            agentIdentityId: target.Identity, blueprint: target.Blueprint, dryRun: dryRun, except: except, user: target.User);
        WaitResult done = await RunAsync(operation, cancellationToken, progress: progress, onReport: onReport).ConfigureAwait(false);
        var summary = RosterSummary.From(done.Result);
        return summary.Cancelled == 0
            ? summary
            : throw new AgentUserCanceledException($"Containing was cancelled. {summary}.", cancellationToken, summary: summary);
    }
}
