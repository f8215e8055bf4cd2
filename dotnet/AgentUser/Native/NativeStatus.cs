namespace AgentUsers;

/// <summary><c>agentuser_status</c>: the values that this library acts on.</summary>
internal static class NativeStatus
{
    internal const uint Ok = 0;
    internal const uint NotAHandle = 6;
    internal const uint Ended = 8;
    internal const uint Unsupported = 10;
}
