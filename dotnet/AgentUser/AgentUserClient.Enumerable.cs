#if NET8_0_OR_GREATER
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

namespace AgentUsers;

public partial class AgentUserClient
{
    /// <summary>Lists agent users one by one. Pages are read as they are needed.</summary>
    /// <param name="query">The conditions; null lists all.</param>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>The agent users, in Graph's order.</returns>
    public virtual IAsyncEnumerable<AgentUser> ListAsync(AgentUserListQuery? query = null, CancellationToken cancellationToken = default) =>
        EachAsync(stop => List(query, stop), cancellationToken);

    /// <summary>Lists deleted agent users that can be restored, one by one.</summary>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>The agent users, in Graph's order.</returns>
    public virtual IAsyncEnumerable<AgentUser> ListDeletedAsync(CancellationToken cancellationToken = default) =>
        EachAsync(ListDeleted, cancellationToken);

    /// <summary>Lists agent identities one by one. Pages are read as they are needed.</summary>
    /// <param name="query">The conditions; null lists all.</param>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>The agent identities, in Graph's order.</returns>
    public virtual IAsyncEnumerable<AgentIdentity> ListIdentitiesAsync(
        AgentIdentityListQuery? query = null, CancellationToken cancellationToken = default) =>
        EachAsync(stop => ListIdentities(query, stop), cancellationToken);

    /// <summary>Applies a roster and yields the report of each row as it ends: <c>await foreach</c> over it.</summary>
    /// <param name="roster">CSV or JSON, from bytes, a stream, a file, text or rows.</param>
    /// <param name="options">The rows, the domain of derived names, and the wait for mailbox and Teams.</param>
    /// <param name="progress">Receives stages and waits.</param>
    /// <param name="cancellationToken">Cancels the roster: rows that have begun come to a known state, and every row is reported.</param>
    /// <returns>The reports, and the number of rows by outcome at the end.</returns>
    public virtual RosterRun ApplyRoster(
        AgentUserRoster roster,
        RosterOptions? options = null,
        IProgress<AgentUserProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (roster is null)
            throw new ArgumentNullException(nameof(roster));
        return new((onReport, stop) => ApplyRosterAsync(roster, options, onReport, progress, stop), cancellationToken);
    }

    private static async IAsyncEnumerable<T> EachAsync<T>(
        Func<CancellationToken, GraphPages<T>> list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using GraphPages<T> pages = list(cancellationToken);
        while (await pages.NextPageAsync().ConfigureAwait(false) is { } page)
        {
            foreach (T entry in page)
                yield return entry;
        }
    }
}
#endif
