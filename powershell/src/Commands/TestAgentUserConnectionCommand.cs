using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Tells what the connection may do, what its token lacks, and how to get it. Reads alone are sent.</summary>
/// <remarks>
/// <para>
/// It reads what the token tells of itself, compares that with what operations need, and tries reads that change nothing.
/// </para>
/// <para>
/// -Probe asks Graph, by reads, what no page of Microsoft answers, and outputs a report in JSON without ids and names, which can be
/// sent to others. -ProbeWrites asks, too, what needs an agent user: it creates one, changes it, and deletes it for ever.
/// </para>
/// </remarks>
/// <example>
/// <code>Test-AgentUserConnection | Where-Object Verdict -eq Lacking</code>
/// <para>Lists the operations that would fail, with the permissions that are missing.</para>
/// </example>
/// <example>
/// <code>Test-AgentUserConnection -Operation applyRoster -Quiet</code>
/// <para>Outputs true if the token allows to apply rosters.</para>
/// </example>
/// <example>
/// <code>Test-AgentUserConnection -Probe | Set-Content probe.json</code>
/// <para>Keeps the report of a probe.</para>
/// </example>
/// <output type="Boolean">With -Quiet: false where something is lacking or refused.</output>
/// <output type="String">With -Probe and -ProbeWrites: the report, as JSON.</output>
[Cmdlet(VerbsDiagnostic.Test, "AgentUserConnection", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = Diagnosed)]
[OutputType(typeof(PSAgentUserConnectionTest), typeof(bool), typeof(string))]
public sealed class TestAgentUserConnectionCommand : AgentUserCommand
{
    private const string Diagnosed = "Diagnosis";

    /// <summary>The operations to look at, by their names in docs/permissions.md; by default all.</summary>
    [ArgumentCompleter(typeof(OperationCompleter))]
    [Parameter(Position = 0, ParameterSetName = Diagnosed)]
    [ValidateNotNullOrEmpty]
    public string[]? Operation { get; set; }

    /// <summary>Outputs only true, or false where something is lacking or refused.</summary>
    [Parameter(ParameterSetName = Diagnosed)]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Asks Graph, by reads, what no page of Microsoft answers.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = nameof(Probe))]
    public SwitchParameter Probe { get; set; }

    /// <summary>An agent identity without an agent user, by its object id: an agent user is created under it, changed, deleted, restored, and deleted for ever.</summary>
    /// <value>Required</value>
    [ArgumentCompleter(typeof(AgentIdentityCompleter))]
    [Parameter(ParameterSetName = nameof(ProbeWrites))]
    [IdentityTransformation("Id", "IdentityParentId")]
    [ValidateNotNullOrEmpty]
    public string? ProbeWrites { get; set; }

    /// <summary>Looks at the connection.</summary>
    protected override void ProcessRecord()
    {
        if (ProbeWrites is { } parent && !ShouldProcess(parent, "Create an agent user, change it, and delete it for ever"))
            return;
        bool? probes = Probe || ProbeWrites is not null ? true : null;
        CallResult result = Pump("Looking at the connection", Operations.Doctor(Operation, probes, ProbeWrites));
        if (result.Problem is { } problem)
        {
            WriteProblem(problem, ProbeWrites);
            return;
        }
        if (probes is not null)
        {
            WriteObject((result.Result["probe"] ?? JsonValue.Null).ToString());
            return;
        }
        PSAgentUserConnectionTest[] tests = [.. Tests(new Diagnosis(result.Result))];
        if (Quiet)
            WriteObject(!tests.Any(test => test.Verdict is "Lacking" or "Refused"));
        else
            WriteObject(tests, enumerateCollection: true);
    }

    private static IEnumerable<PSAgentUserConnectionTest> Tests(Diagnosis found)
    {
        if (found.Token is { } token)
            yield return new("Token", $"{Plain.Pascal(token.Kind)}, for {token.Audience ?? "an unknown service"}", token.Readable ? "Readable" : "Unknown", null, [], null);
        foreach (Remark remark in found.Remarks)
            yield return new("Token", remark.Code, "Remark", Words.Of(remark.Message), [], null);
        foreach (OperationDiagnosis one in found.Operations)
            yield return new("Operation", one.Operation, Plain.Pascal(one.Verdict), null, one.Missing, one.Fix);
        foreach (ReadDiagnosis one in found.Reads)
            yield return new("Read", one.Call, Plain.Pascal(one.Outcome), Words.OfAny(one.Problem?.Message), one.Problem?.Permissions ?? [], Words.OfAny(one.Problem?.Fix));
    }
}
