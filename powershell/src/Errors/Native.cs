using System;
using System.Management.Automation;
using System.Reflection;

namespace AgentUsers.PowerShell;

/// <summary>Loads the native library early, so that its absence is an error with a fix.</summary>
internal static class Native
{
    /// <summary>The version of the module that this assembly belongs to. The assembly's own version never changes.</summary>
    private static readonly Version s_version = new(new Version(typeof(Native).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>().Version).ToString(3));

    /// <summary>Loads the library, or ends the cmdlet.</summary>
    internal static void Require(PSCmdlet cmdlet)
    {
        // After an update, PowerShell gives the commands of the newer module the code that the session has loaded, without a word.
        if (cmdlet.MyInvocation.MyCommand.Module?.Version is { } imported && imported != s_version)
        {
            cmdlet.ThrowTerminatingError(Failure.Record(
                "NewSessionNeeded", ErrorCategory.InvalidOperation, null,
                $"The module AgentUser {imported} was imported, and this session had loaded {s_version} before and can't load another version.",
                "Start a new session, and import the module there."));
        }
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
