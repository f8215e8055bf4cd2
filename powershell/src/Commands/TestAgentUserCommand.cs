using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Checks agent users or a roster against Graph's rules. Nothing is sent.</summary>
/// <remarks>
/// <para>
/// All violations come at once, each with code, field, position, message and fix. Missing names are derived and shown, as
/// New-AgentUser derives them.
/// </para>
/// </remarks>
/// <example>
/// <code>Test-AgentUser -IdentityParentId a1d00000-0000-4000-8000-000000000001 -DisplayName Sales -UserPrincipalName 'sales agent@contoso.com'</code>
/// <para>Names the violations of one agent user.</para>
/// </example>
/// <example>
/// <code>(Test-AgentUser ./roster.csv).Violations</code>
/// <para>Names the violations of a roster, with row and field.</para>
/// </example>
/// <example>
/// <code>Import-Csv ./roster.csv | Test-AgentUser | Where-Object { -not $_.IsValid }</code>
/// <para>Tests each record alone and shows the invalid ones.</para>
/// </example>
/// <output type="Boolean">With -Quiet: whether it breaks no rule.</output>
[Cmdlet(VerbsDiagnostic.Test, "AgentUser", DefaultParameterSetName = ByMembers)]
[OutputType(typeof(PSAgentUserValidation), typeof(bool))]
public sealed class TestAgentUserCommand : AgentUserRowCommand
{
    private const string ByObject = "InputObject";
    private const string ByPath = "Path";
    private const string ByLiteralPath = "LiteralPath";

    /// <summary>An object with Graph's property names: a record of a CSV file, a hashtable, any object.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByObject, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>A roster file, CSV or JSON; wildcards are resolved.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string? Path { get; set; }

    /// <summary>A roster file, without wildcards.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByLiteralPath)]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>The tenant's verified domains; without them, domains are not checked.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public string[]? VerifiedDomains { get; set; }

    /// <summary>The most bytes that a roster may have; 64 MiB by default.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByLiteralPath)]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxBytes { get; set; }

    /// <summary>The most rows that a roster may have; 200,000 by default.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByLiteralPath)]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxRows { get; set; }

    /// <summary>The most errors of a roster that are listed; 1,000 by default. More are counted by rule and field.</summary>
    [Parameter(ParameterSetName = ByPath)]
    [Parameter(ParameterSetName = ByLiteralPath)]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxErrors { get; set; }

    /// <summary>Outputs only true or false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Not a parameter of this cmdlet, which sends nothing to Graph.</summary>
    public override AgentUserConnection? Connection { get; set; }

    /// <summary>Not a parameter of this cmdlet, which changes nothing.</summary>
    public override SwitchParameter Force { get; set; }

    /// <summary>Not a parameter of this cmdlet, which works on one after the other.</summary>
    public override SwitchParameter KeepOrder { get; set; }

    /// <summary>Not a parameter of this cmdlet, which works on one after the other.</summary>
    public override int? ThrottleLimit { get; set; }

    private protected override string Activity => "Testing";

    /// <summary>Loads the native library.</summary>
    protected override void BeginProcessing() => Native.Require(this);

    /// <summary>Checks one agent user, or one roster.</summary>
    protected override void ProcessRecord()
    {
        try
        {
            PSAgentUserValidation test = ParameterSetName switch
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

    private protected override void WriteEnd(ProvisionReport report)
    {
    }

    private PSAgentUserValidation One(AgentUserRow row)
    {
        AgentUserValidation result = AgentUserRules.Validate(row, GivenDomain, VerifiedDomains);
        string? Named(string member) => (result.AgentUser is null ? row[member] : result.AgentUser[member]) as string;
        return new PSAgentUserValidation(
            Named("userPrincipalName"), Named("mailNickname"), null, null,
            result.Violations.Select(violation => new PSAgentUserViolation(violation)));
    }

    private PSAgentUserValidation Roster()
    {
        byte[] roster = FilePath.ReadRoster(this, Path, LiteralPath, out string file);
        RosterValidation result = AgentUserRules.ValidateRoster(roster, GivenDomain, VerifiedDomains, MaxBytes, MaxRows, MaxErrors);
        WriteRemarks(result.Remarks);
        IEnumerable<PSAgentUserViolation> violations = result.Problem switch
        {
            null => [],
            { RowErrors.Count: > 0 } problem => problem.RowErrors.Select(error => new PSAgentUserViolation(error)),
            { } problem => [new PSAgentUserViolation(problem)],
        };
        return new PSAgentUserValidation(null, null, file, result.Rows, violations);
    }
}
