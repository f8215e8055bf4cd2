using System.Collections.Generic;

namespace AgentUsers.PowerShell;

/// <summary>How an operation ended.</summary>
internal sealed class Ended
{
    internal Ended(Problem problem) => Problem = problem;

    internal Ended(WaitResult done)
    {
        Result = done.Result;
        AgentUsers = done.AgentUsers;
    }

    /// <summary>What kept it from a result.</summary>
    internal Problem? Problem { get; }

    /// <summary>Its result.</summary>
    internal JsonValue Result { get; } = JsonValue.Null;

    /// <summary>The agent user that the result holds, where it holds one.</summary>
    internal IReadOnlyList<AgentUser> AgentUsers { get; } = [];
}
