using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>Agent identities and blueprints in this library's types; tests/flows has their rules.</summary>
public sealed class ParentTests
{
    private static readonly Guid s_blueprint = Guid.Parse("b1a00000-0000-4000-8000-000000000001");

    [Fact]
    public async Task Agent_identities_come_page_by_page_and_one_by_one()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = simulation.Client();
        var ids = new HashSet<Guid?>();
        using AgentIdentityPages pages = client.ListIdentities(new AgentIdentityListQuery { PageSize = 10 });
        while (await pages.NextPageAsync() is { } page)
        {
            Assert.InRange(page.Count, 1, 10);
            Assert.All(page, one => Assert.True(ids.Add(one.ObjectId)));
        }
        Assert.Equal(27, ids.Count);
#if ASYNC_LISTS
        int lonely = 0;
        await foreach (AgentIdentity one in client.ListIdentitiesAsync(new AgentIdentityListQuery { WithoutAgentUser = true, Blueprint = s_blueprint }))
        {
            Assert.Equal(s_blueprint, one.AgentIdentityBlueprintId);
            lonely++;
        }
        Assert.Equal(10, lonely);
#endif
    }

    [Fact]
    public async Task A_list_that_was_left_is_disposed_of()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = simulation.Client();
        AgentIdentityPages pages = client.ListIdentities(new AgentIdentityListQuery { PageSize = 2 });
        Assert.Equal(2, (await pages.NextPageAsync())!.Count);
        pages.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(pages.NextPageAsync);
        Assert.Equal(0, client.Running);
    }

    [Fact]
    public async Task An_agent_identity_has_its_members_sponsors_and_owners()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = simulation.Client();
        AgentIdentity identity = await client.GetIdentityAsync(Simulation.Identity(1));
        Assert.Equal((Simulation.Identity(1), "Agent 1", true), (identity.ObjectId, identity.DisplayName, identity.AccountEnabled));
        Assert.NotNull(identity.CreatedDateTime);
        Assert.Empty(identity.Tags);
        Assert.Equal("Human 1", Assert.Single(await client.GetIdentitySponsorsAsync(Simulation.Identity(1))).DisplayName);
        Assert.Empty(await client.GetIdentityOwnersAsync(Simulation.Identity(1)));
        AgentUserException unknown = await Assert.ThrowsAsync<AgentUserException>(() => client.GetIdentityAsync(Guid.NewGuid()));
        Assert.Equal("ParentNotFound", unknown.Problem.Code);
    }

    [Fact]
    public async Task Sponsored_objects_have_their_types()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Reading = 12 });
        using AgentUserClient client = simulation.Client();
        await client.AddSponsorAsync("first.agent@contoso.com", "human1@contoso.com");
        Sponsored sponsored = await client.GetSponsoredAsync("human1@contoso.com");
        Assert.Equal("human1@contoso.com", sponsored.Person);
        AgentUser agent = Assert.Single(sponsored.AgentUsers, one => one.UserPrincipalName == "first.agent@contoso.com");
        Assert.NotNull(agent.IdentityParentId);
        Assert.Contains(sponsored.AgentIdentities, one => one.ObjectId == Simulation.Identity(1) && one.AgentIdentityBlueprintId is not null);
        Assert.Contains("#microsoft.graph.agentIdentityBlueprint", sponsored.Others.Select(one => one.ODataType));
        AgentUserException unknown = await Assert.ThrowsAsync<AgentUserException>(() => client.GetSponsoredAsync("nobody@contoso.com"));
        Assert.Equal(("NotFound", "person"), (unknown.Problem.Code, unknown.Problem.Field));
    }

    [Fact]
    public async Task A_blueprint_is_read_and_its_chain_verified()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = simulation.Client();
        Assert.Equal(["Blueprint 1", "Blueprint 2", "Blueprint 3"], (await client.GetBlueprintsAsync()).Select(one => one.DisplayName));
        Assert.Equal(s_blueprint, (await client.GetBlueprintAsync(s_blueprint)).AppId);
        BlueprintChain chain = await client.VerifyBlueprintAsync(s_blueprint);
        Assert.Equal((ChainVerdict.Sound, LinkState.Present, LinkState.Present), (chain.Verdict, chain.Blueprint.State, chain.Principal.State));
        ChainedIdentity parent = chain.Identities.Single(one => one.AgentUser.State == LinkState.Present);
        Assert.Equal("first.agent@contoso.com", parent.AgentUser.UserPrincipalName);
        Assert.Contains(chain.Identities, one => one.Identity.State == LinkState.DisabledByMicrosoft);
        Assert.Equal(2, chain.Remarks.Count);
        Assert.Empty(chain.NotRead);
    }

    [Fact]
    public async Task The_next_action_of_lifecycle_policies_is_told_and_an_agent_identity_attested()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = simulation.Client();
        AgentLifecycle lifecycle = await client.GetLifecycleAsync(Simulation.Identity(1));
        Assert.Null(lifecycle.NextAction);
        GoverningPolicy policy = Assert.Single(lifecycle.Policies);
        Assert.Equal(("systemDefault", "disableThenDelete", "compliant"), (policy.PolicySource, policy.EnforcementAction, policy.ComplianceStatus));
        Assert.Equal(["periodicAttestation"], policy.Rules!);
        ProvisionReport planned = await client.AttestAsync(Simulation.Identity(1), dryRun: true);
        Assert.Equal((ProvisionOutcome.Planned, "Agent 1", ""), (planned.Outcome, planned.DisplayName, planned.UserPrincipalName));
        ProvisionReport report = await client.AttestAsync(Simulation.Identity(1));
        Assert.Equal((ProvisionOutcome.Changed, ChangeKind.Attest), (report.Outcome, Assert.Single(report.Changes).Kind));
    }
}
