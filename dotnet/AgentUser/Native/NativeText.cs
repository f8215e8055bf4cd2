using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace AgentUsers;

/// <summary>Borrowed UTF-8: <c>agentuser_str</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct NativeText
{
    private readonly byte* _start;
    private readonly nuint _length;

    internal bool IsAbsent => _start is null;

    internal byte* Start => _start;

    internal int Length => checked((int)_length);

    internal byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Marshal.Copy((IntPtr)_start, bytes, 0, bytes.Length);
        return bytes;
    }

    /// <summary>Whether it is the same text as another one, which is not absent.</summary>
    [MethodImpl(HotPath.Optimized)]
    internal bool IsSame(NativeText other) => _length == other._length && AreSame(_start, other._start, Length);

    /// <summary>Whether it is another text up to the first of a character.</summary>
    /// <param name="other">The other text.</param>
    /// <param name="end">The character, in ASCII.</param>
    [MethodImpl(HotPath.Optimized)]
    internal bool IsStartOf(NativeText other, byte end)
    {
        int length = 0;
        while (length < other.Length && other._start[length] != end)
            length++;
        return length > 0 && length < other.Length && length == Length && AreSame(_start, other._start, length);
    }

    [MethodImpl(HotPath.Optimized)]
    private static bool AreSame(byte* one, byte* other, int length)
    {
        // From the end, where most texts differ, such as by the numbers in names.
        for (; length >= sizeof(ulong); length -= sizeof(ulong))
        {
            if (*(ulong*)(one + length - sizeof(ulong)) != *(ulong*)(other + length - sizeof(ulong)))
                return false;
        }
        while (--length >= 0)
        {
            if (one[length] != other[length])
                return false;
        }
        return true;
    }

    /// <summary>The id in it, read without a string in between; null if it is absent.</summary>
    /// <exception cref="FormatException">It is not an id.</exception>
    [MethodImpl(HotPath.Optimized)]
    internal Guid? ToGuid()
    {
        if (IsAbsent)
            return null;
        if (Length != 36)
            throw new FormatException($"{this} is not an id.");
        byte* bytes = stackalloc byte[16];
        int count = 0;
        for (int at = 0; at < 36; at++)
        {
            if (at is 8 or 13 or 18 or 23)
            {
                if (_start[at] != '-')
                    throw new FormatException($"{this} is not an id.");
                continue;
            }
            bytes[count++] = (byte)(Digit(_start[at]) << 4 | Digit(_start[++at]));
        }
        return new Guid(
            bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3], (short)(bytes[4] << 8 | bytes[5]), (short)(bytes[6] << 8 | bytes[7]),
            bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]);
    }

    private int Digit(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => throw new FormatException($"{this} is not an id."),
    };

    /// <summary>The text; null if it is absent.</summary>
    internal string? ToText() => IsAbsent ? null : ToString();

    public override string ToString() => _start is null || _length == 0 ? "" : Encoding.UTF8.GetString(_start, Length);
}
