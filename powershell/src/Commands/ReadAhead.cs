using System;

namespace AgentUsers.PowerShell;

/// <summary>A call that is on its way while others are waited for.</summary>
internal sealed class ReadAhead : IDisposable
{
    /// <summary>How many are on their way at once, beside the bound on requests in flight.</summary>
    internal const int AtOnce = 20;

    private readonly AgentUserException? _refused;
    private ICall? _call;

    internal ReadAhead(Func<ICall> start)
    {
        try
        {
            _call = start();
        }
        catch (AgentUserException error)
        {
            _refused = error;
        }
    }

    /// <summary>Hands the call over to the one who waits for it and frees it.</summary>
    /// <exception cref="AgentUserException">It is invalid; nothing was sent.</exception>
    internal ICall Take()
    {
        ICall call = _call ?? throw _refused!;
        _call = null;
        return call;
    }

    /// <summary>Frees a call that nobody waits for any more.</summary>
    public void Dispose() => _call?.Dispose();
}
