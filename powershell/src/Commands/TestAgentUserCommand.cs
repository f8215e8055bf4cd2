using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Checks agent users, or a whole roster, by every rule of Graph that is known. Nothing is sent.</summary>
/// <remarks>
/// <para>
/// All broken rules come at once, each with code, field, position, message and fix. Names that are missing are derived
/// as New-AgentUser would, and shown.
/// </para>
/// </remarks>
/// <example>
/// <code>Test-AgentUser -ParentId a1d00000-0000-4000-8000-000000000001 -DisplayName Sales -UserPrincipalName 'sales agent@contoso.com'</code>
/// <para>Names what is wrong with one.</para>
/// </example>
/// <example>
/// <code>(Test-AgentUser -Path ./roster.csv).Violations</code>
/// <para>Names what is wrong with a roster, with row and column.</para>
/// </example>
/// <example>
/// <code>Import-Csv ./roster.csv | Test-AgentUser | Where-Object { -not $_.IsValid }</code>
/// <para>Tests records by themselves, and shows the broken ones.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "AgentUser", DefaultParameterSetName = ByMembers)]
[OutputType(typeof(PSAgentUserTest), typeof(bool))]
public sealed class TestAgentUserCommand : AgentUserRowCommand
{
    private const string ByObject = "InputObject";
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    /// <summary>Anything with Graph's property names: a record of a CSV file, a hashtable, an object.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByObject, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>A roster, CSV or JSON; wildcards are resolved.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? Path { get; set; }

    /// <summary>A roster, its name taken as it stands.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByLiteralPath)]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>The tenant's verified domains, where they are known.</summary>
    [Parameter]
    public string[]? VerifiedDomains { get; set; }

    /// <summary>Outputs true or false alone.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>No parameter here: nothing is asked of Graph.</summary>
    public override AgentUserConnection? Connection { get; set; }

    /// <summary>Loads the native library.</summary>
    protected override void BeginProcessing() => Native.Require(this);

    /// <summary>Checks one agent user, or one roster.</summary>
    protected override void ProcessRecord()
    {
        try
        {
            PSAgentUserTest test = ParameterSetName switch
            {
                ByPath or ByLiteralPath => Roster(),
                ByObject => One(Row.Of(InputObject!)),
                _ => One(Members()),
            };
            WriteObject(Quiet ? test.IsValid : test);
        }
        catch (AgentUserException error)
        {
            WriteProblem(error.Problem, InputObject);
        }
    }

    private PSAgentUserTest One(AgentUserRow row)
    {
        AgentUserValidation result = AgentUserRules.Validate(row, GivenDomain, VerifiedDomains);
        string? Named(string member) => (result.AgentUser is null ? row[member] : result.AgentUser[member])?.AsString();
        return new PSAgentUserTest(
            Named("userPrincipalName"), Named("mailNickname"), null, null,
            result.Violations.Select(violation => new PSAgentUserViolation(violation)));
    }

    private PSAgentUserTest Roster()
    {
        byte[] roster = FilePath.Read(this, Path, LiteralPath, out string file);
        RosterValidation result = AgentUserRules.ValidateRoster(roster, GivenDomain, VerifiedDomains);
        IEnumerable<PSAgentUserViolation> violations = result.Problem switch
        {
            null => [],
            { RowErrors.Count: > 0 } problem => problem.RowErrors.Select(error => new PSAgentUserViolation(error)),
            { } problem => [new PSAgentUserViolation(problem)],
        };
        return new PSAgentUserTest(null, null, file, result.Rows, violations);
    }
}
