using System.Globalization;
using System.Management.Automation.Host;

namespace AgentUsers.PowerShell.Host;

/// <summary>The host of a PowerShell session: it writes to two writers and answers questions with prepared answers.</summary>
public sealed class ScriptHost : PSHost
{
    /// <summary>Makes a host that writes to these.</summary>
    public ScriptHost(TextWriter output, TextWriter error) => Screen = new ScriptHostUI(output, error);

    /// <summary>The progress and the questions so far.</summary>
    public ScriptHostUI Screen { get; }

    /// <summary>The exit code that a script set.</summary>
    public int? ExitCode { get; private set; }

    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override string Name => "AgentUserScriptHost";
    public override Version Version { get; } = new(1, 0);
    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;
    public override CultureInfo CurrentUICulture { get; } = new("en-US");
    public override PSHostUserInterface UI => Screen;

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;
    public override void EnterNestedPrompt() => throw new NotSupportedException();
    public override void ExitNestedPrompt() => throw new NotSupportedException();
    public override void NotifyBeginApplication() { }
    public override void NotifyEndApplication() { }
}
