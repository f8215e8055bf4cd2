using System;

namespace AgentUsers;

/// <summary>A client of the native library: the connections and the token that its calls share.</summary>
internal sealed unsafe class NativeClient : IDisposable
{
    /// <summary>Makes a client.</summary>
    /// <param name="config">The configuration, as JSON.</param>
    /// <param name="secret">The client secret in UTF-8, if the configuration names an application.</param>
    /// <exception cref="AgentUserException">The configuration is invalid.</exception>
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

    /// <summary>Gives a token before a call asks for one.</summary>
    /// <param name="token">The token in UTF-8. Clear the array afterwards.</param>
    /// <param name="expiresInSeconds">The lifetime in seconds; 0 if it is not known.</param>
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

    /// <summary>Answers a demand. One that is over wants no answer.</summary>
    /// <param name="demandId">The number of the demand.</param>
    /// <param name="answer">The token in UTF-8. Clear the array afterwards.</param>
    /// <param name="expiresInSeconds">The lifetime in seconds; 0 if it is not known.</param>
    internal void Answer(long demandId, byte[] answer, ulong expiresInSeconds)
    {
        using NativeHandle.Lease lease = Handle.Borrow();
        IntPtr problem = IntPtr.Zero;
        fixed (byte* start = NativeCalls.NeverEmpty(answer))
        {
            uint status = NativeFunctions.Instance.ClientAnswer(
                lease.Pointer, (ulong)demandId, start, (nuint)answer.Length, expiresInSeconds, &problem);
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
