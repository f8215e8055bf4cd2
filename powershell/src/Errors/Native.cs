using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Loads the native library early, so that its absence is an error with a fix.</summary>
internal static class Native
{
    /// <summary>Loads the library, or ends the cmdlet.</summary>
    internal static void Require(PSCmdlet cmdlet)
    {
        try
        {
            _ = NativeFunctions.Instance;
        }
        catch (AgentUserLibraryException error)
        {
            cmdlet.ThrowTerminatingError(Failure.Record(
                "NativeLibraryMissing", ErrorCategory.NotInstalled, null, error.Message,
                "Install the module again, or set AGENTUSER_NATIVE_LIBRARY to the library's full path.", error));
        }
    }
}
