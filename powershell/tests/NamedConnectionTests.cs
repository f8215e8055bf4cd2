using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

public sealed class NamedConnectionTests
{
    [Fact]
    public void Several_connections_are_used_by_their_names()
    {
        using var engine = new Engine();
        engine.Run("Start-AgentUserSimulator -AgentUsers 2 | Connect-AgentUser -Name one; Start-AgentUserSimulator -AgentUsers 5 | Connect-AgentUser -Name Two").Check();
        Assert.Equal(2, engine.Run("Get-AgentUser").Check().Count);
        Assert.Equal(5, engine.Run("Get-AgentUser -Connection two").Check().Count);
        Assert.Equal(["one", "Two"], engine.Run("Get-AgentUserConnection").Values("Name"));
        Assert.Equal(["Two"], engine.Run("Get-AgentUserConnection t*").Values("Name"));
        Assert.Contains("Get-AgentUserConnection", engine.Run("Get-AgentUser -Connection three").Error.Exception.Message);
        Assert.Equal("NoSuchConnection", Code(engine.Run("Get-AgentUserConnection three")));
        engine.Run("Disconnect-AgentUser -Connection two").Check();
        Assert.Equal(["one"], engine.Run("Get-AgentUserConnection").Values("Name"));
        // A name that is given again replaces its connection, which is closed.
        Assert.True((bool)engine.Run("$former = Get-AgentUserConnection one; Start-AgentUserSimulator -AgentUsers 3 | Connect-AgentUser -Name one; $former.IsClosed").Check().Single().BaseObject);
        Assert.Equal(3, engine.Run("Get-AgentUser").Check().Count);
        engine.Run("Get-AgentUserConnection | Disconnect-AgentUser").Check();
        Assert.Equal("NotConnected", Code(engine.Run("Get-AgentUser")));
    }

    [Fact]
    public void A_connection_without_a_name_is_the_one_that_is_used()
    {
        using var engine = new Engine();
        engine.Run("Start-AgentUserSimulator -AgentUsers 2 | Connect-AgentUser -Name one; Start-AgentUserSimulator -AgentUsers 5 | Connect-AgentUser").Check();
        Assert.Equal(5, engine.Run("Get-AgentUser").Check().Count);
        Assert.Equal(2, engine.Run("Get-AgentUser -Connection (Get-AgentUserConnection one)").Check().Count);
    }

    [Fact]
    public void The_permissions_of_cmdlets_tasks_and_rosters_are_told_offline()
    {
        using var engine = new Engine();
        Outcome all = engine.Run("Get-AgentUserPermission");
        all.Check();
        Assert.Equal(["Application", "Blueprint", "Delegated"], all.Values("Caller").Distinct().Order());
        Assert.Equal(
            ["AgentIdUser.ReadWrite.All", "AgentIdentity.Read.All"],
            engine.Run("Get-AgentUserPermission -Operation update, verifyParent -Caller Application | Where-Object Need -eq Always").Values("Permission"));
        Assert.Equal(
            ["AgentIdUser.ReadWrite.IdentityParentedBy", "AgentIdentity.Read.All"],
            engine.Run("Get-AgentUserPermission New-AgentUser -Caller Blueprint | Where-Object Need -eq Always").Values("Permission"));
        Assert.Contains("Agent ID Administrator", engine.Run("Get-AgentUserPermission -For Roster -Caller Delegated").Values("Permission"));
        string roster = Path.Combine(Repository.Root, "tests", "flows", "twelve.csv");
        Assert.DoesNotContain("Sometimes", engine.Run("Get-AgentUserPermission -Roster $args[0]", roster).Values("Need"));
        const string Sponsors = "Get-AgentUserPermission Get-AgentIdentity -Caller Application | Where-Object When -eq 'with -Property Sponsors'";
        Assert.Equal(["AgentIdentity.ReadWrite.All"], engine.Run(Sponsors).Values("Permission"));
        Assert.Equal("UnknownKind", Code(engine.Run("Get-AgentUserPermission -Operation steal")));
        foreach (string parameter in new[] { "Cmdlet", "For", "Operation", "Roster", "Caller" })
            Assert.StartsWith("ParameterArgumentValidationError", Code(engine.Run($"Get-AgentUserPermission -{parameter} $undefined")));
        Assert.Equal("NoPermissionsNeeded", Code(engine.Run("Get-AgentUserPermission Get-Item")));
        foreach (string task in Enum.GetNames(((Type)engine.Run("[AgentUsers.PowerShell.AgentUserTask]").Check().Single().BaseObject)))
            Assert.NotEmpty(engine.Run("Get-AgentUserPermission -For $args[0]", task).Check());
    }

    [Fact]
    public void The_permissions_of_parameters_are_told_with_their_conditions()
    {
        using var engine = new Engine();
        IEnumerable<string?> Whens(string script, string permission) =>
            [.. engine.Run($"{script} -Caller Application | Where-Object Permission -eq $args[0]", permission).Values("When").Select(when => (string?)when)];
        Assert.Equal(
            ["with -Deleted", "with -Property Manager", "with -Property Sponsors", "with -SponsoredBy or -Mine, where a person is named"], Whens("Get-AgentUserPermission Get-AgentUser", "User.Read.All"));
        Assert.Equal(["with -SkuId and a part number"], Whens("Get-AgentUserPermission Get-AgentUser", "LicenseAssignment.Read.All"));
        Assert.Equal(["with -FromReport, where licenses are taken first"], Whens("Get-AgentUserPermission Restore-AgentUser", "LicenseAssignment.Read.All"));
        Assert.Contains("with -Undo, where it leaves its groups first", Whens("Get-AgentUserPermission Suspend-AgentUser", "GroupMember.ReadWrite.All"));
        Assert.Contains(
            "Agent ID Administrator", engine.Run("Get-AgentUserPermission Suspend-AgentUser -Caller Delegated | Where-Object When -like 'with -Undo, *'").Values("Permission"));
        Assert.Equal(
            ["of Get-AgentIdentity with -Property Sponsors"], Whens("Get-AgentUserPermission Get-AgentIdentity, Get-AgentUserSku", "AgentIdentity.ReadWrite.All"));
        Assert.Contains("of Get-AgentUser with -Deleted", Whens("Get-AgentUserPermission Get-AgentUser, Get-AgentUserSku", "User.Read.All"));
        // A permission that the cmdlet needs in the same case is told once.
        Outcome restore = engine.Run("Get-AgentUserPermission Restore-AgentUser -Caller Application");
        Assert.Equal(restore.Output.Count, restore.Output.Select(row => (row.Properties["Permission"].Value, row.Properties["When"].Value)).Distinct().Count());
    }

    [Fact]
    public void A_connection_is_looked_at_and_probed()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        Outcome looked = engine.Run("Test-AgentUserConnection list, update");
        looked.Check();
        Assert.Equal(["list", "update"], looked.Output.Where(one => (string)one.Properties["Test"].Value == "Operation").Select(one => one.Properties["Name"].Value));
        Assert.Contains("Read", looked.Values("Test"));
        Assert.True((bool)engine.Run("Test-AgentUserConnection -Quiet").Check().Single().BaseObject);
        Assert.StartsWith("{", engine.Run("Test-AgentUserConnection -Probe").Check().Single().ToString());
        Assert.Empty(engine.Run("Test-AgentUserConnection -ProbeWrites $args[0] -WhatIf", Tenant.Identity(1)).Check());
        Assert.Empty(tenant.Writes());
        Assert.Contains("\"cleanedUp\":true", engine.Run("Get-AgentIdentity $args[0] | ForEach-Object { Test-AgentUserConnection -ProbeWrites $_ }", Tenant.Identity(1)).Check().Single().ToString());
        Assert.Equal("UnknownKind", Code(engine.Run("Test-AgentUserConnection steal")));
    }

    private static string Code(Outcome outcome) => outcome.Error.FullyQualifiedErrorId.Split(',')[0];
}
