using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Creates an agent user exactly once, with manager, sponsors and licenses.</summary>
/// <remarks>
/// <para>
/// The parent is verified first. An answer that was lost is looked for and the create never blindly repeated, so an
/// agent user is never there twice. One that is there already, of this parent and with this name, is taken for the one
/// that was wanted.
/// </para>
/// <para>
/// Every broken rule is in one error, before anything is sent. A failure later carries the report of how far it came as
/// its target.
/// </para>
/// </remarks>
/// <example>
/// <code>New-AgentUser -ParentId a1d00000-0000-4000-8000-000000000001 -DisplayName 'Sales Agent' -UserPrincipalName sales@contoso.com -UsageLocation DE -License AGENT_365 -Wait Mailbox, Teams</code>
/// <para>Creates one, licenses it and waits until it can be written to.</para>
/// </example>
/// <example>
/// <code>Import-Csv ./new.csv | New-AgentUser -Domain contoso.com -Confirm</code>
/// <para>Creates one for each record, after asking; names that are missing are derived from display names.</para>
/// </example>
[Cmdlet(VerbsCommon.New, "AgentUser",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByMembers)]
[OutputType(typeof(PSAgentUser))]
public sealed class NewAgentUserCommand : AgentUserRowCommand
{
    /// <summary>What to wait for at the end.</summary>
    [Parameter]
    public Readiness Wait { get; set; }

    /// <summary>Creates it.</summary>
    protected override void ProcessRecord()
    {
        AgentUserRow row = Members();
        AgentUserValidation rules = AgentUserRules.Validate(row, GivenDomain);
        string name = rules.AgentUser?["userPrincipalName"]?.AsString() ?? UserPrincipalName ?? DisplayName ?? "";
        if (!rules.IsValid)
        {
            // Nobody needs to be asked about what breaks a rule. A plan tells which, and changes nothing.
            Ended planned = Pump($"Checking {name}", Operations.Provision(row, new ProvisionOptions { Domain = GivenDomain, DryRun = true }));
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
        Ended ended = Pump($"Creating {name}", Operations.Create(row, new ProvisionOptions { Domain = GivenDomain, Readiness = Wait }));
        if (ended.Problem is not null)
        {
            WriteProblem(ended.Problem, name);
            return;
        }
        ProvisionReport report = ProvisionReport.From(ended.Result["report"] ?? JsonValue.Null);
        // The agent user may be there although something after its creation failed: the report says how far it came.
        if (report.Problem is { } problem)
            WriteProblem(problem, new PSAgentUserReport(report));
        else
            WriteUsers(ended.AgentUsers);
    }
}
