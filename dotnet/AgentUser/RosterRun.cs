#if NET8_0_OR_GREATER
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>
/// A roster that is applied while its reports are read. It begins when the first report is asked for. Rows do not wait for a slow
/// reader; leaving the loop cancels the rest in good order.
/// </summary>
public sealed class RosterRun : IAsyncEnumerable<ProvisionReport>
{
    private readonly Func<Action<ProvisionReport>, CancellationToken, Task<RosterSummary>> _apply;
    private readonly CancellationToken _cancellationToken;

    internal RosterRun(Func<Action<ProvisionReport>, CancellationToken, Task<RosterSummary>> apply, CancellationToken cancellationToken)
    {
        _apply = apply;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The number of rows by outcome; null before the end.</summary>
    public RosterSummary? Summary { get; private set; }

    /// <summary>Applies the roster and yields the report of each row as it ends.</summary>
    /// <param name="cancellationToken">Cancels the roster: rows that have begun come to a known state, and every row is reported.</param>
    /// <returns>The reports.</returns>
    /// <exception cref="AgentUserException">The roster is invalid; the problem lists every error with its row.</exception>
    /// <exception cref="AgentUserCanceledException">The roster was cancelled; it is thrown after the last report.</exception>
    public async IAsyncEnumerator<ProvisionReport> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken, cancellationToken);
        var reports = Channel.CreateUnbounded<ProvisionReport>(new UnboundedChannelOptions { SingleReader = true });
        Task<RosterSummary> end = RunAsync(reports.Writer, stop.Token);
        bool isRead = false;
        try
        {
            // Not cancelled itself: the reports of a cancelled roster come to their end, too.
            await foreach (ProvisionReport report in reports.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return report;
            isRead = true;
        }
        finally
        {
            if (!isRead)
                await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        try
        {
            Summary = await end.ConfigureAwait(false);
        }
        catch (AgentUserCanceledException error)
        {
            Summary = error.Summary;
            CancellationToken caller = cancellationToken.IsCancellationRequested ? cancellationToken : _cancellationToken;
            throw new AgentUserCanceledException(error.Message, caller, error.Report, error.Summary);
        }
    }

    private async Task<RosterSummary> RunAsync(ChannelWriter<ProvisionReport> reports, CancellationToken cancellationToken)
    {
        try
        {
            return await _apply(report => reports.TryWrite(report), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            reports.Complete();
        }
    }
}
#endif
