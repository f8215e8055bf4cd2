using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>
/// Asks the token provider for tokens. Calls that demand the same token at the same time share one answer.
/// </summary>
internal sealed class TokenBroker(AgentUserClient client, Func<TokenRequest, CancellationToken, Task<GraphToken>>? provider)
{
    private readonly object _lock = new();
    private readonly List<TokenDemand> _demands = [];
    private long _answered;
    private int _answering;

    /// <summary>The number of answers the provider works on.</summary>
    internal int Answering => Volatile.Read(ref _answering);

    /// <summary>The number of calls that wait for a token.</summary>
    internal int Waiting
    {
        get
        {
            lock (_lock)
            {
                int calls = 0;
                foreach (TokenDemand demand in _demands)
                    calls += demand.Calls.Count;
                return calls;
            }
        }
    }

    /// <summary>Gets a token for a call.</summary>
    /// <param name="call">The call that waits.</param>
    /// <param name="request">The token it needs.</param>
    internal void Ask(AsyncCall call, TokenRequest request)
    {
        if (provider is null)
        {
            call.DemandFailed("The client has no token provider.", error: null);
            return;
        }
        TokenDemand demand;
        lock (_lock)
        {
            // The demand was answered before this call reported it.
            if (request.DemandId <= _answered)
                return;
            if (_demands.Find(other => other.Request.DemandId == request.DemandId) is { } same)
            {
                same.Calls.Add(call);
                return;
            }
            demand = new TokenDemand(request);
            demand.Calls.Add(call);
            _demands.Add(demand);
        }
        // The provider is the host's code and may block before it returns a task, so it does not run on the pump.
        _ = Task.Run(() => AnswerAsync(demand, provider));
    }

    /// <summary>Removes a call that has ended. A demand without calls is cancelled.</summary>
    internal void Leave(AsyncCall call)
    {
        var unwanted = new List<TokenDemand>();
        lock (_lock)
        {
            foreach (TokenDemand demand in _demands)
            {
                if (demand.Calls.Remove(call) && demand.Calls.Count == 0)
                    unwanted.Add(demand);
            }
            _demands.RemoveAll(unwanted.Contains);
        }
        unwanted.ForEach(demand => demand.Unwanted.Cancel());
    }

    private async Task AnswerAsync(TokenDemand demand, Func<TokenRequest, CancellationToken, Task<GraphToken>> provide)
    {
        Interlocked.Increment(ref _answering);
        try
        {
            GraphToken token = await provide(demand.Request, demand.Unwanted.Token).ConfigureAwait(false)
                ?? throw new InvalidOperationException("The token provider returned null.");
            byte[] bytes = Encoding.UTF8.GetBytes(token.Token);
            try
            {
                lock (_lock)
                {
                    // While the provider worked, these calls may have ended; then the answer is dropped.
                    client.Native.Answer(demand.Request.DemandId, bytes, token.ExpiresInSeconds(DateTimeOffset.UtcNow));
                    _demands.Remove(demand);
                    _answered = Math.Max(_answered, demand.Request.DemandId);
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
                call.DemandFailed(error.Message, error);
        }
        finally
        {
            Interlocked.Decrement(ref _answering);
        }
    }

    private sealed class TokenDemand(TokenRequest request)
    {
        internal TokenRequest Request { get; } = request;

        internal HashSet<AsyncCall> Calls { get; } = [];

        internal CancellationTokenSource Unwanted { get; } = new();
    }
}
