using System.Management.Automation;
using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

public sealed class CmdletTokenTests
{
    private const string Tokens = "-Token @{ first = 3600; second = 3600 }";

    [Fact]
    public void A_block_is_asked_again_when_its_token_is_refused()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect(Tokens);
        engine.Run(
            """
            $asked = [Collections.Generic.List[object]]::new()
            Connect-AgentUser -GraphEndpoint $args[0] -AccessToken {
                param($Request)
                $asked.Add($Request)
                if ($Request.Refused) { 'second' } else { 'first' }
            }
            """, tenant.Endpoint).Check();
        Assert.NotEmpty(engine.Run("Get-AgentUser").Check());
        Assert.NotEmpty(engine.Run("Get-AgentUser").Check());
        Assert.Equal([false], engine.Run("$asked").Values("Refused"));
        tenant.Revoke("first");
        Assert.NotEmpty(engine.Run("Get-AgentUser").Check());
        Assert.Equal([false, true], engine.Run("$asked").Values("Refused"));
        Assert.All(engine.Run("$asked").Values("Scope"), scope => Assert.EndsWith("/.default", (string)scope!));
    }

    [Fact]
    public void A_block_may_return_a_SecureString()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        engine.Run("$mine = $args[1]; Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { $mine }", tenant.Endpoint, Secure.Text("admin")).Check();
        Assert.NotEmpty(engine.Run("Get-AgentUser").Check());
    }

    [Fact]
    public void A_block_runs_on_the_thread_of_its_cmdlet_where_it_was_written()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        engine.Run(
            """
            $probe = @{}
            function Get-Block { $hidden = 'admin'; { $probe.thread = [Environment]::CurrentManagedThreadId; $hidden }.GetNewClosure() }
            Connect-AgentUser -GraphEndpoint $args[0] -AccessToken (Get-Block)
            """, tenant.Endpoint).Check();
        Assert.Equal(true, engine.Run("$null = Get-AgentUser; $probe.thread -eq [Environment]::CurrentManagedThreadId").Check().Single().BaseObject);
    }

    [Theory]
    [InlineData("throw 'the vault is shut'", "the vault is shut")]
    [InlineData("", "returned 0 values")]
    [InlineData("'one'; 'two'", "returned 2 values")]
    [InlineData("42", "returned System.Int32")]
    [InlineData("''", "an empty token")]
    public void A_block_without_a_token_ends_the_call_and_says_why(string block, string why)
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        engine.Run($"Connect-AgentUser -GraphEndpoint $args[0] -AccessToken {{ {block} }}", tenant.Endpoint).Check();
        ErrorRecord error = engine.Run("Get-AgentUser").Error;
        Assert.StartsWith("TokenMissing,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.Contains(why, error.ToString());
        Assert.Contains(why, error.Exception.InnerException!.Message);
    }

    [Fact]
    public void A_fixed_token_that_ends_in_the_middle_ends_the_run_with_a_problem_that_says_so()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect(Tokens);
        engine.Run("Connect-AgentUser -GraphEndpoint $args[0] -AccessToken $args[1]", tenant.Endpoint, Secure.Text("first")).Check();
        tenant.Fault(new JsonObject { ["method"] = "POST", ["path"] = "/users/microsoft.graph.agentUser", ["fault"] = "throttled", ["retryAfterSeconds"] = 1 });
        using var shell = engine.Shell("New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com", Tenant.Identity(1));
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            if (shell.Streams.Progress[added.Index].StatusDescription.Contains("Graph asks to wait", StringComparison.Ordinal))
                tenant.Revoke("first");
        };
        shell.Invoke();
        ErrorRecord error = Assert.Single(shell.Streams.Error);
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.Contains("can't be renewed", error.ToString());
        Assert.Empty(tenant.Writes());

        engine.Run("Connect-AgentUser -GraphEndpoint $args[0] -AccessToken $args[1]", tenant.Endpoint, Secure.Text("second")).Check();
        engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com", Tenant.Identity(1)).Check();
        Assert.Single(tenant.Writes());
    }

    [Fact]
    public void Two_cmdlets_of_one_pipeline_share_a_token()
    {
        using var engine = new Engine();
        Tenant tenant = engine.Connect();
        engine.Run("$times = @{ n = 0 }; Connect-AgentUser -GraphEndpoint $args[0] -AccessToken { $times.n++; 'admin' }", tenant.Endpoint).Check();
        engine.Run(
            "Get-AgentIdentity $args[0] | ForEach-Object { New-AgentUser -IdentityParentId $_.Id -DisplayName A -UserPrincipalName a1@contoso.com } | Remove-AgentUser -Confirm:$false",
            Tenant.Identity(1)).Check();
        Assert.Equal(1, engine.Run("$times.n").Check().Single().BaseObject);
    }
}
