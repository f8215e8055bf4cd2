using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>Opens the browser of this machine.</summary>
internal static class SystemBrowser
{
    /// <summary>For so long an opener can fail. Later it is the browser that ends, which the person closed.</summary>
    private static readonly TimeSpan s_early = TimeSpan.FromMinutes(1);

    private static readonly string[] s_desktops = ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"];

    /// <summary>
    /// Starts the browser before it returns. The task ends when the browser was opened, or is there for a while: on Linux the first
    /// one stays until the person closes it.
    /// </summary>
    /// <exception cref="AgentUserException">There is no browser, or it can't be opened: <c>NoBrowser</c>.</exception>
    internal static async Task OpenAsync(Uri url, CancellationToken cancellationToken)
    {
        // The shell would start whatever else it is given, such as a program.
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            throw NoBrowser("the address of the sign-in is not one for a browser");
        if (!HasDesktop())
            throw NoBrowser("this machine has no desktop");
        try
        {
            using Process? opener = Process.Start(new ProcessStartInfo(url.AbsoluteUri) { UseShellExecute = true });
            if (opener is null || RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
                return;
            if (await CodeOfAsync(opener, cancellationToken).ConfigureAwait(false) is { } code and not 0)
                throw NoBrowser(FormattableString.Invariant($"the system's opener failed with exit code {code}"));
        }
        catch (Exception error) when (error is Win32Exception or PlatformNotSupportedException or FileNotFoundException)
        {
            // The messages of these hold the address, which is for the person alone.
            throw NoBrowser("the system has nothing that opens one");
        }
    }

    /// <summary>The exit code of a process; null if it runs on.</summary>
    private static async Task<int?> CodeOfAsync(Process process, CancellationToken cancellationToken)
    {
        var exited = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => exited.TrySetResult(true);
        process.EnableRaisingEvents = true;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(s_early);
        using (late.Token.Register(() => exited.TrySetResult(false)))
            return await exited.Task.ConfigureAwait(false) ? process.ExitCode : null;
    }

    private static bool HasDesktop() =>
        !RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
        || s_desktops.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    private static AgentUserException NoBrowser(string why) => new(Problem.Of(
        ProblemCodes.NoBrowser,
        $"No browser can be opened: {why}.",
        $"Give {nameof(SignIn)}.{nameof(SignIn.Browser)} an opener, or sign in by {nameof(SignIn)}.{nameof(SignIn.DeviceCode)}."));
}
