using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using AgentUsers.PowerShell.Host;

namespace AgentUsers.PowerShell.Tests;

/// <summary>A session of the real engine with the module imported, as a user has.</summary>
internal sealed class Engine : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public Engine()
    {
        Host = new ScriptHost(_output, _error);
        Runspace = ScriptSession.Open(Host);
        Run("Import-Module $args[0]", Repository.Module).Check();
    }

    public ScriptHost Host { get; }

    public Runspace Runspace { get; }

    /// <summary>The text shown so far.</summary>
    public string Shown => _output.ToString();

    /// <summary>The warnings, errors and records that the host was told so far.</summary>
    public string Told => _error.ToString();

    /// <summary>Runs a script and returns its output, errors and progress.</summary>
    public Outcome Run(string script, params object[] arguments)
    {
        using var shell = Shell(script, arguments);
        ErrorRecord? end = null;
        var output = new Collection<PSObject>();
        try
        {
            shell.Invoke(null, output);
        }
        catch (RuntimeException error)
        {
            end = error.ErrorRecord;
        }
        return new Outcome(output, [.. shell.Streams.Error], end, [.. shell.Streams.Progress]);
    }

    /// <summary>Makes a script that is ready to run.</summary>
    public System.Management.Automation.PowerShell Shell(string script, params object[] arguments)
    {
        var shell = System.Management.Automation.PowerShell.Create(Runspace);
        shell.AddScript(script);
        foreach (object argument in arguments)
            shell.AddArgument(argument);
        return shell;
    }

    /// <summary>Starts a simulator and connects to it.</summary>
    public Tenant Connect(string options = "", Hashtable? parameters = null)
    {
        if (parameters is null)
            options += " -AccessToken admin";
        dynamic simulator = Run($"$parameters = $args[0]; ($simulator = Start-AgentUserSimulator {options}); $simulator | Connect-AgentUser", parameters ?? []).Check().Single();
        return new Tenant((Uri)simulator.GraphEndpoint);
    }

    /// <summary>Runs a script that is wrong: its one error has an id and a fix, and comes before a request.</summary>
    /// <param name="script">The script.</param>
    /// <param name="id">The id of the error.</param>
    /// <param name="fix">A part of the fix.</param>
    public static void Refuses(string script, string id, string fix = "")
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 3");
        ErrorRecord error = engine.Run(script).Error;
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Contains(fix, error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(0, (int)tenant.Stats()["requests"]!);
    }

    public void Dispose()
    {
        Run("Remove-Module AgentUser");
        Runspace.Dispose();
    }
}

/// <summary>The result of a script.</summary>
/// <param name="Output">The objects it wrote.</param>
/// <param name="Errors">Its errors.</param>
/// <param name="End">The error that ended it.</param>
/// <param name="Progress">Its progress records, which also reach the host.</param>
internal sealed record Outcome(Collection<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, ErrorRecord? End, IReadOnlyList<ProgressRecord> Progress)
{
    /// <summary>The output, checked to be without errors.</summary>
    public Collection<PSObject> Check()
    {
        Assert.Null(End);
        Assert.Empty(Errors);
        return Output;
    }

    /// <summary>The one error.</summary>
    public ErrorRecord Error => End ?? Assert.Single(Errors);

    /// <summary>The values of a property of all output objects.</summary>
    public IEnumerable<object?> Values(string property) => Output.Select(item => item.Properties[property].Value);
}
