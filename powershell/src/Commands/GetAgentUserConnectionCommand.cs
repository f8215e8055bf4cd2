using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets the open connections of this session; nothing if there is none.</summary>
/// <remarks>
/// <para>
/// The first is the one that cmdlets use when none is named. No token is shown: Get-AgentUserToken gives one.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUserConnection</code>
/// <para>Shows who is signed in, and where.</para>
/// </example>
/// <example>
/// <code>Get-AgentUserConnection -Name test*</code>
/// <para>Shows the connections whose names begin with test.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUserConnection")]
[OutputType(typeof(AgentUserConnection))]
public sealed class GetAgentUserConnectionCommand : PSCmdlet
{
    /// <summary>Names of connections; wildcards are resolved.</summary>
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Outputs the connections.</summary>
    protected override void ProcessRecord()
    {
        AgentUserConnection[] all = [.. RunspaceState.Current.Connections];
        if (Name is null)
        {
            WriteObject(all, enumerateCollection: true);
            return;
        }
        foreach (string name in Name)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            AgentUserConnection[] matches = [.. all.Where(connection => connection.Name is { } known && pattern.IsMatch(known))];
            if (matches.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(Failure.Record(
                    "NoSuchConnection", ErrorCategory.ObjectNotFound, name, $"There is no connection with the name '{name}'.",
                    "Make one by Connect-AgentUser -Name."));
            }
            WriteObject(matches, enumerateCollection: true);
        }
    }
}
