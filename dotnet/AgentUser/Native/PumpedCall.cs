using System;
using System.Collections.Generic;

namespace AgentUsers;

/// <summary>
/// A call that runs on the native library's threads and tells what it has to tell on the thread that waits for it.
/// </summary>
/// <remarks>One thread waits at a time; any may cancel.</remarks>
internal sealed unsafe class PumpedCall : IDisposable
{
    private readonly NativeCallHandle _handle;

    private PumpedCall(NativeCallHandle handle) => _handle = handle;

    /// <summary>Starts an operation.</summary>
    /// <param name="client">Whose connections and token it uses.</param>
    /// <param name="operation">The operation: see <see cref="Operations"/>.</param>
    /// <param name="input">The bytes beside it: a roster file.</param>
    /// <exception cref="AgentUserException">It can't begin; the problem says why.</exception>
    internal static PumpedCall Start(NativeClient client, JsonValue operation, byte[]? input = null) =>
        Start(client, operation, input, IntPtr.Zero, 0);

    /// <summary>Starts an operation that wakes its host by calling <paramref name="wake"/> with <paramref name="key"/>.</summary>
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

    /// <summary>Waits for what comes next.</summary>
    /// <param name="timeoutMs">How long; with 0 it only looks, with -1 it waits as long as it takes.</param>
    /// <returns>What came, or that the time is over.</returns>
    /// <exception cref="ObjectDisposedException">It was disposed of, before or meanwhile, or has said its last.</exception>
    internal WaitResult Wait(int timeoutMs)
    {
        // Without a lease, so that Dispose on another thread ends the wait. The native library knows a freed handle.
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

    /// <summary>Ends it in good order: what is under way is finished and reported. From any thread, any number of times.</summary>
    internal void Cancel()
    {
        using NativeHandle.Lease lease = _handle.Borrow();
        NativeCalls.Check(NativeFunctions.Instance.CallCancel(lease.Pointer), IntPtr.Zero);
    }

    /// <summary>Says that the token it waits for can't be had, which ends this call and no other.</summary>
    /// <param name="why">Why, for the problem's message.</param>
    internal void TokenFailed(string why)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(why);
        using NativeHandle.Lease lease = _handle.Borrow();
        fixed (byte* start = NativeCalls.NeverEmpty(bytes))
        {
            uint status = NativeFunctions.Instance.CallTokenFailed(lease.Pointer, start, (nuint)bytes.Length);
            NativeCalls.Check(status, IntPtr.Zero);
        }
    }

    /// <summary>Ends it at once when it still runs, and frees it. No wake comes afterwards.</summary>
    public void Dispose() => _handle.Dispose();
}

/// <summary><c>agentuser_call</c>. It keeps what it needs of its client.</summary>
internal sealed unsafe class NativeCallHandle(IntPtr owned) : NativeHandle(owned)
{
    protected override bool ReleaseHandle() => Functions.CallFree(handle) == NativeStatus.Ok;
}
