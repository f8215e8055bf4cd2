using System;

namespace AgentUsers;

/// <summary>Helpers that all calls of the native library share.</summary>
internal static unsafe class NativeCalls
{
    /// <summary>Throws the problem of a failed call, and frees it.</summary>
    /// <exception cref="AgentUserException">The call ended with a problem.</exception>
    /// <exception cref="ObjectDisposedException">The handle was freed.</exception>
    /// <exception cref="NotSupportedException">The native library was built without this function.</exception>
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
            NativeStatus.Unsupported => new NotSupportedException("This native library of agentuser was built without this function."),
            _ => new InvalidOperationException(
                $"The native library of agentuser answered {NativeFunctions.Instance.StatusName(status)} ({status})."),
        };
    }

    /// <summary>Calls a function that takes JSON and bytes and returns JSON.</summary>
    /// <exception cref="AgentUserException">The input is invalid.</exception>
    internal static JsonValue Ask(
        delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint> function, JsonValue json, byte[] input)
    {
        using NativeResult result = Take(function, json, input);
        return JsonValue.Parse(result.Json());
    }

    /// <summary>Calls a function that takes JSON and bytes and returns a result.</summary>
    /// <exception cref="AgentUserException">The input is invalid.</exception>
    internal static NativeResult Take(
        delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, IntPtr*, IntPtr*, uint> function, JsonValue json, byte[] input)
    {
        byte[] bytes = JsonWriter.ToUtf8(json.ToString());
        IntPtr result = IntPtr.Zero, problem = IntPtr.Zero;
        fixed (byte* start = bytes, inputStart = NeverEmpty(input))
            Check(function(start, (nuint)bytes.Length, inputStart, (nuint)input.Length, &result, &problem), problem);
        return new NativeResult(result);
    }

    /// <summary>Calls a function that takes JSON and returns JSON.</summary>
    /// <exception cref="AgentUserException">The input is invalid.</exception>
    internal static JsonValue Ask(delegate* unmanaged[Cdecl]<byte*, nuint, IntPtr*, IntPtr*, uint> function, JsonValue json)
    {
        byte[] bytes = JsonWriter.ToUtf8(json.ToString());
        IntPtr result = IntPtr.Zero, problem = IntPtr.Zero;
        fixed (byte* start = bytes)
            Check(function(start, (nuint)bytes.Length, &result, &problem), problem);
        return ReadAndFree(result);
    }

    /// <summary>The bytes, or one byte if there are none: <c>fixed</c> turns an empty array into a null pointer.</summary>
    internal static byte[] NeverEmpty(byte[] bytes) => bytes.Length == 0 ? s_one : bytes;

    private static readonly byte[] s_one = new byte[1];

    private static JsonValue ReadAndFree(IntPtr result)
    {
        using var owned = new NativeResult(result);
        return JsonValue.Parse(owned.Json());
    }
}
