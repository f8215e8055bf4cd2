using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>
/// Asks the host for tokens. Every call that lacks one says so; those that lack the same one at the same time share an answer.
/// </summary>
internal sealed class TokenBroker(AgentUserClient client, Func<TokenRequest, CancellationToken, Task<AccessToken>>? provider)
{
    private readonly object _lock = new();
    private readonly List<Demand> _demands = [];
    private long _answered;
    private int _answering;

    /// <summary>How many times the provider is at work.</summary>
    internal int Answering => Volatile.Read(ref _answering);

    /// <summary>How many calls wait for a token.</summary>
    internal int Waiting
    {
        get
        {
            lock (_lock)
            {
                int calls = 0;
                foreach (Demand demand in _demands)
                    calls += demand.Calls.Count;
                return calls;
            }
        }
    }

    /// <summary>A call lacks a token.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">What it needs.</param>
    internal void Ask(AsyncCall call, TokenRequest request)
    {
        if (provider is null)
        {
            call.TokenFailed("the client was given no token provider", error: null);
            return;
        }
        Demand demand;
        lock (_lock)
        {
            // The call said so just before another one's token came. Asked again, the provider's answer would be kept, and
            // be taken for a new one when Graph refuses this one.
            if (request.Demand <= _answered)
                return;
            if (_demands.Find(other => other.Request.Demand == request.Demand) is { } same)
            {
                same.Calls.Add(call);
                return;
            }
            demand = new Demand(request);
            demand.Calls.Add(call);
            _demands.Add(demand);
        }
        // The provider is the host's code: it may take its time before it returns a task, so it does not run on the pump.
        _ = Task.Run(() => AnswerAsync(demand, provider));
    }

    /// <summary>A call is over. When it was the last to wait for a token, nobody needs that any more.</summary>
    internal void Leave(AsyncCall call)
    {
        var unwanted = new List<Demand>();
        lock (_lock)
        {
            foreach (Demand demand in _demands)
            {
                if (demand.Calls.Remove(call) && demand.Calls.Count == 0)
                    unwanted.Add(demand);
            }
            _demands.RemoveAll(unwanted.Contains);
        }
        unwanted.ForEach(demand => demand.Unwanted.Cancel());
    }

    private async Task AnswerAsync(Demand demand, Func<TokenRequest, CancellationToken, Task<AccessToken>> provide)
    {
        Interlocked.Increment(ref _answering);
        try
        {
            AccessToken token = await provide(demand.Request, demand.Unwanted.Token).ConfigureAwait(false)
                ?? throw new InvalidOperationException("The token provider returned null.");
            byte[] bytes = Encoding.UTF8.GetBytes(token.Token);
            try
            {
                lock (_lock)
                {
                    // The calls may have left, and others have asked again and been answered.
                    if (demand.Request.Demand > _answered)
                        client.Native.SetToken(bytes, token.ExpiresInSeconds(DateTimeOffset.UtcNow));
                    _demands.Remove(demand);
                    _answered = Math.Max(_answered, demand.Request.Demand);
                }
            }
            finally
            {
                Array.Clear(bytes, 0, bytes.Length);
            }
        }
        catch (Exception error)
        {
            AsyncCall[] calls;
            lock (_lock)
            {
                _demands.Remove(demand);
                calls = [.. demand.Calls];
            }
            foreach (AsyncCall call in calls)
                call.TokenFailed(error.Message, error);
        }
        finally
        {
            Interlocked.Decrement(ref _answering);
        }
    }

    private sealed class Demand(TokenRequest request)
    {
        internal TokenRequest Request { get; } = request;

        internal HashSet<AsyncCall> Calls { get; } = [];

        internal CancellationTokenSource Unwanted { get; } = new();
    }
}
