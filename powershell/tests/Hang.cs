namespace AgentUsers.PowerShell.Tests;

/// <summary>The limit after which a test fails that would else wait for ever, or for an answer that was not to be waited for.</summary>
internal static class Hang
{
    /// <summary>Less than the default of <c>-RequestTimeout</c>, after which a request whose answer never comes ends by itself.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);
}
