using System;

namespace AgentUsers;

/// <summary>A client of the native library: the connections and the token that its calls share.</summary>
internal sealed unsafe class NativeClient : IDisposable
{
    /// <summary>Makes a client.</summary>
    /// <param name="options">The configuration. The secret of its sign-in is passed beside the JSON, and cleared.</param>
    /// <exception cref="AgentUserException">The configuration is invalid.</exception>
    internal NativeClient(AgentUserClientOptions options)
    {
        byte[] bytes = JsonWriter.ToUtf8(options.ToConfig().ToString());
        byte[]? secret = options.SignIn?.CopySecret();
        IntPtr client = IntPtr.Zero, problem = IntPtr.Zero;
        try
        {
            fixed (byte* start = bytes, secretStart = secret is null ? null : NativeCalls.NeverEmpty(secret))
            {
                uint status = NativeFunctions.Instance.ClientNew(
                    start, (nuint)bytes.Length, secretStart, (nuint)(secret?.Length ?? 0), &client, &problem);
                NativeCalls.Check(status, problem);
            }
        }
        finally
        {
            if (secret is not null)
                Array.Clear(secret, 0, secret.Length);
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
    /// <param name="answer">The answer, which is cleared.</param>
    /// <exception cref="AgentUserException">It is not an answer to that demand.</exception>
    internal void Answer(long demandId, DemandAnswer answer)
    {
        using NativeHandle.Lease lease = Handle.Borrow();
        IntPtr problem = IntPtr.Zero;
        try
        {
            fixed (byte* start = NativeCalls.NeverEmpty(answer.Bytes))
            {
                uint status = NativeFunctions.Instance.ClientAnswer(
                    lease.Pointer, (ulong)demandId, start, (nuint)answer.Bytes.Length, answer.ExpiresInSeconds, &problem);
                NativeCalls.Check(status, problem);
            }
        }
        finally
        {
            answer.Clear();
        }
    }

    /// <summary>Forgets the tokens that the sign-in keeps in memory.</summary>
    internal void SignOut()
    {
        using NativeHandle.Lease lease = Handle.Borrow();
        NativeCalls.Check(NativeFunctions.Instance.ClientSignOut(lease.Pointer), IntPtr.Zero);
    }

    public void Dispose() => Handle.Dispose();
}

/// <summary><c>agentuser_client</c>.</summary>
internal sealed unsafe class NativeClientHandle(IntPtr owned) : NativeHandle(owned)
{
    protected override bool ReleaseHandle() => Functions.ClientFree(handle) == NativeStatus.Ok;
}
