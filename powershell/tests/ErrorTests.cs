using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;

namespace AgentUsers.PowerShell.Tests;

public sealed partial class ErrorTests
{
    [Fact]
    public void Every_kind_has_a_category()
    {
        using var engine = new Engine();
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"));
        string[] kinds = [.. KindRow().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.True(kinds.Length >= 12, $"docs/errors.md has only {kinds.Length} kinds");
        MethodInfo category = Method(engine, "AgentUsers.PowerShell.Categories", "Of");
        Type kind = category.GetParameters()[0].ParameterType;
        Assert.All(kinds, name => Assert.NotEqual(ErrorCategory.NotSpecified, category.Invoke(null, [Enum.Parse(kind, name, ignoreCase: true)])));
        Assert.Equal(ErrorCategory.NotSpecified, category.Invoke(null, [Enum.Parse(kind, "Unknown")]));
    }

    [Fact]
    public void An_error_has_id_category_target_and_fix()
    {
        using var engine = new Engine();
        engine.Connect();
        const string nobody = "nobody@contoso.com";
        ErrorRecord error = engine.Run("Get-AgentUser -UserPrincipalName $args[0]", nobody).Error;
        Assert.Equal("NotFound,AgentUsers.PowerShell.GetAgentUserCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal(nobody, error.TargetObject);
        Assert.StartsWith("Check the id or name", error.ErrorDetails.RecommendedAction);
        Assert.DoesNotContain(error.ErrorDetails.RecommendedAction, error.ErrorDetails.Message);
        dynamic exception = error.Exception;
        Assert.Equal("NotFound", (string)exception.Problem.Code);
    }

    [Fact]
    public void Where_the_fix_is_not_shown_it_ends_the_message()
    {
        using var engine = new Engine();
        MethodInfo details = Method(engine, "AgentUsers.PowerShell.Failure", "Details");
        foreach ((string version, string shown) in new[] { ("3.0", "Broken. Mend it."), ("7.4.6", "Broken. Mend it."), ("7.5", "Broken."), ("7.6.9", "Broken.") })
        {
            var made = (ErrorDetails)details.Invoke(null, ["Broken.", "Mend it.", new Version(version)])!;
            Assert.Equal((shown, "Mend it."), (made.Message, made.RecommendedAction));
        }
    }

    [Fact]
    public void One_bad_item_is_one_error_and_the_others_go_on()
    {
        using var engine = new Engine();
        engine.Connect();
        Outcome outcome = engine.Run("$args[0], $args[1], $args[2] | Get-AgentIdentity", Tenant.Identity(1), "no id", Tenant.Identity(2));
        Assert.Equal([Guid.Parse(Tenant.Identity(1)), Guid.Parse(Tenant.Identity(2))], outcome.Values("Id"));
        Assert.Equal("no id", outcome.Error.TargetObject);
        Assert.Null(outcome.End);
    }

    [Fact]
    public void A_missing_permission_is_named()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        // The simulator's token without permissions.
        engine.Run("Connect-AgentUser -AccessToken { 'nobody' } -GraphEndpoint $args[0]", tenant.Endpoint).Check();
        ErrorRecord error = engine.Run("Get-AgentUser -IdentityParentId $args[0]", Tenant.Identity(1)).Error;
        Assert.StartsWith("PermissionMissing,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.PermissionDenied, error.CategoryInfo.Category);
        Assert.Contains("Grant User.ReadBasic.All", error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void An_error_says_where_more_is_said_and_that_is_said_offline()
    {
        using var engine = new Engine();
        ErrorRecord undocumented = engine.Run("New-AgentUser -IdentityParentId 1 -DisplayName A -UserPrincipalName a@contoso.com -Connection (Connect-AgentUser -GraphEndpoint http://localhost:1 -AccessToken { 'x' } -PassThru)").Error;
        Assert.EndsWith("Get-AgentUserHelp NotAnObjectId says more.", undocumented.ErrorDetails.RecommendedAction);
        PSObject help = engine.Run("$Error[0] | Get-AgentUserHelp").Check().Single();
        Assert.Equal("NotAnObjectId", help.Properties["Code"].Value);
        Assert.EndsWith(".", (string)help.Properties["Message"].Value);
        Assert.Equal(["UpnTaken", "SignInSecretWrong"], engine.Run("'upntaken', 'AADSTS7000215' | Get-AgentUserHelp").Check().Select(one => one.Properties["Code"].Value));
        Assert.NotEmpty(engine.Run("(Test-AgentUser -DisplayName A).Violations | Get-AgentUserHelp").Check());
        ErrorRecord unknown = engine.Run("Get-AgentUserHelp UpnTakn").Error;
        Assert.StartsWith("Did you mean UpnTaken?", unknown.ErrorDetails.RecommendedAction);
        ErrorRecord far = engine.Run("Get-AgentUserHelp NoSuchCode").Error;
        Assert.StartsWith("CodeUnknown,", far.FullyQualifiedErrorId);
        Assert.EndsWith("such as UpnTaken. Tab after Get-AgentUserHelp offers all codes.", far.ErrorDetails.RecommendedAction);
        Assert.StartsWith("CodeMissing,", engine.Run("Get-AgentUserHelp").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void Errors_name_what_was_typed_and_not_what_JSON_calls_it()
    {
        using var engine = new Engine();
        engine.Connect();
        ErrorRecord error = engine.Run("New-AgentUser -IdentityParentId 1 -DisplayName A -UserPrincipalName 'a b@contoso.com'").Error;
        string[] lines = error.ErrorDetails.Message.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("2 rules are broken.", lines[0]);
        Assert.Matches(@"^-IdentityParentId: .+\. \(NotAnObjectId\)$", lines[1]);
        Assert.Matches(@"^-UserPrincipalName, character 2: .+\. \(UpnCharacter\)$", lines[2]);
        string[] fixes = error.ErrorDetails.RecommendedAction.Split('\n');
        Assert.Equal(3, fixes.Length);
        Assert.StartsWith("-IdentityParentId: Use ", fixes[0], StringComparison.Ordinal);
        Assert.StartsWith("-UserPrincipalName: Use ", fixes[1], StringComparison.Ordinal);
        Assert.Equal("Get-AgentUserHelp Invalid says more.", fixes[2]);
        ErrorRecord brisk = engine.Run("Start-AgentUserSimulator -Brisk").Error;
        Assert.Contains("-Brisk: without -FaultsPerMille nothing is drawn.", brisk.ErrorDetails.Message, StringComparison.Ordinal);
    }

    private static MethodInfo Method(Engine engine, string type, string method)
    {
        var cmdlet = (CmdletInfo)engine.Run("Get-Command Get-AgentUser").Check().Single().BaseObject;
        return cmdlet.ImplementingType.Assembly.GetType(type, throwOnError: true)!.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!;
    }

    [GeneratedRegex("^\\| `(\\w+)` \\| ", RegexOptions.Multiline)]
    private static partial Regex KindRow();
}
