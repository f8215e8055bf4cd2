using System;
using System.Collections.Generic;

namespace AgentUsers;

/// <summary>
/// A call that runs on the native library's threads; its progress and results come to the thread that calls <see cref="Wait"/>.
/// </summary>
/// <remarks>One thread may wait at a time; any thread may cancel.</remarks>
internal sealed unsafe class PumpedCall : ICall
{
    private readonly NativeCallHandle _handle;

    private PumpedCall(NativeCallHandle handle) => _handle = handle;

    /// <summary>Starts an operation.</summary>
    /// <param name="client">The client whose connections and token the call uses.</param>
    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <param name="input">The bytes beside the operation: a roster.</param>
    /// <exception cref="AgentUserException">The operation can't begin; the problem says why.</exception>
    internal static PumpedCall Start(NativeClient client, JsonValue operation, byte[]? input = null) =>
        Start(client, operation, input, IntPtr.Zero, 0);

    /// <summary>Starts an operation whose wake calls <paramref name="wake"/> with <paramref name="key"/>.</summary>
    internal static PumpedCall Start(NativeClient client, JsonValue operation, byte[]? input, IntPtr wake, nuint key)
    {
        byte[] bytes = JsonWriter.ToUtf8(operation.ToString());
        using NativeHandle.Lease lease = client.Handle.Borrow();
        IntPtr call = IntPtr.Zero, problem = IntPtr.Zero;
        fixed (byte* start = bytes, inputStart = input is null ? null : NativeCalls.NeverEmpty(input))
        {
            uint status = NativeFunctions.Instance.CallStart(
                lease.Pointer, start, (nuint)bytes.Length, inputStart, (nuint)(input?.Length ?? 0), wake, key, &call, &problem);
            NativeCalls.Check(status, problem);
        }
        return new PumpedCall(new NativeCallHandle(call));
    }

    /// <summary>Starts to get a token; the end has it as <see cref="WaitResult.Token"/>.</summary>
    /// <param name="client">The client whose sign-in gives it.</param>
    /// <param name="query">The scopes, and whether it must be a new one.</param>
    /// <param name="wake">Called when there is something to take; zero for a caller that waits.</param>
    /// <param name="key">The argument of <paramref name="wake"/>.</param>
    /// <exception cref="AgentUserException">The query is invalid.</exception>
    internal static PumpedCall StartToken(NativeClient client, JsonValue query, IntPtr wake, nuint key)
    {
        byte[] bytes = JsonWriter.ToUtf8(query.ToString());
        using NativeHandle.Lease lease = client.Handle.Borrow();
        IntPtr call = IntPtr.Zero, problem = IntPtr.Zero;
        fixed (byte* start = bytes)
        {
            uint status = NativeFunctions.Instance.TokenStart(lease.Pointer, start, (nuint)bytes.Length, wake, key, &call, &problem);
            NativeCalls.Check(status, problem);
        }
        return new PumpedCall(new NativeCallHandle(call));
    }

    /// <inheritdoc/>
    public WaitResult Wait(int timeoutMs)
    {
        // No lease is held, so that Dispose on another thread ends the wait. The native library detects a freed handle.
        IntPtr call = _handle.DangerousGetHandle();
        uint kind = 0;
        IntPtr result = IntPtr.Zero;
        uint status = NativeFunctions.Instance.CallWait(call, timeoutMs < 0 ? uint.MaxValue : (uint)timeoutMs, &kind, &result);
        GC.KeepAlive(_handle);
        NativeCalls.Check(status, IntPtr.Zero);
        if (result == IntPtr.Zero)
            return WaitResult.Timeout;
        using var owned = new NativeResult(result);
        return WaitResult.Read(kind, owned);
    }

    /// <inheritdoc/>
    public void Cancel()
    {
        using NativeHandle.Lease lease = _handle.Borrow();
        NativeCalls.Check(NativeFunctions.Instance.CallCancel(lease.Pointer), IntPtr.Zero);
    }

    /// <summary>Ends this call alone because what its sign-in asks for can't be had.</summary>
    /// <param name="why">The reason, for the problem's message.</param>
    internal void DemandFailed(string why)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(why);
        using NativeHandle.Lease lease = _handle.Borrow();
        fixed (byte* start = NativeCalls.NeverEmpty(bytes))
        {
            uint status = NativeFunctions.Instance.CallDemandFailed(lease.Pointer, start, (nuint)bytes.Length);
            NativeCalls.Check(status, IntPtr.Zero);
        }
    }

    /// <summary>Frees the call; one that still runs ends at once. No wake comes afterwards.</summary>
    public void Dispose() => _handle.Dispose();
}

/// <summary><c>agentuser_call</c>. It outlives its client's handle.</summary>
internal sealed unsafe class NativeCallHandle(IntPtr owned) : NativeHandle(owned)
{
    protected override bool ReleaseHandle() => Functions.CallFree(handle) == NativeStatus.Ok;
}
