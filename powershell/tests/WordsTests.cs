using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell.Tests;

/// <summary>Texts of the native library, which name its operations and its command line, name parameters and cmdlets in PowerShell.</summary>
public sealed partial class WordsTests
{
    private const string Identity = "a1d00000-0000-4000-8000-000000000001";
    private const string Blueprint = "b1a00000-0000-4000-8000-000000000001";

    [Fact]
    public void No_code_is_explained_by_the_command_line()
    {
        using var engine = new Engine();
        Outcome help = engine.Run("(TabExpansion2 'Get-AgentUserHelp ' 18).CompletionMatches.CompletionText | Get-AgentUserHelp");
        Assert.True(help.Check().Count > 250);
        string[] texts = [.. help.Output.SelectMany(code => new[] { "Message", "Cause", "Fix" }.Select(name => code.Properties[name].Value as string)).OfType<string>()];
        Assert.DoesNotContain(texts, Foreign().IsMatch);
        Assert.Contains("Plan again, or allow older plans: -MaxAgeDays.", texts);
        Assert.Contains("Switch that plan on, then wait again: -EnabledPlan PLAN of Set-AgentUserLicense, or SKU with PLAN in a roster.", texts);
        Assert.Contains("Restore it under a new name (-NewUserPrincipalName), and let Graph drop the addresses that are in conflict (-AutoReconcileProxyConflict).", texts);
    }

    [Fact]
    public void Every_text_of_the_core_that_names_the_command_line_has_words_here()
    {
        using var engine = new Engine();
        var cmdlet = (CmdletInfo)engine.Run("Get-Command Get-AgentUserHelp").Check().Single().BaseObject;
        MethodInfo words = cmdlet.ImplementingType.Assembly.GetType("AgentUsers.PowerShell.Words")!
            .GetMethod("Of", BindingFlags.Static | BindingFlags.NonPublic, [typeof(string)])!;
        string[] texts = [.. new[] { "core", "client" }
            .SelectMany(crate => Directory.GetFiles(Path.Combine(Repository.Root, "crates", crate, "src"), "*.rs", SearchOption.AllDirectories))
            .SelectMany(file => Literals(File.ReadAllText(file)))
            .Where(text => Foreign().IsMatch(text) && text.Contains(' '))];
        Assert.True(texts.Length > 30, "The sources of the core were not found.");
        Assert.Equal([], texts.Select(text => (string)words.Invoke(null, [text])!).Where(text => Foreign().IsMatch(text)).ToArray());
    }

    [Theory]
    [InlineData("Grant-AgentIdentityPermission " + Identity + " -Scope User.Read", "Required", "Invalid -User: It is not said for whom.", "Name the user, or say -AllPrincipals for all users of the tenant.")]
    [InlineData("Grant-AgentIdentityPermission " + Identity + " -User human1@contoso.com -AllPrincipals -Scope User.Read", "Contradiction", "Invalid -AllPrincipals: It is given beside -User.", "")]
    [InlineData("Remove-AgentIdentityAppRole " + Identity + " -AppRole Mail.Send -Force", "AppRoleNotFound", "", "Mail.Send is a delegated permission: Grant-AgentIdentityPermission grants it, and Revoke-AgentIdentityPermission takes it away.")]
    [InlineData("Invoke-AgentUserRetirement agent25@contoso.com -FreeSeats -Force", "Required", "Invalid -AcceptDataLoss: ", "say that the loss is accepted: -AcceptDataLoss.")]
    [InlineData("'x' | Get-AgentUser", "UpnMissingAt", "Invalid -Id: The user principal name has no @.", "Add @ and a verified domain")]
    [InlineData("Restore-AgentUser nobody@contoso.com", "DeletedItemNotFound", "", "List the deleted agent users: Get-AgentUser -Deleted. After 30 days")]
    [InlineData("Get-AgentUser agent25@contoso.com -Property nope", "UnknownColumn", "Invalid -Property: There is no member \"nope\" to read.", "")]
    [InlineData("Invoke-AgentUserAudit -Rule nope", "UnknownKind", "Invalid -Rule: No rule", "Tab after -Rule offers all rules.")]
    [InlineData("Test-AgentUserConnection -Operation Set-AgentUser", "UnknownKind", "", "Use the name of an operation, which Tab after -Operation offers.")]
    [InlineData("Move-AgentUserSponsor -From human1@contoso.com -To human1@contoso.com -Force", "NotUsable", "Invalid -From: ", "")]
    [InlineData("Invoke-AgentUserPlan $plan -Approved zzz -Force", "PlanNotApproved", "another one was approved", "approve its digest: -Approved.")]
    public void Errors_name_what_was_typed(string command, string code, string message, string fix)
    {
        using var engine = new Engine();
        engine.Connect("-AgentUsers 3");
        string plan = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.json");
        engine.Run("$plan = $args[0]; Get-AgentUser agent25* | Export-AgentUserPlan $plan -Verb Disable", plan).Check();
        ErrorRecord error = engine.Run(command).Error;
        File.Delete(plan);
        Assert.Equal(code, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains(message, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains(fix, error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotMatch(Foreign(), error.ErrorDetails.Message + " " + error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void Warnings_and_reports_name_cmdlets()
    {
        using var engine = new Engine();
        engine.Connect();
        Outcome told = engine.Run("Set-AgentIdentityBlueprint $args[0] -AllowCreation -InheritableScopes AllAllowed -Confirm:$false -PassThru 3>&1", Blueprint);
        string[] warnings = [.. told.Check().Select(item => item.BaseObject).OfType<WarningRecord>().Select(warning => warning.Message)];
        Assert.Contains(warnings, warning => warning.EndsWith("can wait for it: Wait-AgentIdentityPermission.", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.EndsWith("Grant it: Grant-AgentIdentityPermission with -Blueprint and -AllPrincipals, or Add-AgentIdentityAppRole with -Blueprint.", StringComparison.Ordinal));
        Assert.All(told.Output.Where(item => item.BaseObject is not WarningRecord), row => Assert.DoesNotMatch(Foreign(), row.Properties["Remarks"].Value.ToString()!));
    }

    /// <summary>The literals of Rust outside of tests and comments, without the commands that are the fixes of findings.</summary>
    private static IEnumerable<string> Literals(string source)
    {
        int tests = source.IndexOf("#[cfg(test)]", StringComparison.Ordinal);
        source = Comment().Replace(tests < 0 ? source : source[..tests], "");
        return Literal().Matches(source).Select(match => Continued().Replace(match.Groups[1].Value, "")).Where(text => !text.StartsWith("agentuser ", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"--[a-z]|`agentuser|`audit`|\bagentuser (?!changes|reads|and)[a-z]+ |\bdocs/\w")]
    private static partial Regex Foreign();

    [GeneratedRegex(@"(?m)^\s*//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"""((?:[^""\\]|\\.|\\\n)*)""", RegexOptions.Singleline)]
    private static partial Regex Literal();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();
}
