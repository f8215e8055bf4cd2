#if NET8_0_OR_GREATER
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

namespace AgentUsers;

public sealed partial class AgentUserClient
{
    /// <summary>Lists agent users one by one. Pages are read as they are needed.</summary>
    /// <param name="query">The conditions; null lists all.</param>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>The agent users, in Graph's order.</returns>
    public IAsyncEnumerable<AgentUser> ListAsync(AgentUserListQuery? query = null, CancellationToken cancellationToken = default) =>
        EachAsync(Operations.List(query?.Filter(), query?.PageSize, query?.Select), cancellationToken);

    /// <summary>Lists deleted agent users that can be restored, one by one.</summary>
    /// <param name="cancellationToken">Cancels the list.</param>
    /// <returns>The agent users, in Graph's order.</returns>
    public IAsyncEnumerable<AgentUser> ListDeletedAsync(CancellationToken cancellationToken = default) =>
        EachAsync(Operations.ListDeleted(), cancellationToken);

    private async IAsyncEnumerable<AgentUser> EachAsync(JsonValue operation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using AgentUserPages pages = Pages(operation, cancellationToken);
        while (await pages.NextPageAsync().ConfigureAwait(false) is { } page)
        {
            foreach (AgentUser user in page)
                yield return user;
        }
    }
}
#endif
