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

    public override string ToString() => _start is null || _length == 0 ? "" : Encoding.UTF8.GetString(_start, Length);
}
