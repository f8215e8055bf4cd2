using System;
using System.IO;
using System.Reflection;

namespace AgentUsers.PowerShell;

/// <summary>Whether others may read and change a file, on systems that have modes.</summary>
internal static class FileAccessRights
{
    private const int GroupAndOthersWrite = 0b000_010_010;
    private const int GroupAndOthersRead = 0b000_100_100;

    /// <summary>File.GetUnixFileMode, which .NET Standard 2.0 and .NET before 7 have not.</summary>
    private static readonly MethodInfo? s_mode = typeof(File).GetMethod("GetUnixFileMode", [typeof(string)]);

    /// <summary>A remark on a file with a secret that other users of this machine may read or change; null if none may.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="what">The kind of file, in words.</param>
    internal static string? Remark(string path, string what)
    {
        int mode = ModeOf(path);
        string? may = (mode & GroupAndOthersWrite) != 0 ? "change" : (mode & GroupAndOthersRead) != 0 ? "read" : null;
        return may is null ? null : $"Other users of this machine may {may} the {what} file {path}. Run chmod 600 {path}.";
    }

    private static int ModeOf(string path)
    {
        if (s_mode is null || Path.DirectorySeparatorChar == '\\')
            return 0;
        try
        {
            return (int)s_mode.Invoke(null, [path])!;
        }
        catch (TargetInvocationException)
        {
            // There is no such file, which is told when it is read.
            return 0;
        }
    }
}
