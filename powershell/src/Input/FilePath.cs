using System;
using System.Collections.ObjectModel;
using System.IO;
using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>Resolves files against the session's location and drives.</summary>
internal static class FilePath
{
    /// <summary>Reads the one roster that a parameter names, or ends the cmdlet with an error.</summary>
    internal static byte[] ReadRoster(PSCmdlet cmdlet, string? path, string? literalPath, out string file)
    {
        string named = path ?? literalPath ?? throw Refuse(
            cmdlet, "PathMissing", ErrorCategory.InvalidArgument, null, "No roster is named.", "Give -Path or -LiteralPath: a CSV or JSON file.");
        return Read(cmdlet, "Roster", named, () => path is null ? cmdlet.GetUnresolvedProviderPathFromPSPath(literalPath) : Resolve(cmdlet, path), out file);
    }

    /// <summary>Reads a file that is not a roster: a plan, a snapshot. Or ends the cmdlet with an error.</summary>
    internal static byte[] Read(PSCmdlet cmdlet, string path, out string file) =>
        Read(cmdlet, "File", path, () => cmdlet.GetUnresolvedProviderPathFromPSPath(path), out file);

    /// <summary>Reads the text of a file that is not a roster, or ends the cmdlet with an error.</summary>
    internal static string ReadText(PSCmdlet cmdlet, string path) => Encoding.UTF8.GetString(Read(cmdlet, path, out _));

    /// <summary>Reads a file.</summary>
    /// <param name="cmdlet">The cmdlet, which an error ends.</param>
    /// <param name="kind">The word by which the ids of errors begin.</param>
    /// <param name="named">The file as the user names it.</param>
    /// <param name="resolve">Finds its path.</param>
    /// <param name="file">Its path.</param>
    private static byte[] Read(PSCmdlet cmdlet, string kind, string named, Func<string> resolve, out string file)
    {
        try
        {
            file = resolve();
            return File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is ItemNotFoundException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse(
                cmdlet, $"{kind}NotFound", ErrorCategory.ObjectNotFound, named, $"There is no file {named}.",
                "Check the path and the current location.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException
            or PSInvalidOperationException or ProviderNotFoundException or System.Management.Automation.DriveNotFoundException)
        {
            throw Refuse(
                cmdlet, $"{kind}Unreadable", ErrorCategory.ReadError, named, $"{named} cannot be read: {error.Message}",
                "Check the path and its permissions.", error);
        }
    }

    /// <summary>Opens a file to write, or ends the cmdlet with an error.</summary>
    internal static FileStream Create(PSCmdlet cmdlet, string path, bool isNew = false)
    {
        try
        {
            return new FileStream(Full(cmdlet, path), isNew ? FileMode.CreateNew : FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (IOException error) when (isNew && File.Exists(Full(cmdlet, path)))
        {
            throw Refuse(
                cmdlet, "FileExists", ErrorCategory.ResourceExists, path, $"{path} is there already.", "Leave out -NoClobber, or name another file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Refuse(
                cmdlet, "FileNotWritable", ErrorCategory.WriteError, path, $"{path} can't be written: {error.Message}",
                "Check the path and its permissions.", error);
        }
    }

    /// <summary>Writes a file, or ends the cmdlet with an error.</summary>
    internal static void Write(PSCmdlet cmdlet, string path, byte[] content, bool isNew = false)
    {
        using FileStream file = Create(cmdlet, path, isNew);
        file.Write(content, 0, content.Length);
    }

    /// <summary>The full path of a file that may not be there yet; the text itself where it is not a path of the file system.</summary>
    internal static string Full(PSCmdlet cmdlet, string path)
    {
        if (path.Trim().Length == 0)
            return path;
        try
        {
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == "FileSystem" ? full : path;
        }
        catch (Exception error) when (error is NotSupportedException or PSInvalidOperationException or ProviderNotFoundException
            or System.Management.Automation.DriveNotFoundException)
        {
            return path;
        }
    }

    private static string Resolve(PSCmdlet cmdlet, string path)
    {
        Collection<string> files = cmdlet.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
        if (provider.Name != "FileSystem")
        {
            throw Refuse(
                cmdlet, "RosterNotAFile", ErrorCategory.InvalidArgument, path, $"{path} is not a file.", "Name a file of the file system.");
        }
        if (files.Count == 0)
            throw new ItemNotFoundException();
        if (files.Count > 1)
        {
            throw Refuse(
                cmdlet, "SeveralRosters", ErrorCategory.InvalidArgument, path, $"{path} stands for {files.Count} files.",
                "Name one roster at a time. Managers may be rows of the same file only.");
        }
        return files[0];
    }

    private static PipelineStoppedException Refuse(
        PSCmdlet cmdlet, string id, ErrorCategory category, object? target, string message, string fix, Exception? cause = null)
    {
        cmdlet.ThrowTerminatingError(Failure.Record(id, category, target, message, fix, cause));
        return new PipelineStoppedException();
    }
}
