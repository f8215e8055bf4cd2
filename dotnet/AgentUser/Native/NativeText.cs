using System;
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

    /// <summary>Whether it is the same ASCII text.</summary>
    internal bool IsSame(string text)
    {
        if (Length != text.Length)
            return false;
        // From the end, where most rows differ, such as by the numbers in names.
        for (int at = text.Length - 1; at >= 0; at--)
        {
            if (_start[at] != text[at] || text[at] >= 0x80)
                return false;
        }
        return true;
    }

    /// <summary>The id in it, read without a string in between; null if it is absent.</summary>
    /// <exception cref="FormatException">It is not an id.</exception>
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

    public override string ToString() => _start is null || _length == 0 ? "" : Encoding.UTF8.GetString(_start, Length);
}
