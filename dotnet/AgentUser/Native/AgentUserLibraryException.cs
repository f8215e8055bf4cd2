using System;
using System.Collections.Generic;

namespace AgentUsers;

/// <summary>The native library can't be loaded. The message lists everything that was tried.</summary>
public sealed class AgentUserLibraryException : DllNotFoundException
{
    internal AgentUserLibraryException(string message, IReadOnlyList<string> tried, Exception? inner = null)
        : base(message, inner) => Tried = tried;

    /// <summary>Every file that was tried, with the reason why it was not loaded.</summary>
    public IReadOnlyList<string> Tried { get; }
}
