using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace AgentUsers;

/// <summary>A result that the native library handed out.</summary>
internal sealed unsafe class NativeResult(IntPtr owned) : NativeHandle(owned)
{
    /// <summary>The JSON of the result; empty if there is none.</summary>
    internal string Json()
    {
        using Lease lease = Borrow();
        NativeText text = default;
        Check(Functions.ResultJson(lease.Pointer, &text));
        return text.ToString();
    }

    /// <summary>Whether the JSON is an array, told by its first character.</summary>
    internal bool IsArray()
    {
        using Lease lease = Borrow();
        NativeText text = default;
        Check(Functions.ResultJson(lease.Pointer, &text));
        return text.Length > 0 && *text.Start == '[';
    }

    /// <summary>The agent users in the result.</summary>
    [MethodImpl(HotPath.Optimized)]
    internal IReadOnlyList<AgentUser> AgentUsers()
    {
        using Lease lease = Borrow();
        nuint rows = 0;
        Check(Functions.ResultRows(lease.Pointer, &rows));
        if (rows == 0)
            return [];
        var users = new AgentUser[checked((int)rows)];
        NativeText* fields = stackalloc NativeText[AgentUserFields.Count];
        var shared = new SharedMembers();
        for (int row = 0; row < users.Length; row++)
        {
            ulong flags = 0;
            Check(Functions.ResultRow(lease.Pointer, (nuint)row, fields, AgentUserFields.Count, &flags));
            users[row] = AgentUser.FromRow(fields, flags, shared);
        }
        return users;
    }

    /// <summary>The bodies of requests, by the ids of those.</summary>
    internal IReadOnlyDictionary<long, byte[]> Bodies()
    {
        using Lease lease = Borrow();
        nuint count = 0;
        Check(Functions.ResultBodies(lease.Pointer, &count));
        var bodies = new Dictionary<long, byte[]>();
        for (nuint number = 0; number < count; number++)
        {
            ulong id = 0;
            NativeText body = default;
            Check(Functions.ResultBody(lease.Pointer, number, &id, &body));
            bodies[(long)id] = body.ToBytes();
        }
        return bodies;
    }

    /// <summary>The bytes beside the JSON; null if there are none.</summary>
    internal byte[]? Body()
    {
        using Lease lease = Borrow();
        nuint count = 0;
        Check(Functions.ResultBodies(lease.Pointer, &count));
        if (count == 0)
            return null;
        ulong id = 0;
        NativeText body = default;
        Check(Functions.ResultBody(lease.Pointer, 0, &id, &body));
        return body.ToBytes();
    }

    protected override bool ReleaseHandle() => Functions.ResultFree(handle) == NativeStatus.Ok;

    private static void Check(uint status) => NativeCalls.Check(status, IntPtr.Zero);
}
