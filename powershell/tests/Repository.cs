namespace AgentUsers.PowerShell.Tests;

/// <summary>Where things are.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = Find();

    /// <summary>The module's folder, built as these tests were.</summary>
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
