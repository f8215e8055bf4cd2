using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>Opens the browser of this machine.</summary>
internal static class SystemBrowser
{
    /// <exception cref="InvalidOperationException">There is no browser.</exception>
    internal static Task OpenAsync(Uri url, CancellationToken cancellationToken)
    {
        // The shell would start whatever else it is given, such as a program.
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            throw new InvalidOperationException("The address of the sign-in is not one for a browser.");
        try
        {
            using Process? started = Process.Start(new ProcessStartInfo(url.AbsoluteUri) { UseShellExecute = true });
        }
        catch (Exception error) when (error is Win32Exception or PlatformNotSupportedException or System.IO.FileNotFoundException)
        {
            throw new InvalidOperationException(
                $"No browser can be opened ({error.Message.TrimEnd('.')}). Give {nameof(SignIn)}.{nameof(SignIn.Browser)} an opener, or sign in by {nameof(SignIn)}.{nameof(SignIn.DeviceCode)}.",
                error);
        }
        return Task.CompletedTask;
    }
}
