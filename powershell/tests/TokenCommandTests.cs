using System.Management.Automation;
using System.Security;
using static AgentUsers.PowerShell.Tests.AgentTenant;

namespace AgentUsers.PowerShell.Tests;

public sealed class TokenCommandTests
{
    [Fact]
    public void A_token_is_secure_unless_plain_text_is_asked_for()
    {
        using var tenant = new AgentTenant();
        tenant.Connect($"-ClientSecretCredential $secret {Agent}");
        dynamic secure = tenant.Engine.Run("($token = Get-AgentUserToken)").Check().Single();
        string hidden = new System.Net.NetworkCredential("", (SecureString)secure.Token).Password;
        dynamic plain = tenant.Engine.Run("Get-AgentUserToken -AsPlainText").Check().Single();
        Assert.Equal(hidden, (string)plain.Token);
        Assert.Equal(("Bearer", UserName), ((string)secure.Type, (string)secure.Account));
        Assert.InRange((DateTime)((PSObject)secure.ExpiresOn).BaseObject, DateTime.UtcNow.AddMinutes(30), DateTime.UtcNow.AddMinutes(120));
        Assert.Equal(DateTimeKind.Utc, ((DateTime)((PSObject)secure.ExpiresOn).BaseObject).Kind);
        using var shell = tenant.Engine.Shell("$token | Out-Default; \"$token\"; Get-AgentUserToken -Verbose -Debug; Get-AgentUserToken -AsPlainText | ForEach-Object { \"$_\" }");
        string[] output = [.. shell.Invoke().Select(item => item.ToString())];
        string all = string.Join("\n", [tenant.Engine.Shown, .. output, .. shell.Streams.Verbose.Select(line => line.Message), .. shell.Streams.Debug.Select(line => line.Message)]);
        Assert.Contains($"[token of {UserName} until ", all, StringComparison.Ordinal);
        Assert.DoesNotContain(hidden, all, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_kept_until_it_is_renewed_or_forgotten()
    {
        using var tenant = new AgentTenant();
        tenant.Connect($"-ClientSecretCredential $secret {Agent}");
        string Token(string parameters = "") => (string)tenant.Engine.Run($"(Get-AgentUserToken -AsPlainText {parameters}).Token").Check().Single().BaseObject;
        string first = Token();
        Assert.Equal(first, Token());
        Assert.NotEqual(first, Token("-ForceRefresh"));
        string scoped = Token("-Scope \"$($simulator.GraphEndpoint)User.Read\"");
        Assert.NotEqual("", scoped);
        ErrorRecord error = tenant.Engine.Run("Get-AgentUserToken -Scope 'two scopes'").Error;
        Assert.StartsWith("NotUsable,", error.FullyQualifiedErrorId);
        tenant.Engine.Run("$mine = Connect-AgentUser -AccessToken { 'x' } -PassThru; Disconnect-AgentUser $mine").Check();
        Assert.StartsWith("ConnectionClosed,", tenant.Engine.Run("Get-AgentUserToken -Connection $mine").Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_given_token_is_given_back_and_a_block_is_told_the_scope()
    {
        using var tenant = new AgentTenant();
        tenant.Engine.Run("$simulator | Connect-AgentUser").Check();
        Assert.Equal("admin", tenant.Engine.Run("(Get-AgentUserToken -AsPlainText).Token").Check().Single().BaseObject);
        ErrorRecord error = tenant.Engine.Run("Get-AgentUserToken -Scope https://vault.azure.net/.default").Error;
        Assert.StartsWith("TokenMissing,", error.FullyQualifiedErrorId);
        tenant.Engine.Run(
            "Connect-AgentUser -GraphEndpoint $simulator.GraphEndpoint -AccessToken { param($Request) if ($Request.Scope -eq 'https://vault.azure.net/.default') { 'of-the-vault' } else { 'of-Graph' } }").Check();
        Assert.Equal("of-the-vault", tenant.Engine.Run("(Get-AgentUserToken -AsPlainText -Scope https://vault.azure.net/.default).Token").Check().Single().BaseObject);
        Assert.Equal("of-Graph", tenant.Engine.Run("(Get-AgentUserToken -AsPlainText).Token").Check().Single().BaseObject);
    }

    [Fact]
    public void The_session_of_Connect_MgGraph_gives_no_token()
    {
        using var engine = new Engine();
        engine.ConnectMgGraph();
        ErrorRecord error = engine.Run("Get-AgentUserToken").Error;
        Assert.StartsWith("NotWithMgGraph,", error.FullyQualifiedErrorId);
        Assert.Contains("keeps its tokens to itself", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Invoke-MgGraphRequest", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }
}
