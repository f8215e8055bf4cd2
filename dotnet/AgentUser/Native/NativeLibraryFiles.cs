using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace AgentUsers;

/// <summary>The files that may be the native library.</summary>
internal static class NativeLibraryFiles
{
    /// <summary>The environment variable that names the one file to load, by its full path.</summary>
    internal const string Override = "AGENTUSER_NATIVE_LIBRARY";

    /// <summary>
    /// The file that the environment names; null where the environment has no say. A user who may not act as administrator sets the
    /// variables of that user's elevated processes, too, and must not choose the code that these run. The packaged module has its own
    /// library.
    /// </summary>
    internal static string? Chosen => IsPackaged || IsElevated ? null : Environment.GetEnvironmentVariable(Override);

    /// <summary>Whether this assembly was built together with a library, as the module is.</summary>
    internal static bool IsPackaged =>
#if NATIVE_LIBRARY_PACKAGED
        true;
#else
        false;
#endif

    /// <summary>Whether the process has more rights than its user: on Windows an elevated one, elsewhere one that runs as another user.</summary>
    internal static bool IsElevated => IsWindows ? NativeModule.IsAdministrator() : NativeModule.RunsAsAnother();

    /// <summary>The files to try, best first. A path that is not whole depends on the current folder, and is none of them.</summary>
    internal static IReadOnlyList<string> Candidates(string? chosen, string folder)
    {
        if (!string.IsNullOrEmpty(chosen))
            return IsWhole(chosen!) ? [chosen!] : [];
        var files = new List<string>();
        foreach (string platform in Platforms())
        {
            files.Add(Path.Combine(folder, "runtimes", platform, "native", FileName));
            files.Add(Path.Combine(folder, platform, FileName));
        }
        // A program published for one platform has the library beside itself.
        files.Add(Path.Combine(folder, FileName));
        return files;
    }

    /// <summary>
    /// The folder that has the library: the program's. On .NET Framework and in PowerShell the program is a host in another folder,
    /// and it is this assembly's.
    /// </summary>
    internal static string Folder =>
#if NET8_0_OR_GREATER
        AppContext.BaseDirectory;
#else
        Path.GetDirectoryName(typeof(NativeLibraryFiles).Assembly.Location)!;
#endif

    /// <summary>Whether a path leads to the same file from every folder and drive.</summary>
    internal static bool IsWhole(string path)
    {
        if (!IsWindows)
            return path.StartsWith("/", StringComparison.Ordinal);
        static bool IsSeparator(char one) => one is '\\' or '/';
        bool drive = path.Length > 2 && path[1] == ':' && IsSeparator(path[2]);
        return drive || (path.Length > 1 && IsSeparator(path[0]) && IsSeparator(path[1]));
    }

    internal static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>The name of the library. Windows ignores case, and takes agentuser.dll for the assembly AgentUser.dll beside it.</summary>
    private static string FileName =>
        IsWindows ? "libagentuser.dll" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "libagentuser.dylib" : "libagentuser.so";

    private static string[] Platforms()
    {
        string processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (IsWindows)
            return [$"win-{processor}"];
        if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX))
            return [$"osx-{processor}"];
        return [$"linux-{processor}", $"linux-musl-{processor}"];
    }
}
