using System.Management.Automation;
using System.Text.RegularExpressions;
using AgentUsers.PowerShell.Host;

namespace AgentUsers.PowerShell.Tests;

public sealed partial class ModuleTests
{
    private static readonly string[] s_cmdlets =
    [
        "Add-AgentIdentityAppRole", "Add-AgentUserGroup", "Add-AgentUserSponsor", "Clear-AgentUserManager", "Compare-AgentUserRoster",
        "Confirm-AgentIdentity", "Connect-AgentUser", "Disable-AgentUser", "Disconnect-AgentUser", "Enable-AgentUser", "Export-AgentUserPlan",
        "Export-AgentUserReport", "Get-AgentIdentity", "Get-AgentIdentityBlueprint", "Get-AgentIdentityPermission", "Get-AgentUser",
        "Get-AgentUserAccess", "Get-AgentUserConnection", "Get-AgentUserGroup", "Get-AgentUserHelp", "Get-AgentUserLicense", "Get-AgentUserManager",
        "Get-AgentUserPermission", "Get-AgentUserRosterReport", "Get-AgentUserSku", "Get-AgentUserSponsor", "Get-AgentUserToken",
        "Grant-AgentIdentityPermission", "Import-AgentUserPlan", "Invoke-AgentUserAudit", "Invoke-AgentUserPlan", "Invoke-AgentUserRetirement",
        "Invoke-AgentUserRoster", "Move-AgentUserSponsor", "New-AgentUser", "Remove-AgentIdentityAppRole", "Remove-AgentUser",
        "Remove-AgentUserGroup", "Remove-AgentUserSponsor", "Resolve-AgentUserName", "Restore-AgentUser", "Revoke-AgentIdentityPermission",
        "Revoke-AgentUserSession", "Set-AgentIdentityBlueprint", "Set-AgentUser", "Set-AgentUserLicense", "Set-AgentUserManager",
        "Start-AgentUserSimulator", "Stop-AgentUserSimulator", "Suspend-AgentUser", "Test-AgentUser", "Test-AgentUserConnection",
        "Wait-AgentIdentityPermission", "Wait-AgentUser",
    ];

    public static TheoryData<string> Cmdlets => [.. s_cmdlets];

    [Fact]
    public void It_exports_its_cmdlets_and_nothing_else()
    {
        using var engine = new Engine();
        var module = (PSModuleInfo)engine.Run("Get-Module AgentUser").Check().Single().BaseObject;
        Assert.Equal(s_cmdlets, module.ExportedCommands.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(s_cmdlets, module.ExportedCmdlets.Keys.Order(StringComparer.Ordinal));
        string manifest = File.ReadAllText(Path.Combine(Repository.Module, "AgentUser.psd1"));
        Assert.DoesNotContain("'*'", manifest);
    }

    [Fact]
    public void It_has_the_version_of_the_workspace()
    {
        using var engine = new Engine();
        var module = (PSModuleInfo)engine.Run("Get-Module AgentUser").Check().Single().BaseObject;
        string workspace = File.ReadAllText(Path.Combine(Repository.Root, "Cargo.toml"));
        string version = VersionLine().Match(workspace).Groups[1].Value;
        Assert.Equal(version, module.Version.ToString());
        var cmdlet = (CmdletInfo)engine.Run("Get-Command Get-AgentUser").Check().Single().BaseObject;
        Assert.Equal(version + ".0", System.Diagnostics.FileVersionInfo.GetVersionInfo(cmdlet.ImplementingType.Assembly.Location).FileVersion);
        // PowerShell loads no second version of an assembly into a session, so that there must be one for ever.
        Assert.Equal("1.0.0.0", cmdlet.ImplementingType.Assembly.GetName().Version!.ToString());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void No_parameter_makes_the_engine_prompt(string cmdlet)
    {
        using var engine = new Engine();
        var info = (CmdletInfo)engine.Run("Get-Command $args[0]", cmdlet).Check().Single().BaseObject;
        Assert.All(info.ParameterSets.SelectMany(set => set.Parameters), parameter => Assert.False(parameter.IsMandatory));
    }

    [Theory]
    [InlineData("New-AgentUser")]
    [InlineData("Remove-AgentUser")]
    [InlineData("Set-AgentUser")]
    [InlineData("Enable-AgentUser")]
    [InlineData("Disable-AgentUser")]
    [InlineData("Restore-AgentUser")]
    [InlineData("Revoke-AgentUserSession")]
    [InlineData("Set-AgentUserManager")]
    [InlineData("Clear-AgentUserManager")]
    [InlineData("Add-AgentUserSponsor")]
    [InlineData("Remove-AgentUserSponsor")]
    [InlineData("Add-AgentUserGroup")]
    [InlineData("Remove-AgentUserGroup")]
    [InlineData("Set-AgentUserLicense")]
    [InlineData("Confirm-AgentIdentity")]
    [InlineData("Set-AgentIdentityBlueprint")]
    [InlineData("Grant-AgentIdentityPermission")]
    [InlineData("Revoke-AgentIdentityPermission")]
    [InlineData("Add-AgentIdentityAppRole")]
    [InlineData("Remove-AgentIdentityAppRole")]
    [InlineData("Invoke-AgentUserRoster")]
    [InlineData("Invoke-AgentUserPlan")]
    [InlineData("Invoke-AgentUserRetirement")]
    [InlineData("Move-AgentUserSponsor")]
    [InlineData("Suspend-AgentUser")]
    [InlineData("Export-AgentUserReport")]
    [InlineData("Start-AgentUserSimulator")]
    [InlineData("Stop-AgentUserSimulator")]
    public void What_changes_something_has_WhatIf_and_Confirm(string cmdlet)
    {
        using var engine = new Engine();
        var info = (CmdletInfo)engine.Run("Get-Command $args[0]", cmdlet).Check().Single().BaseObject;
        Assert.Superset(new HashSet<string> { "WhatIf", "Confirm" }, info.Parameters.Keys.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Help_has_synopsis_description_parameters_and_examples(string cmdlet)
    {
        using var engine = new Engine();
        dynamic help = engine.Run("Get-Help $args[0] -Full", cmdlet).Check().Single();
        Assert.EndsWith(".", (string)help.Synopsis);
        Assert.NotEmpty(Texts(help.description));
        Assert.True(Listed((object)help.examples.example).Length >= 2);
        Assert.All(Listed((object)help.inputTypes.inputType), input => Assert.EndsWith(".", Texts(input.Properties["description"].Value)[0]));
        Assert.All(Listed((object)help.returnValues.returnValue), output => Assert.EndsWith(".", Texts(output.Properties["description"].Value)[0]));
        Assert.Equal("Get-AgentUserHelp", Listed((object)help.relatedLinks.navigationLink).Last().Properties["linkText"].Value.ToString());
        bool isPermitted = engine.Run("Get-AgentUserPermission $args[0] -Caller Application | Where-Object Need -eq Always", cmdlet) is { End: null, Output.Count: > 0 };
        Assert.Equal(isPermitted, Texts((object)help.description).Any(text => text.StartsWith("Least permission", StringComparison.Ordinal)));
        var info = (CmdletInfo)engine.Run("Get-Command $args[0]", cmdlet).Check().Single().BaseObject;
        foreach (string parameter in info.Parameters.Values
            .Where(parameter => !parameter.Attributes.OfType<ParameterAttribute>().All(attribute => attribute.DontShow)).Select(parameter => parameter.Name)
            .Except(Cmdlet.CommonParameters))
        {
            dynamic about = engine.Run("Get-Help $args[0] -Parameter $args[1]", cmdlet, parameter).Check().Single();
            Assert.EndsWith(".", Texts(about.description)[0]);
        }
    }

    [Fact]
    public void Help_is_what_the_comments_say()
    {
        string comments = Path.Combine(Repository.Root, "powershell", "src", "obj", "AgentUser.PowerShell.xml");
        string committed = Path.Combine(Repository.Root, "powershell", "AgentUser", "en-US", "AgentUser.PowerShell.dll-Help.xml");
        Assert.Equal(HelpFile.Write(Repository.Module, comments), File.ReadAllText(committed));
    }

    [Fact]
    public void The_topic_is_found()
    {
        using var engine = new Engine();
        Assert.Contains("Invoke-AgentUserRoster", engine.Run("Get-Help about_AgentUser").Check().Single().ToString());
    }

    [Fact]
    public void It_can_be_imported_again_and_removed()
    {
        using var engine = new Engine();
        Tenant first = engine.Connect();
        engine.Run("Import-Module $args[0] -Force", Repository.Module).Check();
        engine.Connect();
        Assert.Empty(engine.Run("Get-AgentUser -IdentityParentId $args[0]", Tenant.Identity(1)).Check());
        engine.Run("Remove-Module AgentUser").Check();
        Assert.False(first.IsThere());
        Assert.Equal(2, engine.Told.Split("WARNING: The module is removed, and the connection to http://127.0.0.1:").Length - 1);
        Assert.Equal("CommandNotFoundException", engine.Run("Get-AgentUser").Error.FullyQualifiedErrorId);
        engine.Run("Import-Module $args[0]", Repository.Module).Check();
        Assert.Equal("NotConnected,AgentUsers.PowerShell.GetAgentUserCommand", engine.Run("Get-AgentUser").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_native_library_that_is_missing_is_an_error_that_lists_what_was_tried()
    {
        // In a separate process, because in this one the library is loaded.
        string script = Path.GetTempFileName() + ".ps1";
        File.WriteAllText(script, "param($Module) Import-Module $Module; try { Test-AgentUser -DisplayName A } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }");
        try
        {
            ProcessResult result = ProcessResult.OfHost(
                new() { ["AGENTUSER_NATIVE_LIBRARY"] = "/nowhere/libagentuser.so" }, "run", script, Repository.Module);
            Assert.StartsWith("NativeLibraryMissing,AgentUsers.PowerShell.TestAgentUserCommand\n", result.Output);
            Assert.Contains("/nowhere/libagentuser.so: does not exist", result.Output);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static PSObject[] Listed(object some) =>
        [.. (LanguagePrimitives.GetEnumerable(some) is { } many ? many.Cast<object>() : new[] { some }).Select(one => PSObject.AsPSObject(one))];

    private static string[] Texts(object? paragraphs) =>
        [.. LanguagePrimitives.GetEnumerable(paragraphs) is { } many ? many.Cast<object>().Select(Text) : paragraphs is null ? [] : new[] { Text(paragraphs) }];

    private static string Text(object paragraph)
    {
        PSPropertyInfo? text = PSObject.AsPSObject(paragraph).Properties["Text"];
        return text?.Value?.ToString() ?? paragraph.ToString()!;
    }

    [GeneratedRegex("""^version = "(.+)"$""", RegexOptions.Multiline)]
    private static partial Regex VersionLine();
}
