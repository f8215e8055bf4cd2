using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

public sealed class GetAgentUserTests
{
    [Theory]
    [InlineData("Get-AgentUser -DisplayName 'AGENT2*'", 5)]
    [InlineData("Get-AgentUser -DisplayName 'Agent25'", 1)]
    [InlineData("Get-AgentUser -DisplayName 'agent2'", 0)]
    [InlineData("Get-AgentUser -UserPrincipalName agent2*", 5)]
    [InlineData("Get-AgentUser -UserPrincipalName agent2*, agent30@contoso.com", 6)]
    [InlineData("Get-AgentUser -UserPrincipalName agent2* -Enabled", 5)]
    [InlineData("Get-AgentUser -UserPrincipalName agent2* -Disabled", 0)]
    [InlineData("Get-AgentUser agent2*", 5)]
    [InlineData("Get-AgentUser 'AGENT2*'", 5)]
    [InlineData("Get-AgentUser agent25@contoso.com, agent2*, agent26*", 5)]
    [InlineData("Get-AgentUser -UserPrincipalName agent2*, agent26@contoso.com -Property Manager -KeepOrder", 5)]
    [InlineData("'agent2*', 'agent30@contoso.com' | Get-AgentUser", 6)]
    [InlineData("Get-AgentUser agent2* -Property Manager", 5)]
    [InlineData("Get-AgentUser -UserPrincipalName agent2* -Property Sponsors", 5)]
    [InlineData("'agent2*', 'agent30@contoso.com' | Get-AgentUser -KeepOrder -Property Manager", 6)]
    [InlineData("'agent2*' | Get-AgentUser -KeepOrder", 5)]
    [InlineData("Get-AgentUser -Search 'Agent'", 10)]
    [InlineData("Get-AgentUser -Search agent", 10)]
    [InlineData("Get-AgentUser -Search agent2*", 5)]
    [InlineData("Get-AgentUser *", 10)]
    [InlineData("Get-AgentUser -Department Sales", 2)]
    [InlineData("Get-AgentUser -Department Sales -City Rome -JobTitle Lead -State Lazio -Country Italy -UsageLocation IT -EmployeeId 7", 1)]
    [InlineData("Get-AgentUser -Department Sales -UserPrincipalName agent26@contoso.com", 1)]
    [InlineData("Get-AgentUser -Department Sales -PageSize 1", 2)]
    [InlineData("Get-AgentUser -Deleted", 0)]
    public void Graph_filters_by_what_has_a_parameter(string script, int count)
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 11");
        engine.Run("Set-AgentUser agent25@contoso.com -Department Sales -City Rome -JobTitle Lead -State Lazio -Country Italy -UsageLocation IT -EmployeeId 7; Set-AgentUser agent26@contoso.com -Department Sales").Check();
        Assert.Equal(count, engine.Run(script + " | Where-Object UserPrincipalName -ne first.agent@contoso.com").Check().Count);
    }

    [Theory]
    [InlineData("Get-AgentUser '*25*'", "WildcardNotAtEnd")]
    [InlineData("Get-AgentUser 'a?ent*'", "WildcardNotAtEnd")]
    [InlineData("Get-AgentUser -DisplayName '*ent'", "WildcardNotAtEnd")]
    [InlineData("Get-AgentUser -Search '*ent'", "WildcardNotAtEnd")]
    [InlineData("Get-AgentUser -Department 'S*'", "NoWildcards")]
    [InlineData("Get-AgentUser -Deleted -City Rome", "NoFilter")]
    [InlineData("Get-AgentUser -Enabled -Disabled", "Contradiction")]
    [InlineData("Get-AgentUser -Search a -DisplayName b", "Contradiction")]
    [InlineData("Get-AgentUser -UserPrincipalName a@contoso.com, b@contoso.com -City Rome", "SeveralNames")]
    public void What_Graph_cant_filter_by_says_what_to_use(string script, string id) => Engine.Refuses(script, id);

    [Theory]
    [InlineData("Get-AgentUser -SponsoredBy human3@contoso.com", "")]
    [InlineData("Get-AgentUser -SponsoredBy $person", "")]
    [InlineData("Get-AgentUser -SponsoredBy human3@contoso.com -Property City", "Rome")]
    public void Those_that_a_person_sponsors_are_listed(string script, string city)
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 3 -Option @{ reading = 12 }");
        engine.Run("$person = [pscustomobject]@{ UserPrincipalName = 'human3@contoso.com' }; Set-AgentUser agent25@contoso.com -City Rome; Add-AgentUserSponsor agent25@contoso.com human3@contoso.com").Check();
        dynamic sponsored = engine.Run(script).Check().Single();
        Assert.Equal(("agent25@contoso.com", city), ((string)sponsored.UserPrincipalName, (string?)sponsored.City ?? ""));
    }

    [Theory]
    [InlineData("Get-AgentUser -Mine")]
    [InlineData("Get-AgentIdentity -Mine")]
    public void An_application_sponsors_nothing_of_its_own(string script)
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 1");
        ErrorRecord error = engine.Run(script).Error;
        Assert.StartsWith("CallerNotAllowed,", error.FullyQualifiedErrorId);
        Assert.Contains("sign in as the person", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_reads_members_beside_the_usual_ones_where_they_are_named()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 2");
        engine.Run("Set-AgentUser first.agent@contoso.com -City Rome").Check();
        const string First = " | Where-Object UserPrincipalName -eq first.agent@contoso.com";
        Assert.Equal(new object?[] { null }, engine.Run("Get-AgentUser" + First).Values("City"));
        Assert.Equal(["Rome"], engine.Run("Get-AgentUser -Property city" + First).Values("City"));
        Assert.Equal(["Rome"], engine.Run("Get-AgentUser first.agent@contoso.com").Values("City"));
    }

    [Fact]
    public void Ids_of_a_pipeline_are_read_side_by_side_in_order_when_asked()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect("-AgentUsers 61");
        Outcome read = engine.Run("84..25 | ForEach-Object { \"agent$_@contoso.com\" } | Get-AgentUser -KeepOrder");
        read.Check();
        Assert.Equal(Enumerable.Range(25, 60).Reverse().Select(number => $"agent{number}@contoso.com"), read.Values("UserPrincipalName"));
        Assert.InRange((int)tenant.Stats()["batches"]!, 3, 6);
        Outcome mixed = engine.Run("Get-AgentUser agent25@contoso.com, nobody@contoso.com, human1@contoso.com, agent26@contoso.com -KeepOrder");
        Assert.Equal(["agent25@contoso.com", "agent26@contoso.com"], mixed.Values("UserPrincipalName"));
        Assert.Equal(["nobody@contoso.com", "human1@contoso.com"], mixed.Errors.Select(error => error.TargetObject));
        Outcome parents = engine.Run("25..30 | ForEach-Object { (Get-AgentUser \"agent$_@contoso.com\").IdentityParentId } | ForEach-Object { [pscustomobject]@{ ParentId = $_ } } | Get-AgentUser");
        Assert.Equal(6, parents.Check().Count);
    }

    [Fact]
    public void What_an_Entra_module_outputs_names_its_agent_user()
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 3");
        object id = engine.Run("(Get-AgentUser agent25@contoso.com).Id").Check().Single().BaseObject;
        foreach (string item in new[] { "@{ Id = '$id'; DisplayName = 'x' }", "@{ ObjectId = '$id' }", "@{ UserId = '$id' }", "@{ UserPrincipalName = 'agent25@contoso.com' }", "@{ UPN = 'agent25@contoso.com' }" })
        {
            Outcome outcome = engine.Run($"$id = $args[0]; [pscustomobject]{item.Replace("'$id'", "\"$id\"", StringComparison.Ordinal)} | Disable-AgentUser -PassThru -WhatIf", id);
            Assert.Equal("agent25@contoso.com", outcome.Check().Single().Properties["UserPrincipalName"].Value);
        }
        engine.Run("Add-AgentUserSponsor agent25@contoso.com human3@contoso.com").Check();
        Assert.Single(engine.Run("[pscustomobject]@{ UPN = 'agent25@contoso.com' } | Get-AgentUserSponsor").Check());
        Assert.Equal("Agent 25", engine.Run("[pscustomobject]@{ ParentId = (Get-AgentUser agent25@contoso.com).IdentityParentId } | Get-AgentIdentity").Values("DisplayName").Single());
    }
}
