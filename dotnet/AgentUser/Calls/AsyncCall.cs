using System;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>
/// A call that blocks no thread: the native library's wake queues <see cref="Pump"/> on the thread pool.
/// </summary>
internal sealed class AsyncCall : IDisposable
{
    // The native library knows a call by its key: a late wake finds no call under the key and does nothing.
    private static readonly ConcurrentDictionary<nuint, AsyncCall> s_calls = new();
    private static readonly Wake s_wake = OnWake;
    private static readonly IntPtr s_wakePointer = Marshal.GetFunctionPointerForDelegate(s_wake);
    private static long s_lastKey;

    private const int Idle = 0;
    private const int Running = 1;
    private const int RunningAndWoken = 2;

    private readonly AgentUserClient _client;
    private readonly nuint _key;
    private readonly IProgress<AgentUserProgress>? _progress;
    private readonly Action<ProvisionReport>? _onReport;
    private readonly TaskCompletionSource<WaitResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _lock = new();
    private PumpedCall? _call;
    private WaitResult? _page;
    private TaskCompletionSource<WaitResult?>? _pageWanted;
    private Exception? _fault;
    private Exception? _demandError;
    private int _state = Running;
#if NET8_0_OR_GREATER
    private readonly System.Diagnostics.ActivityContext _activity = System.Diagnostics.Activity.Current?.Context ?? default;
#endif

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Wake(nuint key);

    private AsyncCall(AgentUserClient client, IProgress<AgentUserProgress>? progress, Action<ProvisionReport>? onReport)
    {
        _client = client;
        _key = (nuint)(ulong)Interlocked.Increment(ref s_lastKey);
        _progress = progress;
        _onReport = onReport;
    }

    /// <summary>The final result; faulted if the call can't go on.</summary>
    internal Task<WaitResult> End => _end.Task;

    /// <summary>The exception of the callback that was to meet a demand, if it failed last time.</summary>
    internal Exception? DemandError => Volatile.Read(ref _demandError);

    /// <exception cref="AgentUserException">The operation can't begin; the problem says why.</exception>
    internal static AsyncCall Start(
        AgentUserClient client,
        JsonValue operation,
        byte[]? input,
        IProgress<AgentUserProgress>? progress,
        Action<ProvisionReport>? onReport)
    {
        AgentUserClientOptions options = client.Options;
        JsonValue recorded = Recording.Of(
            operation, options.OnRequest is not null || Recording.IsTraced, options.OnChange is not null, options.ChangeReason);
        var call = new AsyncCall(client, progress, onReport);
        return Start(call, key => PumpedCall.Start(client.Native, recorded, input, s_wakePointer, key));
    }

    /// <summary>Starts to get a token.</summary>
    /// <exception cref="AgentUserException">The query is invalid.</exception>
    internal static AsyncCall StartToken(AgentUserClient client, JsonValue query) =>
        Start(
            new AsyncCall(client, progress: null, onReport: null),
            key => PumpedCall.StartToken(client.Native, query, s_wakePointer, key));

    private static AsyncCall Start(AsyncCall call, Func<nuint, PumpedCall> start)
    {
        s_calls[call._key] = call;
        try
        {
            call._call = start(call._key);
            call._client.Add(call);
        }
        catch
        {
            call.Dispose();
            throw;
        }
        // The state is Running from the start: an earlier wake is remembered, and no pump meets a call without a handle.
        ThreadPool.UnsafeQueueUserWorkItem(static state => ((AsyncCall)state!).Pump(), call);
        return call;
    }

    /// <summary>Waits for the next page; null after the last one.</summary>
    /// <exception cref="InvalidOperationException">The task of the former page has not completed.</exception>
    internal Task<WaitResult?> NextPageAsync()
    {
        Task<WaitResult?> next;
        lock (_lock)
        {
            if (_pageWanted is not null)
                throw new InvalidOperationException("The next page was asked for before the former one came.");
            if (_page is not null)
            {
                next = Task.FromResult<WaitResult?>(_page);
                _page = null;
            }
            else if (_end.Task.IsCompleted)
            {
                return Task.FromResult<WaitResult?>(null);
            }
            else
            {
                _pageWanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
                next = _pageWanted.Task;
            }
        }
        Signal();
        return next;
    }

    /// <summary>Cancels the call, which finishes and reports the changes that have begun.</summary>
    internal void Cancel()
    {
        try
        {
            _call?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has ended.
        }
    }

    /// <summary>Ends the call because a demand was not met.</summary>
    internal void DemandFailed(string why, Exception? error)
    {
        Volatile.Write(ref _demandError, error);
        try
        {
            _call?.DemandFailed(why);
        }
        catch (ObjectDisposedException)
        {
            // The call has ended.
        }
    }

    /// <summary>Ends the call at once, if it runs.</summary>
    internal void Abort(Exception why)
    {
        Finish(() => _end.TrySetException(why));
        // Reading the exception marks it as observed: the end of a dropped list is never awaited.
        _ = _end.Task.Exception;
        Dispose();
    }

    public void Dispose()
    {
        s_calls.TryRemove(_key, out _);
        _client.Remove(this);
        _call?.Dispose();
    }

    private static void OnWake(nuint key)
    {
        if (s_calls.TryGetValue(key, out AsyncCall? call))
            call.Signal();
    }

    private void Signal()
    {
        while (true)
        {
            int state = Volatile.Read(ref _state);
            if (state == RunningAndWoken)
                return;
            int next = state == Idle ? Running : RunningAndWoken;
            if (Interlocked.CompareExchange(ref _state, next, state) != state)
                continue;
            if (state == Idle)
                ThreadPool.UnsafeQueueUserWorkItem(static state => ((AsyncCall)state!).Pump(), this);
            return;
        }
    }

    private void Pump()
    {
        do
        {
            Volatile.Write(ref _state, Running);
            try
            {
                TakeAll();
            }
            catch (ObjectDisposedException)
            {
                Finish(() => _end.TrySetException(new ObjectDisposedException(nameof(AgentUserClient))));
            }
            catch (Exception error)
            {
                Abort(error);
            }
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
    }

    private void TakeAll()
    {
        while (!_end.Task.IsCompleted && HasRoom())
        {
            WaitResult said = _call!.Wait(0);
            switch (said.Kind)
            {
                case WaitKind.Timeout:
                    return;
                case WaitKind.Progress:
                    Tell(() => _progress?.Report(said.Progress!));
                    break;
                case WaitKind.Report:
                    Tell(() => _onReport?.Invoke(said.Report!));
                    break;
                case WaitKind.Record:
                    Tell(() => Record(said.Record));
                    break;
                case WaitKind.Demand:
                    _client.Demands.Ask(this, said.Demand!);
                    break;
                case WaitKind.Page:
                    HandOver(said);
                    break;
                default:
                    Finish(() => _ = _fault is null ? _end.TrySetResult(said) : _end.TrySetException(_fault));
                    break;
            }
        }
    }

    private void Record(JsonValue record)
    {
        if (Recording.IsChange(record))
        {
            _client.Options.OnChange?.Invoke(new AgentUserChangeRecord(record));
            return;
        }
        var request = new AgentUserRequestRecord(record);
#if NET8_0_OR_GREATER
        if (Recording.IsTraced)
            Recording.Trace(request, _activity);
#endif
        _client.Options.OnRequest?.Invoke(request);
    }

    /// <summary>Whether a page can be taken: a page that was not asked for yet pauses the call, and so its requests.</summary>
    private bool HasRoom()
    {
        lock (_lock)
            return _page is null;
    }

    private void HandOver(WaitResult page)
    {
        TaskCompletionSource<WaitResult?>? wanted;
        lock (_lock)
        {
            wanted = _pageWanted;
            _pageWanted = null;
            if (wanted is null)
                _page = page;
        }
        wanted?.TrySetResult(page);
    }

    /// <summary>Calls the host's code. If it throws, the call is cancelled, and its task ends with that exception.</summary>
    private void Tell(Action tell)
    {
        if (_fault is not null)
            return;
        try
        {
            tell();
        }
        catch (Exception error)
        {
            _fault = error;
            Cancel();
        }
    }

    private void Finish(Action end)
    {
        TaskCompletionSource<WaitResult?>? wanted;
        lock (_lock)
        {
            end();
            wanted = _pageWanted;
            _pageWanted = null;
        }
        _client.Demands.Leave(this);
        wanted?.TrySetResult(null);
    }
}
