using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AgentUsers.PowerShell;

/// <summary>
/// Warnings and verbose lines. With -Debug the engine asks after each line of a compiled cmdlet whether to go on, and in a session that can't
/// answer, the run would end there. Then another cmdlet, without -Debug, writes the line, as the preferences of the session say.
/// </summary>
internal static class Streams
{
    private static readonly CmdletInfo s_write = new("Write-Stream", typeof(WriteStreamCommand));

    /// <summary>Writes a warning.</summary>
    internal static void Warn(PSCmdlet cmdlet, string text)
    {
        if (WouldAsk(cmdlet, "WarningAction"))
            Write(cmdlet, text, PipelineResultTypes.Warning);
        else
            cmdlet.WriteWarning(text);
    }

    /// <summary>Writes a verbose line, where these are shown.</summary>
    internal static void Tell(PSCmdlet cmdlet, string text)
    {
        if (!IsVerbose(cmdlet))
            return;
        if (WouldAsk(cmdlet, "Verbose"))
            Write(cmdlet, text, PipelineResultTypes.None);
        else
            cmdlet.WriteVerbose(text);
    }

    /// <summary>Whether verbose output is shown: by <c>-Verbose</c>, or by the preference of the session.</summary>
    internal static bool IsVerbose(PSCmdlet cmdlet) => Switched(cmdlet, "Verbose")
        ?? (cmdlet.GetVariableValue("VerbosePreference") is { } preference && preference.ToString() != nameof(ActionPreference.SilentlyContinue));

    /// <summary>A common switch as this invocation has it; null where the session decides.</summary>
    internal static bool? Switched(PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object? given) ? given is SwitchParameter { IsPresent: true } : null;

    /// <summary>Whether the engine would ask: -Debug is given, and not the parameter that it goes by before that.</summary>
    private static bool WouldAsk(PSCmdlet cmdlet, string before) =>
        Switched(cmdlet, "Debug") == true && !cmdlet.MyInvocation.BoundParameters.ContainsKey(before);

    private static void Write(PSCmdlet cmdlet, string text, PipelineResultTypes merged) => cmdlet.InvokeCommand.InvokeScript(
        "& $args[0] -Text $args[1] -IsWarning $args[2]", useNewScope: false, PipelineResultTypes.Output | merged, input: null,
        s_write, text, merged == PipelineResultTypes.Warning);

    /// <summary>Writes one warning or one verbose line. No name leads to it.</summary>
    internal sealed class WriteStreamCommand : PSCmdlet
    {
        [Parameter]
        public string Text { get; set; } = "";

        [Parameter]
        public bool IsWarning { get; set; }

        protected override void ProcessRecord()
        {
            if (IsWarning)
                WriteWarning(Text);
            else
                WriteVerbose(Text);
        }
    }
}
