using System;
using System.Linq;
using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers.PowerShell;

/// <summary>Shows a person what a sign-in asks for, by the cmdlet that waits for it. Nothing is asked at the prompt.</summary>
internal static class PersonPrompt
{
    /// <summary>The cmdlet that meets a demand on this thread now.</summary>
    [ThreadStatic]
    private static PSCmdlet? t_cmdlet;

    /// <summary>Meets a demand on the thread of a cmdlet, by the callback of the sign-in.</summary>
    internal static DemandAnswer? Meet(PSCmdlet cmdlet, SignInHost host, Demand demand)
    {
        PSCmdlet? outer = t_cmdlet;
        t_cmdlet = cmdlet;
        try
        {
            return host.MeetAsync(demand, CancellationToken.None).GetAwaiter().GetResult();
        }
        finally
        {
            t_cmdlet = outer;
        }
    }

    /// <summary>Shows the code of a device as a warning, which every host shows and every job keeps.</summary>
    internal static Task ShowAsync(DeviceCode code, CancellationToken cancellationToken)
    {
        t_cmdlet!.WriteWarning(code.Message);
        return Task.CompletedTask;
    }

    /// <summary>Opens the browser of this machine.</summary>
    /// <exception cref="PromptException">No browser can be opened.</exception>
    internal static async Task OpenAsync(Uri url, CancellationToken cancellationToken)
    {
        PSCmdlet cmdlet = t_cmdlet!;
        if (!IsInteractive())
            throw new PromptException("No browser is opened for the sign-in, because this session is not interactive.");
        if (!HasDesktop())
            throw new PromptException("No browser can be opened, because this machine has no desktop.");
        try
        {
            await SystemBrowser.OpenAsync(url, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException error)
        {
            throw new PromptException("No browser can be opened on this machine.", error);
        }
        // As Write-Host does: shown, whatever the preference is.
        cmdlet.WriteInformation(
            new HostInformationMessage { Message = "A browser is open for the sign-in. Ctrl+C ends the wait for it." }, ["PSHOST"]);
    }

    private static bool IsInteractive() =>
        Environment.UserInteractive
        && !Environment.GetCommandLineArgs().Skip(1).Any(argument =>
            argument.Length > 4 && "noninteractive".StartsWith(argument.TrimStart('-', '/'), StringComparison.OrdinalIgnoreCase)
            && argument[0] is '-' or '/');

    private static bool HasDesktop() =>
        !RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
        || new[] { "DISPLAY", "WAYLAND_DISPLAY", "BROWSER" }.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));
}

/// <summary>A person can't be asked to sign in here.</summary>
internal sealed class PromptException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do instead.</summary>
    internal static string Fix => "Connect with -UseDeviceCode, and type the code in the browser of any device; or sign in without a person.";
}
