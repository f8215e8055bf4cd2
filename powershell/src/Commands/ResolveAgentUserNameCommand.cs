using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Derives mail nickname and sign-in name from a display name, as New-AgentUser and rosters do. Nothing is sent.</summary>
/// <remarks>
/// <para>Letters with accents lose them, other scripts are spelled in Latin letters, and what a sign-in name can't hold becomes a dot.</para>
/// </remarks>
/// <example>
/// <code>Resolve-AgentUserName 'Zoë Müller' -Domain contoso.com</code>
/// <para>Gives zoe.muller@contoso.com.</para>
/// </example>
/// <example>
/// <code>'Sales Agent', 'Émilie Zöe' | Resolve-AgentUserName -Domain contoso.com -Alternative 2</code>
/// <para>Gives the names to take where another user has the first ones.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Resolve, "AgentUserName")]
[OutputType(typeof(PSAgentUserName))]
public sealed class ResolveAgentUserNameCommand : PSCmdlet
{
    /// <summary>The display names.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? DisplayName { get; set; }

    /// <summary>The domain of the sign-in name; without one there is none.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public string? Domain { get; set; }

    /// <summary>The number of an alternative, which ends the name: 2 for the second; by default there is none.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Alternative { get; set; }

    /// <summary>Loads the native library.</summary>
    protected override void BeginProcessing() => Native.Require(this);

    /// <summary>Derives the names.</summary>
    protected override void ProcessRecord()
    {
        if (DisplayName is not { Length: > 0 })
        {
            ThrowTerminatingError(Failure.Record(
                "DisplayNameMissing", ErrorCategory.InvalidArgument, null, "No display name is given.", "Give -DisplayName, or pipe names in."));
        }
        foreach (string name in DisplayName!)
        {
            try
            {
                WriteObject(new PSAgentUserName(name, AgentUserRules.Derive(name, string.IsNullOrEmpty(Domain) ? null : Domain, Alternative)));
            }
            catch (AgentUserException error)
            {
                WriteError(Failure.Record(this, error.Problem, name));
            }
        }
    }
}
