using System.Management.Automation;
using System.Reflection;

namespace AgentUsers.PowerShell.Tests;

/// <summary>Ends the pipeline as <c>Select-Object -First</c> does, which the hosted engine lacks.</summary>
[Cmdlet(VerbsCommon.Select, "First")]
public sealed class SelectFirstCommand : PSCmdlet
{
    private int _seen;

    [Parameter(Position = 0)]
    public int Count { get; set; }

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        if (++_seen < Count)
            return;
        Type stop = typeof(PSCmdlet).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
        throw (Exception)stop.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)[0].Invoke([this])!;
    }
}
