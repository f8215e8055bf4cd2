namespace AgentUsers.PowerShell.Tests;

/// <summary>The folders of the repository.</summary>
internal static class Repository
{
    /// <summary>The root folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>The module's folder, in the configuration of these tests.</summary>
    public static string Module { get; } =
        Path.Combine(Root, "powershell", "src", "bin", AppContext.BaseDirectory.Contains("Release") ? "Release" : "Debug", "AgentUser");

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Cargo.lock")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
