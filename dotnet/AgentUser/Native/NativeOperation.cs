using System;

namespace AgentUsers;

/// <summary>An operation that sends nothing: it says what to send, and takes the answers. One thread at a time uses it.</summary>
internal sealed unsafe class NativeOperation : IDisposable
{
    private readonly NativeOperationHandle _handle;
    private readonly NativeCancellerHandle _canceller;

    /// <summary>Makes an operation, which begins with the first poll.</summary>
    /// <param name="session">The session.</param>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <param name="input">The bytes beside the operation: a roster.</param>
    /// <param name="inFlight">The most requests that are sent at a time.</param>
    /// <param name="seed">The seed of the jitter in waits.</param>
    /// <exception cref="AgentUserException">The operation can't begin; the problem says why.</exception>
    internal NativeOperation(NativeSession session, JsonValue operation, byte[]? input, uint inFlight, ulong seed)
    {
        NativeFunctions functions = NativeFunctions.Instance;
        byte[] bytes = JsonWriter.ToUtf8(operation.ToString());
        using NativeHandle.Lease lease = session.Handle.Borrow();
        IntPtr made = IntPtr.Zero, canceller = IntPtr.Zero, problem = IntPtr.Zero;
        fixed (byte* start = bytes, inputStart = input is null ? null : NativeCalls.NeverEmpty(input))
        {
            uint status = functions.OperationNew(
                lease.Pointer, start, (nuint)bytes.Length, inputStart, (nuint)(input?.Length ?? 0), inFlight, seed, &made, &problem);
            NativeCalls.Check(status, problem);
        }
        _handle = new NativeOperationHandle(made);
        NativeCalls.Check(functions.OperationCanceller(made, &canceller), IntPtr.Zero);
        _canceller = new NativeCancellerHandle(canceller);
    }

    /// <summary>The next step at this time.</summary>
    /// <param name="monoMs">A clock in milliseconds that never goes back.</param>
    /// <param name="unixMs">The time of day, in milliseconds since 1970.</param>
    /// <exception cref="ObjectDisposedException">The operation was disposed of, or its end was returned already.</exception>
    internal StepResult Poll(long monoMs, long unixMs)
    {
        using NativeHandle.Lease lease = _handle.Borrow();
        uint kind = 0;
        IntPtr result = IntPtr.Zero;
        NativeCalls.Check(NativeFunctions.Instance.OperationPoll(lease.Pointer, (ulong)monoMs, unixMs, &kind, &result), IntPtr.Zero);
        using var owned = new NativeResult(result);
        return StepResult.Read(kind, owned);
    }

    /// <summary>Hands back the answer of a request.</summary>
    /// <param name="request">The id of the request.</param>
    /// <param name="answer">The answer, as JSON.</param>
    /// <param name="body">The body of a response.</param>
    /// <exception cref="AgentUserException">It is not an answer.</exception>
    internal void Answer(long request, JsonValue answer, byte[] body)
    {
        byte[] bytes = JsonWriter.ToUtf8(answer.ToString());
        using NativeHandle.Lease lease = _handle.Borrow();
        uint accepted = 0;
        IntPtr problem = IntPtr.Zero;
        fixed (byte* start = bytes, bodyStart = NativeCalls.NeverEmpty(body))
        {
            uint status = NativeFunctions.Instance.OperationAnswer(
                lease.Pointer, (ulong)request, start, (nuint)bytes.Length, bodyStart, (nuint)body.Length, &accepted, &problem);
            NativeCalls.Check(status, problem);
        }
    }

    /// <summary>Asks the operation to end in good order; the next poll begins with it. Any thread may call it.</summary>
    internal void Cancel()
    {
        using NativeHandle.Lease lease = _canceller.Borrow();
        NativeCalls.Check(NativeFunctions.Instance.CancellerCancel(lease.Pointer), IntPtr.Zero);
    }

    public void Dispose()
    {
        _canceller.Dispose();
        _handle.Dispose();
    }
}

/// <summary><c>agentuser_operation</c>. It outlives its session's handle.</summary>
internal sealed unsafe class NativeOperationHandle(IntPtr owned) : NativeHandle(owned)
{
    protected override bool ReleaseHandle() => Functions.OperationFree(handle) == NativeStatus.Ok;
}

/// <summary><c>agentuser_canceller</c>.</summary>
internal sealed unsafe class NativeCancellerHandle(IntPtr owned) : NativeHandle(owned)
{
    protected override bool ReleaseHandle() => Functions.CancellerFree(handle) == NativeStatus.Ok;
}
