using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

public sealed class NewAgentUserTests
{
    [Fact]
    public void Records_are_created_side_by_side_and_may_be_each_others_managers()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        Outcome made = engine.Run(
            """
            1..20 | ForEach-Object { [pscustomobject]@{ ParentId = 'a1d00000-0000-4000-8000-{0:x12}' -f $_; Name = "Agent No $_"; UPN = "no$_@contoso.com"; Manager = "no$($_ % 20 + 1)@contoso.com" } } | New-AgentUser
            """);
        made.Check();
        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"no{number}@contoso.com"), made.Values("UserPrincipalName"));
        Assert.All(made.Values("Outcome"), outcome => Assert.Equal("Created", outcome));
        Assert.Equal(20, (int)tenant.Stats()["agentUsersCreated"]!);
        Assert.Equal(["Agent No 1"], engine.Run("Get-AgentUserManager no20@contoso.com").Values("DisplayName"));
        Assert.True((int)tenant.Stats()["batches"]! > 0);
    }

    [Fact]
    public void A_bad_record_is_one_error_and_two_alike_are_told_apart()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        Outcome made = engine.Run(
            """
            $records = @{ parentId = $args[0]; name = 'One'; upn = 'one@contoso.com' }, @{ name = 'No parent' }, @{ parentId = $args[1]; name = 'Another'; upn = 'ONE@contoso.com' }, @{ parentId = $args[2]; name = 'Three'; usageLocation = 'UK' }, @{ parentId = $args[3]; name = 'Four' }
            $records | New-AgentUser -Domain contoso.com
            """, Tenant.Identity(1), Tenant.Identity(2), Tenant.Identity(3), Tenant.Identity(4));
        Assert.Equal(["one@contoso.com", "four@contoso.com"], made.Values("UserPrincipalName"));
        Assert.Equal(["RepeatedUserPrincipalName", "Required", "UsageLocationUnknown"], made.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).Order());
        Assert.All(made.Errors, error => Assert.IsType<string>(error.TargetObject));
        Assert.Equal(made.Output.Count, (int)tenant.Stats()["agentUsersCreated"]!);
    }

    [Fact]
    public void WhatIf_and_Confirm_tell_what_the_real_run_does()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        const string Records =
            """
            $records = [pscustomobject]@{ identityParentId = $args[0]; displayName = 'One' }, [pscustomobject]@{ identityParentId = $args[1]; displayName = 'Two' }
            """;
        object[] parents = [Tenant.Identity(1), Tenant.Identity(2)];
        engine.Run("New-AgentUser -ParentId $args[0] -Name One -Domain contoso.com", parents).Check();
        Outcome planned = engine.Run(Records + "; $records | New-AgentUser -Domain contoso.com -WhatIf", parents);
        Assert.Equal(["Unchanged", "Planned"], planned.Values("Outcome"));
        Assert.Contains("create two@contoso.com", engine.Shown);
        Assert.DoesNotContain("create one@contoso.com", engine.Shown);
        engine.Host.Screen.Answers.Enqueue("&Yes");
        Outcome made = engine.Run(Records + "; $records | New-AgentUser -Domain contoso.com -Confirm -InformationVariable told; $told", parents);
        Assert.Single(engine.Host.Screen.Questions);
        Assert.Equal(["Unchanged", "Created"], made.Output.Take(2).Select(user => user.Properties["Outcome"].Value));
        Assert.Contains(made.Output.Skip(2), told => told.ToString().StartsWith("one@contoso.com was there already and was taken, not made", StringComparison.Ordinal));
        Assert.Equal(2, (int)tenant.Stats()["agentUsersCreated"]!);
    }

    [Fact]
    public void One_that_was_there_is_told_from_a_new_one()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("New-AgentUser -ParentId $args[0] -Name One -Domain contoso.com", Tenant.Identity(1)).Check();
        Outcome taken = engine.Run("New-AgentUser -ParentId $args[0] -Name One -Domain contoso.com -Department Sales -InformationVariable told; $told", Tenant.Identity(1));
        Assert.Equal("Changed", taken.Check()[0].Properties["Outcome"].Value);
        Assert.Contains(taken.Output.Skip(1), told => told.ToString().Contains("""taken, not made: set department to "Sales".""", StringComparison.Ordinal));
    }

    [Fact]
    public void An_agent_identity_is_the_parent_and_gives_its_name()
    {
        using var engine = new Engine();
        engine.Connect();
        Outcome made = engine.Run("Get-AgentIdentity $args | New-AgentUser -Domain contoso.com -Sponsor human1@contoso.com", Tenant.Identity(1), Tenant.Identity(2));
        made.Check();
        Assert.Equal([Guid.Parse(Tenant.Identity(1)), Guid.Parse(Tenant.Identity(2))], made.Values("IdentityParentId"));
        Assert.Equal(["Agent 1", "Agent 2"], made.Values("DisplayName"));
        foreach (string identity in new[]
        {
            "@{ Id = $args[0]; DisplayName = 'Graph'; AdditionalProperties = @{ '@odata.type' = '#microsoft.graph.agentIdentity' } }",
            "@{ Id = $args[0]; DisplayName = 'Graph'; '@odata.type' = '#microsoft.graph.agentIdentity' }",
            "@{ Id = $args[0]; DisplayName = 'Graph'; ServicePrincipalType = 'ServiceIdentity' }",
        })
        {
            PSObject planned = engine.Run($"[pscustomobject]{identity} | New-AgentUser -Domain contoso.com -WhatIf", Tenant.Identity(3)).Check().Single();
            Assert.Equal(Guid.Parse(Tenant.Identity(3)), planned.Properties["IdentityParentId"].Value);
        }
        // An object that is not an agent identity is not taken for a parent.
        ErrorRecord error = engine.Run("[pscustomobject]@{ Id = $args[0]; DisplayName = 'App'; ServicePrincipalType = 'Application' } | New-AgentUser -Domain contoso.com", Tenant.Identity(4)).Error;
        Assert.Contains("-IdentityParentId", error.ToString());
    }

    [Fact]
    public void Names_that_people_use_bind_without_standing_in_the_way_of_Graphs()
    {
        using var engine = new Engine();
        engine.Connect();
        PSObject made = engine.Run(
            "[pscustomobject]@{ AgentIdentityId = $args[0]; Name = 'not this'; DisplayName = 'This'; UPN = 'this@contoso.com'; FirstName = 'A'; LastName = 'B'; Title = 'Lead'; Alias = 'nick' } | New-AgentUser",
            Tenant.Identity(1)).Check().Single();
        Assert.Equal(("This", "A", "B", "Lead", "nick"),
            (made.Properties["DisplayName"].Value, made.Properties["GivenName"].Value, made.Properties["Surname"].Value, made.Properties["JobTitle"].Value, made.Properties["MailNickname"].Value));
        Assert.Equal([true, true], engine.Run("@{ ParentId = $args[0]; Name = 'x'; UPN = 'x@contoso.com' }, @{ AgentIdentityId = $args[0]; Name = 'x'; UPN = 'x@contoso.com' } | Test-AgentUser -Quiet", Tenant.Identity(1)).Output.Select(item => (bool)item.BaseObject));
    }

    [Fact]
    public void Groups_are_joined_by_name_and_a_group_that_does_not_exist_is_told_before_anything_is_created()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-Option @{ groups = @(@{ name = 'Sales Agents' }, @{ name = 'Pilot' }) }");
        engine.Run("New-AgentUser -ParentId $args[0] -Name One -Domain contoso.com -Groups 'Sales Agents', Pilot", Tenant.Identity(1)).Check();
        Assert.Equal(["Pilot", "Sales Agents"], engine.Run("Get-AgentUserGroup one@contoso.com").Values("DisplayName").Order());
        // The cell of a roster, and the name in the singular.
        engine.Run(
            "[pscustomobject]@{ parentId = $args[0]; name = 'Two'; groups = 'Sales Agents; Pilot' }, [pscustomobject]@{ parentId = $args[1]; name = 'Three'; group = 'Pilot' } | New-AgentUser -Domain contoso.com",
            Tenant.Identity(2), Tenant.Identity(3)).Check();
        Assert.Equal(["Pilot", "Sales Agents"], engine.Run("Get-AgentUserGroup two@contoso.com").Values("DisplayName").Order());
        Assert.Equal(["Pilot"], engine.Run("Get-AgentUserGroup three@contoso.com").Values("DisplayName"));
        ErrorRecord error = engine.Run("New-AgentUser -ParentId $args[0] -Name Four -Domain contoso.com -Groups Nowhere", Tenant.Identity(4)).Error;
        Assert.StartsWith("GroupNotFound,", error.FullyQualifiedErrorId);
        Assert.Equal(3, (int)tenant.Stats()["agentUsersCreated"]!);
        Assert.True((bool)engine.Run("Test-AgentUser -ParentId $args[0] -Name Five -Domain contoso.com -Groups Pilot -Quiet", Tenant.Identity(5)).Check().Single().BaseObject);
    }
}
