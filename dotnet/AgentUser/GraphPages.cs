using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>A list, page by page. At most two pages are read ahead, which bounds memory.</summary>
/// <typeparam name="T">The type of an entry.</typeparam>
public abstract class GraphPages<T> : IDisposable
{
    private readonly Func<AsyncCall> _start;
    private readonly CancellationToken _cancellationToken;
    private CancellationTokenRegistration _registration;
    private AsyncCall? _call;
    private bool _disposed;

    private protected GraphPages(Func<AsyncCall> start, CancellationToken cancellationToken)
    {
        _start = start;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Ends a list that the caller dropped before its end.</summary>
    ~GraphPages() => Dispose(disposing: false);

    /// <summary>Reads the next page. The first call sends the first request.</summary>
    /// <returns>The entries of the page; null after the last one.</returns>
    /// <exception cref="AgentUserException">The list ended with a problem.</exception>
    /// <exception cref="OperationCanceledException">The list was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The former call has not completed.</exception>
    public async Task<IReadOnlyList<T>?> NextPageAsync()
    {
        if (_disposed)
            throw new ObjectDisposedException(GetType().Name);
        if (_call is null)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            _call = _start();
            _registration = _cancellationToken.Register(static call => ((AsyncCall)call!).Cancel(), _call);
        }
        WaitResult? page = await _call.NextPageAsync().ConfigureAwait(false);
        if (page is null)
            AgentUserClient.ResultOf(await _call.End.ConfigureAwait(false), _call, _cancellationToken);
        GC.KeepAlive(this);
        return page is null ? null : Entries(page);
    }

    /// <summary>Ends the list, whether or not it was read to its end.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the list.</summary>
    /// <param name="disposing">True from <see cref="Dispose()"/>, false from the finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        _registration.Dispose();
        if (!disposing)
        {
            _call?.Dispose();
            return;
        }
        _disposed = true;
        _call?.Abort(new ObjectDisposedException(GetType().Name));
    }

    private protected abstract IReadOnlyList<T> Entries(WaitResult page);
}

/// <summary>A list of agent users, page by page.</summary>
public sealed class AgentUserPages : GraphPages<AgentUser>
{
    internal AgentUserPages(Func<AsyncCall> start, CancellationToken cancellationToken)
        : base(start, cancellationToken)
    {
    }

    private protected override IReadOnlyList<AgentUser> Entries(WaitResult page) => page.AgentUsers;
}

/// <summary>A list of agent identities, page by page.</summary>
public sealed class AgentIdentityPages : GraphPages<AgentIdentity>
{
    internal AgentIdentityPages(Func<AsyncCall> start, CancellationToken cancellationToken)
        : base(start, cancellationToken)
    {
    }

    private protected override IReadOnlyList<AgentIdentity> Entries(WaitResult page) => page.AgentIdentities;
}
