using System;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers.PowerShell;

/// <summary>Shows a person what a sign-in asks for, by the cmdlet that waits for it. Nothing is asked at the prompt.</summary>
internal static class PersonPrompt
{
    /// <summary>The cmdlet that meets a demand on this thread now.</summary>
    [ThreadStatic]
    private static PSCmdlet? t_cmdlet;

    /// <summary>Meets a demand by the callback of the sign-in, which is called on the thread of a cmdlet.</summary>
    internal static Task<DemandAnswer?> MeetAsync(PSCmdlet cmdlet, SignInHost host, Demand demand, CancellationToken ended)
    {
        PSCmdlet? outer = t_cmdlet;
        t_cmdlet = cmdlet;
        try
        {
            return host.MeetAsync(demand, ended);
        }
        finally
        {
            t_cmdlet = outer;
        }
    }

    /// <summary>Shows the code of a device as a warning, which every job keeps; where warnings are hidden, as Write-Host does.</summary>
    internal static Task ShowAsync(DeviceCode code, CancellationToken cancellationToken)
    {
        if (HidesWarnings(t_cmdlet!))
            Tell(t_cmdlet!, code.Message);
        else
            Streams.Warn(t_cmdlet!, code.Message);
        return Task.CompletedTask;
    }

    /// <summary>Opens the browser of this machine.</summary>
    /// <exception cref="PromptException">No browser can be opened.</exception>
    internal static async Task OpenAsync(Uri url, CancellationToken cancellationToken)
    {
        PSCmdlet cmdlet = t_cmdlet!;
        if (!IsInteractive())
            throw new PromptException("No browser is opened for the sign-in, because this session is not interactive.");
        Task opening = SystemBrowser.OpenAsync(url, cancellationToken);
        // Before the first wait, because only the cmdlet's thread may tell.
        if (!opening.IsFaulted)
            Tell(cmdlet, "A browser opens now for the sign-in. Ctrl+C ends the wait for it.");
        try
        {
            await opening.ConfigureAwait(false);
        }
        catch (AgentUserException error)
        {
            throw new PromptException(error.Problem.Message, error);
        }
    }

    /// <summary>Shows a text as Write-Host does, whatever the preferences for information and warnings are.</summary>
    private static void Tell(PSCmdlet cmdlet, string text) =>
        cmdlet.WriteInformation(new HostInformationMessage { Message = text }, ["PSHOST"]);

    private static bool HidesWarnings(PSCmdlet cmdlet)
    {
        object? preference = cmdlet.MyInvocation.BoundParameters.TryGetValue("WarningAction", out object? given)
            ? given
            : cmdlet.GetVariableValue("WarningPreference");
        return LanguagePrimitives.TryConvertTo(preference, out ActionPreference action)
            && action is ActionPreference.SilentlyContinue or ActionPreference.Ignore;
    }

    private static bool IsInteractive() =>
        Environment.UserInteractive
        && !Environment.GetCommandLineArgs().Skip(1).Any(argument =>
            argument.Length > 4 && "noninteractive".StartsWith(argument.TrimStart('-', '/'), StringComparison.OrdinalIgnoreCase)
            && argument[0] is '-' or '/');
}

/// <summary>A person can't be asked to sign in here.</summary>
internal sealed class PromptException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The other way to sign in.</summary>
    internal static string Fix => "Connect with -UseDeviceCode, and type the code in the browser of any device; or sign in without a person.";
}
