using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace AgentUsers;

/// <summary>A call whose requests a transport sends, one at a time, on the thread that waits.</summary>
internal sealed class TransportCall : ICall
{
    /// <summary>The clock of all calls, which their sessions share.</summary>
    private static readonly Stopwatch s_clock = Stopwatch.StartNew();

    private readonly NativeOperation _operation;
    private readonly ManualResetEventSlim _cancelled = new();
    private readonly Queue<GraphRequest> _unsent = new();

    private TransportCall(NativeOperation operation, IGraphTransport transport)
    {
        _operation = operation;
        Transport = transport;
    }

    /// <summary>The transport of its requests.</summary>
    internal IGraphTransport Transport { get; }

    /// <summary>Starts an operation. Nothing is sent before the first wait.</summary>
    /// <param name="session">The session.</param>
    /// <param name="transport">The transport of its requests.</param>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <param name="input">The bytes beside the operation: a roster.</param>
    /// <exception cref="AgentUserException">The operation can't begin; the problem says why.</exception>
    internal static TransportCall Start(NativeSession session, IGraphTransport transport, JsonValue operation, byte[]? input = null)
    {
        ulong seed = BitConverter.ToUInt64(Guid.NewGuid().ToByteArray(), 0);
        return new TransportCall(new NativeOperation(session, operation, input, inFlight: 1, seed), transport);
    }

    /// <inheritdoc/>
    /// <remarks>A request takes as long as its transport takes; the time-out is looked at between requests.</remarks>
    public WaitResult Wait(int timeoutMs)
    {
        long end = timeoutMs < 0 ? long.MaxValue : s_clock.ElapsedMilliseconds + timeoutMs;
        while (true)
        {
            if (_unsent.Count > 0)
            {
                Send(_unsent.Dequeue());
                continue;
            }
            long now = s_clock.ElapsedMilliseconds;
            StepResult step = _operation.Poll(now, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            if (step.Told is { } told)
                return told;
            foreach (GraphRequest request in step.Send ?? [])
                _unsent.Enqueue(request);
            // The caller looks for a cancellation before each request.
            if (_unsent.Count > 0 && timeoutMs >= 0)
                return WaitResult.Timeout;
            if (!step.IsWait)
                continue;
            if (now >= end)
                return WaitResult.Timeout;
            Rest(Math.Min(step.UntilMs ?? long.MaxValue, end) - now);
        }
    }

    /// <summary>The write whose transport was stopped, so that its outcome is to be looked up; null if there is none.</summary>
    internal GraphRequest? Interrupted { get; private set; }

    /// <summary>Gives up the requests that were not sent yet, after a cancellation.</summary>
    internal void GiveUpUnsent()
    {
        while (_unsent.Count > 0)
            Answer(_unsent.Dequeue(), GraphAnswer.NeverSent("The cmdlet was stopped before it was sent."));
    }

    public void Cancel()
    {
        _operation.Cancel();
        _cancelled.Set();
    }

    public void Dispose()
    {
        _operation.Dispose();
        _cancelled.Dispose();
    }

    private void Send(GraphRequest request)
    {
        try
        {
            Answer(request, Transport.Send(request));
        }
        // Whatever stops a transport leaves the outcome open: the operation looks it up at the next wait.
        catch (Exception error) when (error is not AgentUserException)
        {
            if (request.IsWrite)
                Interrupted = request;
            Answer(request, GraphAnswer.Lost(GraphLoss.Broken, "The request was stopped."));
            throw;
        }
    }

    /// <summary>Answers before the next poll: the time that the transport took is not the request's time-out.</summary>
    private void Answer(GraphRequest request, GraphAnswer answer) => _operation.Answer(request.Id, answer.Json, answer.Body);

    /// <summary>Waits; a cancellation ends the wait.</summary>
    private void Rest(long milliseconds)
    {
        if (_cancelled.Wait((int)Math.Min(Math.Max(0, milliseconds), int.MaxValue)))
            _cancelled.Reset();
    }
}
