using System;

namespace AgentUsers;

/// <summary>An operation under way; its progress and results come to the thread that waits.</summary>
internal interface ICall : IDisposable
{
    /// <summary>Waits for the next progress, token demand, item or end.</summary>
    /// <param name="timeoutMs">The time-out in milliseconds; 0 returns at once, -1 waits without limit.</param>
    /// <returns>The next result; <see cref="WaitResult.Timeout"/> if none came in time.</returns>
    /// <exception cref="ObjectDisposedException">The call was disposed of, before or meanwhile, or its end was returned already.</exception>
    WaitResult Wait(int timeoutMs);

    /// <summary>Cancels the call, which finishes and reports the changes that have begun. Any thread may call it, any number of times.</summary>
    void Cancel();
}
