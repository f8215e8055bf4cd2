using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <content>Many operations at once.</content>
public partial class AgentUserClient
{
    /// <summary>
    /// Runs operations side by side, up to 20 in one request. Those on the same object run one after the other, in their order. A failed
    /// one is a report with a problem, and the others go on.
    /// </summary>
    /// <param name="operations">The operations.</param>
    /// <param name="atOnce">How many objects are worked on at the same time; null for all. The requests in flight are bounded in any case.</param>
    /// <param name="onReport">
    /// Receives the report of each change, and of each read that failed, as it ends, one at a time; its row is the place among the
    /// operations, from 1. If it throws, the call is cancelled.
    /// </param>
    /// <param name="onAgentUser">Receives each agent user that was read, one at a time.</param>
    /// <param name="progress">Receives stages, waits and finished operations.</param>
    /// <param name="cancellationToken">Cancels the call: changes that have begun come to a known state, and each is reported.</param>
    /// <returns>The number of reports by outcome.</returns>
    /// <exception cref="AgentUserException">The sign-in was refused, or an operation can't be read.</exception>
    /// <exception cref="AgentUserCanceledException">It was cancelled.</exception>
    public virtual async Task<RosterSummary> RunManyAsync(
        IEnumerable<AgentUserOperation> operations,
        int? atOnce = null,
        Action<ProvisionReport>? onReport = null,
        Action<AgentUser>? onAgentUser = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (operations is null)
            throw new ArgumentNullException(nameof(operations));
        cancellationToken.ThrowIfCancellationRequested();
        JsonValue request = Operations.Many(operations.Select(one => one.Json), atOnce);
        using AsyncCall call = AsyncCall.Start(this, request, input: null, progress, onReport);
        using (cancellationToken.Register(static state => ((AsyncCall)state!).Cancel(), call))
        {
            while (await call.NextPageAsync().ConfigureAwait(false) is { } page)
            {
                foreach (AgentUser user in page.AgentUsers)
                    onAgentUser?.Invoke(user);
            }
            var summary = RosterSummary.From(ResultOf(await call.End.ConfigureAwait(false), call, cancellationToken).Result);
            return summary.Cancelled == 0
                ? summary
                : throw new AgentUserCanceledException($"The operations were cancelled. {summary}.", cancellationToken, summary: summary);
        }
    }
}
