using System.Management.Automation.Runspaces;

namespace AgentUsers.PowerShell.Host;

/// <summary>A runspace with the engine's core commands, as <c>pwsh -NoProfile</c> has them.</summary>
public static class ScriptSession
{
    /// <summary>Opens a runspace.</summary>
    public static Runspace Open(ScriptHost host)
    {
        var runspace = RunspaceFactory.CreateRunspace(host, InitialSessionState.CreateDefault2());
        runspace.Open();
        return runspace;
    }

    /// <summary>Runs a script file as <c>pwsh -File</c> does; the exit code is the script's.</summary>
    public static int Run(ScriptHost host, string script, IEnumerable<string> arguments)
    {
        using var runspace = Open(host);
        using var shell = System.Management.Automation.PowerShell.Create(runspace);
        shell.AddCommand(Path.GetFullPath(script), useLocalScope: false);
        foreach (var argument in arguments)
            shell.AddArgument(argument);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        try
        {
            shell.Invoke();
        }
        catch (System.Management.Automation.RuntimeException problem)
        {
            host.UI.WriteErrorLine(problem.ErrorRecord.ToString());
            return 1;
        }
        var code = runspace.SessionStateProxy.PSVariable.GetValue("LASTEXITCODE");
        return host.ExitCode ?? (code as int? ?? 0);
    }
}
