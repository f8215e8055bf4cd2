using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>A list of agent users, page by page. At most two pages are read ahead, which bounds memory.</summary>
public sealed class AgentUserPages : IDisposable
{
    private readonly Func<AsyncCall> _start;
    private readonly CancellationToken _cancellationToken;
    private CancellationTokenRegistration _registration;
    private AsyncCall? _call;
    private bool _disposed;

    internal AgentUserPages(Func<AsyncCall> start, CancellationToken cancellationToken)
    {
        _start = start;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Ends a list that the caller dropped before its end.</summary>
    ~AgentUserPages()
    {
        _registration.Dispose();
        _call?.Dispose();
    }

    /// <summary>Reads the next page. The first call sends the first request.</summary>
    /// <returns>The agent users of the page; null after the last one.</returns>
    /// <exception cref="AgentUserException">The list ended with a problem.</exception>
    /// <exception cref="OperationCanceledException">The list was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The former call has not completed.</exception>
    public async Task<IReadOnlyList<AgentUser>?> NextPageAsync()
    {
        if (_disposed)
            throw new ObjectDisposedException(nameof(AgentUserPages));
        if (_call is null)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            _call = _start();
            _registration = _cancellationToken.Register(static call => ((AsyncCall)call!).Cancel(), _call);
        }
        IReadOnlyList<AgentUser>? page = await _call.NextPageAsync().ConfigureAwait(false);
        if (page is null)
            AgentUserClient.ResultOf(await _call.End.ConfigureAwait(false), _call, _cancellationToken);
        GC.KeepAlive(this);
        return page;
    }

    /// <summary>Ends the list, whether or not it was read to its end.</summary>
    public void Dispose()
    {
        _disposed = true;
        _registration.Dispose();
        _call?.Abort(new ObjectDisposedException(nameof(AgentUserPages)));
        GC.SuppressFinalize(this);
    }
}
