using System;

namespace AgentUsers;

/// <summary>A session of the native library: what operations share whose requests another one sends.</summary>
internal sealed unsafe class NativeSession : IDisposable
{
    /// <summary>Makes a session.</summary>
    /// <param name="config">The configuration, as JSON.</param>
    /// <exception cref="AgentUserException">The configuration is invalid.</exception>
    internal NativeSession(string config)
    {
        byte[] bytes = JsonWriter.ToUtf8(config);
        IntPtr session = IntPtr.Zero, problem = IntPtr.Zero;
        fixed (byte* start = bytes)
        {
            uint status = NativeFunctions.Instance.SessionNew(start, (nuint)bytes.Length, &session, &problem);
            NativeCalls.Check(status, problem);
        }
        Handle = new NativeSessionHandle(session);
    }

    internal NativeSessionHandle Handle { get; }

    public void Dispose() => Handle.Dispose();
}

/// <summary><c>agentuser_session</c>.</summary>
internal sealed unsafe class NativeSessionHandle(IntPtr owned) : NativeHandle(owned)
{
    protected override bool ReleaseHandle() => Functions.SessionFree(handle) == NativeStatus.Ok;
}
