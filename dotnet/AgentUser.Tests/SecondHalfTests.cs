using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>The second half of a life: audited, handed over, stopped and retired, in this library's types. tests/flows has the rules.</summary>
public sealed class SecondHalfTests
{
    private static Simulation Troubled() =>
        Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Tenant = SimulatedTenant.Troubled, Speed = 1000 });

    [Fact]
    public async Task An_audit_finds_compares_accepts_and_mends()
    {
        using Simulation simulation = Troubled();
        using AgentUserClient client = simulation.Client();
        AgentAudit audit = await client.AuditAsync(new AuditOptions { Snapshot = true });
        Assert.True(audit.AgentUsers > 30);
        Assert.NotNull(audit.TenantId);
        Assert.Empty(audit.NotRead);
        Assert.All(audit.Findings, one => Assert.Equal(FindingState.Found, one.State));
        AuditFinding gone = Assert.Single(audit.Findings, one => one.Rule == AuditRules.ParentGone);
        Assert.Equal((AuditSeverity.High, FindingSubject.AgentUser), (gone.Severity, gone.SubjectKind));
        Assert.Equal("parent.gone@contoso.com", gone.UserPrincipalName);
        Assert.Equal("agentuser delete parent.gone@contoso.com --yes", gone.Fix);
        Assert.NotEmpty(gone.Evidence);
        Assert.Null(gone.Reason);
        AuditRule idle = audit.Rules.Single(one => one.Rule == AuditRules.Idle);
        Assert.Equal((1, 0, AuditSeverity.Low), (idle.Found, idle.NotChecked, idle.Severity));
        Assert.Contains("parent.gone@contoso.com", AgentUserReports.RenderFindings(audit, ReportFormat.Csv));
        Assert.Equal("PK"u8.ToArray(), AgentUserReports.FindingsWorkbook(audit)[..2]);

        var wanted = new AuditOptions
        {
            Rules = [AuditRules.DisabledAndLicensed, AuditRules.NoManager],
            Accepted = """[{"rule": "no-manager", "whom": "no.manager@contoso.com", "reason": "A pilot.", "by": "ada", "until": "2999-12-31"}]""",
            Fix = [AuditRules.DisabledAndLicensed],
        };
        AgentAudit some = await client.AuditSnapshotAsync(audit.Snapshot!, wanted);
        FindingAcceptance pilot = some.Findings.Single(one => one.UserPrincipalName == "no.manager@contoso.com").Accepted!;
        Assert.Equal(("ada", "A pilot.", "2999-12-31"), (pilot.By, pilot.Reason, pilot.Until));
        RosterSummary mended = await client.ApplyPlanAsync(some.Plan!.ToJson(), some.Plan.Digest);
        Assert.Equal((1, 1), (mended.Rows, mended.Changed));

        AgentAudit after = await client.AuditAsync(new AuditOptions { Rules = wanted.Rules, Older = audit.Snapshot });
        GoneFinding mend = Assert.Single(after.Gone);
        Assert.Equal((AuditRules.DisabledAndLicensed, "disabled.licensed@contoso.com"), (mend.Rule, mend.UserPrincipalName));
        Assert.All(after.Findings, one => Assert.Equal(FindingComparison.Unchanged, one.Comparison));
    }

    [Fact]
    public async Task What_may_not_be_read_is_not_checked_and_names_the_permission()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions
        {
            Latency = Simulation.Quick,
            Tenant = SimulatedTenant.Troubled,
            Permissions = ["User.Read.All", "Organization.Read.All"],
        });
        using AgentUserClient client = simulation.Client();
        AgentAudit audit = await client.AuditAsync(new AuditOptions { Severity = AuditSeverity.High });
        AuditFinding unknown = Assert.Single(audit.Findings, one => one.Rule == AuditRules.ParentGone);
        Assert.Equal((FindingState.NotChecked, ProblemCodes.PermissionMissing), (unknown.State, unknown.Reason!.Code));
        Assert.Contains("AgentIdentity.Read.All", unknown.Reason.MissingPermissions);
        Assert.Contains(audit.NotRead, one => one.Section == "identities" && one.Reason.MissingPermissions.Count > 0);
        Assert.DoesNotContain(audit.Rules, one => one.Severity != AuditSeverity.High);

        AgentAccess access = await client.GetAccessAsync("role.active@contoso.com");
        Assert.False(access.Roles.IsKnown);
        Assert.Equal(ProblemCodes.PermissionMissing, access.Roles.Reason!.Code);
    }

    [Fact]
    public async Task Access_says_what_gives_it()
    {
        using Simulation simulation = Troubled();
        using AgentUserClient client = simulation.Client();
        AgentAccess access = await client.GetAccessAsync("role.active@contoso.com");
        SourcedAccess<AccessRole> role = Assert.Single(access.Roles.Items);
        Assert.Equal((AccessSource.Itself, "Global Reader"), (role.Source, role.Access.DisplayName));
        Assert.True(access.Groups.IsKnown);
        Assert.Null(access.Groups.Reason);
        AgentAccess granted = await client.GetAccessAsync("grant.for.all@contoso.com");
        Assert.Contains(granted.Delegated.Items, one => one.Source == AccessSource.AllUsers);
    }

    [Fact]
    public async Task A_leaver_is_handed_over_and_an_agent_user_stopped_brought_back_and_retired()
    {
        const string Name = "first.agent@contoso.com";
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Speed = 1000 });
        using AgentUserClient client = simulation.Client();
        await client.SetManagerAsync(Name, "human1@contoso.com");
        Guid before = (await client.GetManagerAsync(Name))!.ObjectId!.Value;
        AgentUserPlan plan = await client.MakeHandoverPlanAsync([new Leaver("human1@contoso.com", "human2@contoso.com")], HandedOver.Manager);
        Assert.Equal(before, (await client.GetManagerAsync(Name))!.ObjectId);
        Assert.Equal(1, (await client.ApplyPlanAsync(plan.ToJson(), plan.Digest)).Changed);
        Assert.NotEqual(before, (await client.GetManagerAsync(Name))!.ObjectId);

        var reports = new List<ProvisionReport>();
        await client.ContainAsync(ContainTarget.OfUser(Name), onReport: reports.Add);
        Assert.False((await client.GetAsync(Name)).AccountEnabled);
        Assert.Contains(reports.SelectMany(report => report.Changes), change => change.Kind == ChangeKind.RevokeSessions);
        string kept = $"[{string.Join(',', reports.Select(report => report.ToJson()))}]";
        Assert.Equal(1, (await client.RestoreReportedAsync(kept)).Changed);
        Assert.True((await client.GetAsync(Name)).AccountEnabled);

        AgentUserException data = await Assert.ThrowsAsync<AgentUserException>(() => client.RetireAsync(Name, new RetireOptions { Until = RetiredUntil.Purged }));
        Assert.Contains(data.Problem.Violations, one => one.Field == "acceptDataLoss");
        ProvisionReport retired = await client.RetireAsync(Name);
        Assert.Equal(ProvisionOutcome.Changed, retired.Outcome);
        Assert.Equal(ChangeKind.Delete, retired.Changes[^1].Kind);
        Assert.Equal(ProvisionOutcome.Unchanged, (await client.RetireAsync(Name)).Outcome);
        Assert.Equal(1, (await client.RestoreReportedAsync(retired.ToJson())).Changed);
        Assert.True((await client.GetAsync(Name)).AccountEnabled);
    }

    [Fact]
    public void Policies_of_Conditional_Access_are_made_and_report_only()
    {
        Guid spared = Guid.NewGuid();
        IReadOnlyList<AccessPolicy> policies = AgentUserRules.AccessPolicies([spared]);
        Assert.Equal(["block-all", "block-outside-trusted-locations", "block-at-high-risk"], policies.Select(one => one.Name));
        Assert.All(policies, one => Assert.Contains("\"enabledForReportingButNotEnforced\"", one.Policy));
        Assert.All(policies, one => Assert.Contains(spared.ToString(), one.Policy));
        Assert.Equal(("/v1.0/identity/conditionalAccess/policies", null), (policies[0].Path, policies[0].Assumed));
    }
}
