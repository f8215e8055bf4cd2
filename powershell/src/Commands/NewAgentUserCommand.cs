using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Creates an agent user exactly once, with manager, sponsors and licenses.</summary>
/// <remarks>
/// <para>
/// The parent is verified first. If an answer is lost, the cmdlet looks for the agent user before it repeats the create, so
/// that there are never two. An existing agent user of this parent with this name counts as the desired one.
/// </para>
/// <para>
/// One error names all violations before anything is sent. The target of a later error is the report of the stage reached
/// and the changes made.
/// </para>
/// </remarks>
/// <example>
/// <code>New-AgentUser -IdentityParentId a1d00000-0000-4000-8000-000000000001 -DisplayName 'Sales Agent' -UserPrincipalName sales@contoso.com -UsageLocation DE -Licenses AGENT_365 -Wait Mailbox, Teams</code>
/// <para>Creates one agent user, licenses it and waits for its mailbox and Teams.</para>
/// </example>
/// <example>
/// <code>Import-Csv ./new.csv | New-AgentUser -Domain contoso.com -Confirm</code>
/// <para>Asks about each record and creates its agent user; missing names are derived from display names.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AgentUser",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByMembers)]
[OutputType(typeof(PSAgentUser))]
public sealed class NewAgentUserCommand : AgentUserRowCommand
{
    /// <summary>The services to wait for at the end.</summary>
    [Parameter]
    public Readiness Wait { get; set; }

    /// <summary>Creates the agent user.</summary>
    protected override void ProcessRecord()
    {
        AgentUserRow row = Members();
        AgentUserValidation rules = AgentUserRules.Validate(row, GivenDomain);
        string name = (rules.AgentUser?["userPrincipalName"] as string) ?? UserPrincipalName ?? DisplayName ?? "";
        if (!rules.IsValid)
        {
            // A row with violations is refused before ShouldProcess asks. A dry run gives the problem, and changes nothing.
            CallResult planned = Pump($"Checking {name}", Operations.Provision(row, GivenDomain, dryRun: true));
            if (planned.Problem is not null)
            {
                WriteProblem(planned.Problem, name);
                return;
            }
        }
        if (ShouldProcess(name, $"Create agent user of {IdentityParentId}"))
            Create(row, name);
    }

    private void Create(AgentUserRow row, string name)
    {
        CallResult result = Pump($"Creating {name}", Operations.Create(row, GivenDomain, Wait));
        if (result.Problem is not null)
        {
            WriteProblem(result.Problem, name);
            return;
        }
        ProvisionReport report = ProvisionReport.From(result.Result["report"] ?? JsonValue.Null);
        // The agent user may exist although a later step failed: the report tells the stage reached.
        if (report.Problem is { } problem)
            WriteProblem(problem, new PSAgentUserReport(report));
        else
            WriteUsers(result.AgentUsers);
        WriteRemarks(report.Remarks);
    }
}
