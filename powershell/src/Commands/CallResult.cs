using System.Collections.Generic;

namespace AgentUsers.PowerShell;

/// <summary>The end of a call: a result or a problem.</summary>
internal sealed class CallResult
{
    internal CallResult(Problem problem) => Problem = problem;

    internal CallResult(WaitResult done)
    {
        Result = done.Result;
        AgentUsers = done.AgentUsers;
        Token = done.Token;
    }

    /// <summary>The problem; null if there is a result.</summary>
    internal Problem? Problem { get; }

    /// <summary>The result; JSON null if there is a problem.</summary>
    internal JsonValue Result { get; } = JsonValue.Null;

    /// <summary>The agent user in the result, if there is one.</summary>
    internal IReadOnlyList<AgentUser> AgentUsers { get; } = [];

    /// <summary>The token in UTF-8, which the caller clears; null if it was not asked for.</summary>
    internal byte[]? Token { get; }
}
