using System;

namespace AgentUsers;

/// <summary>What all calls of the native library have in common.</summary>
internal static unsafe class NativeCalls
{
    /// <summary>Takes over the problem of a failed call and throws it.</summary>
    /// <exception cref="AgentUserException">The call ended with a problem.</exception>
    /// <exception cref="ObjectDisposedException">What it is about is gone.</exception>
    /// <exception cref="NotSupportedException">The native library was built without it.</exception>
    /// <exception cref="InvalidOperationException">The call was misused, which is a defect of this library.</exception>
    internal static void Check(uint status, IntPtr problem)
    {
        if (status == NativeStatus.Ok)
            return;
        if (problem != IntPtr.Zero)
        {
            using var result = new NativeResult(problem);
            throw new AgentUserException(Problem.Parse(result.Json()));
        }
        throw status switch
        {
            NativeStatus.NotAHandle or NativeStatus.Ended => new ObjectDisposedException("agentuser"),
            NativeStatus.Unsupported => new NotSupportedException("This native library of agentuser was built without it."),
            _ => new InvalidOperationException(
                $"The native library of agentuser answered {NativeFunctions.Instance.StatusName(status)} ({status})."),
        };
    }

    /// <summary>Calls a function of JSON, and maybe of bytes, that answers with JSON.</summary>
    /// <exception cref="AgentUserException">The input is no good.</exception>
    internal static JsonValue Ask(
        delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint> function, JsonValue json, byte[] input)
    {
        byte[] bytes = JsonWriter.ToUtf8(json.ToString());
        IntPtr result = IntPtr.Zero, problem = IntPtr.Zero;
        fixed (byte* start = bytes, inputStart = NeverEmpty(input))
            Check(function(start, (nuint)bytes.Length, inputStart, (nuint)input.Length, &result, &problem), problem);
        return ReadAndFree(result);
    }

    /// <summary>Calls a function of JSON that answers with JSON.</summary>
    /// <exception cref="AgentUserException">The input is no good.</exception>
    internal static JsonValue Ask(delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint> function, JsonValue json)
    {
        byte[] bytes = JsonWriter.ToUtf8(json.ToString());
        IntPtr result = IntPtr.Zero, problem = IntPtr.Zero;
        fixed (byte* start = bytes)
            Check(function(start, (nuint)bytes.Length, &result, &problem), problem);
        return ReadAndFree(result);
    }

    /// <summary>An array that <c>fixed</c> does not turn into a null pointer.</summary>
    internal static byte[] NeverEmpty(byte[] bytes) => bytes.Length == 0 ? s_one : bytes;

    private static readonly byte[] s_one = new byte[1];

    private static JsonValue ReadAndFree(IntPtr result)
    {
        using var owned = new NativeResult(result);
        return JsonValue.Parse(owned.Json());
    }
}
