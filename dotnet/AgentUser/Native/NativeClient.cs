using System;

namespace AgentUsers;

/// <summary>A client of the native library: its connections, and the token all its calls share.</summary>
internal sealed unsafe class NativeClient : IDisposable
{
    /// <summary>A client.</summary>
    /// <param name="config">Its settings, as JSON.</param>
    /// <param name="secret">The client secret in UTF-8, when the settings name one.</param>
    /// <exception cref="AgentUserException">The settings are no good.</exception>
    internal NativeClient(string config, byte[]? secret = null)
    {
        byte[] bytes = JsonWriter.ToUtf8(config);
        IntPtr client = IntPtr.Zero, problem = IntPtr.Zero;
        fixed (byte* start = bytes, secretStart = secret is null ? null : NativeCalls.NeverEmpty(secret))
        {
            uint status = NativeFunctions.Instance.ClientNew(
                start, (nuint)bytes.Length, secretStart, (nuint)(secret?.Length ?? 0), &client, &problem);
            NativeCalls.Check(status, problem);
        }
        Handle = new NativeClientHandle(client);
    }

    internal NativeClientHandle Handle { get; }

    /// <summary>Gives all its calls a token, those that wait for one and those to come.</summary>
    /// <param name="token">The token in UTF-8. Clear the array afterwards.</param>
    /// <param name="expiresInSeconds">How long it lives; 0 when that is not known.</param>
    internal void SetToken(byte[] token, ulong expiresInSeconds)
    {
        using NativeHandle.Lease lease = Handle.Borrow();
        IntPtr problem = IntPtr.Zero;
        fixed (byte* start = NativeCalls.NeverEmpty(token))
        {
            uint status = NativeFunctions.Instance.ClientSetToken(
                lease.Pointer, start, (nuint)token.Length, expiresInSeconds, &problem);
            NativeCalls.Check(status, problem);
        }
    }

    public void Dispose() => Handle.Dispose();
}

/// <summary><c>agentuser_client</c>.</summary>
internal sealed unsafe class NativeClientHandle(IntPtr owned) : NativeHandle(owned)
{
    protected override bool ReleaseHandle() => Functions.ClientFree(handle) == NativeStatus.Ok;
}
