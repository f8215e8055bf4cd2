using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>
/// Meets what the sign-in of a client asks for. Calls that make the same demand share one answer.
/// </summary>
internal sealed class DemandBroker(AgentUserClient client, SignInHost host)
{
    private readonly object _lock = new();
    private readonly List<OpenDemand> _open = [];

    // Demands are answered in any order, so their highest number would not tell which are.
    private readonly HashSet<long> _met = [];
    private int _answering;

    /// <summary>The number of demands that the host works on.</summary>
    internal int Answering => Volatile.Read(ref _answering);

    /// <summary>The number of calls that wait for an answer.</summary>
    internal int Waiting
    {
        get
        {
            lock (_lock)
            {
                int calls = 0;
                foreach (OpenDemand open in _open)
                    calls += open.Calls.Count;
                return calls;
            }
        }
    }

    /// <summary>Meets a demand of a call.</summary>
    /// <param name="call">The call that waits.</param>
    /// <param name="demand">The demand.</param>
    internal void Ask(AsyncCall call, Demand demand)
    {
        OpenDemand open;
        lock (_lock)
        {
            // The demand was met before this call reported it.
            if (_met.Contains(demand.Id))
                return;
            if (_open.Find(other => other.Demand.Id == demand.Id) is { } same)
            {
                same.Calls.Add(call);
                return;
            }
            open = new OpenDemand(demand);
            open.Calls.Add(call);
            _open.Add(open);
        }
        // The callback is the host's code and may block before it returns a task, so it does not run on the pump.
        _ = Task.Run(() => MeetAsync(open));
    }

    /// <summary>Removes a call that has ended. A demand without calls is cancelled.</summary>
    internal void Leave(AsyncCall call)
    {
        var unwanted = new List<OpenDemand>();
        lock (_lock)
        {
            foreach (OpenDemand open in _open)
            {
                if (open.Calls.Remove(call) && open.Calls.Count == 0)
                    unwanted.Add(open);
            }
            _open.RemoveAll(unwanted.Contains);
        }
        unwanted.ForEach(open => open.Unwanted.Cancel());
    }

    private async Task MeetAsync(OpenDemand open)
    {
        Interlocked.Increment(ref _answering);
        try
        {
            DemandAnswer? answer = await host.MeetAsync(open.Demand, open.Unwanted.Token).ConfigureAwait(false);
            lock (_lock)
            {
                // While the host worked, the calls may have ended; then the answer is dropped.
                if (answer is not null)
                {
                    if (open.Calls.Count > 0)
                        host.Given.Keep(open.Demand, answer.Bytes);
                    client.Native.Answer(open.Demand.Id, answer);
                }
                _open.Remove(open);
                _met.Add(open.Demand.Id);
            }
        }
        catch (Exception error)
        {
            AsyncCall[] calls;
            lock (_lock)
            {
                _open.Remove(open);
                calls = [.. open.Calls];
            }
            foreach (AsyncCall call in calls)
                call.DemandFailed(error.Message, error);
        }
        finally
        {
            Interlocked.Decrement(ref _answering);
        }
    }

    private sealed class OpenDemand(Demand demand)
    {
        internal Demand Demand { get; } = demand;

        internal HashSet<AsyncCall> Calls { get; } = [];

        internal CancellationTokenSource Unwanted { get; } = new();
    }
}
