using System.Management.Automation;

namespace AgentUsers.PowerShell.Tests;

public sealed class CmdletFaultTests
{
    [Fact]
    public void A_server_that_is_gone_is_a_connection_error()
    {
        using var engine = new Engine();
        engine.Connect();
        engine.Run("Stop-AgentUserSimulator").Check();
        ErrorRecord error = engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com", Tenant.Identity(1)).Error;
        Assert.StartsWith("Unreachable,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void A_wait_that_is_longer_than_there_is_time_ends_with_the_servers_reason()
    {
        using var engine = new Engine();
        engine.Connect("-Fault @{ Method = 'POST'; Path = '/users/microsoft.graph.agentUser'; Fault = 'Throttled'; RetryAfterSeconds = 86400 }");
        ErrorRecord error = engine.Run("New-AgentUser -IdentityParentId $args[0] -DisplayName A -UserPrincipalName a1@contoso.com", Tenant.Identity(1)).Error;
        Assert.StartsWith("Throttled,", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, error.CategoryInfo.Category);
        dynamic exception = error.Exception;
        Assert.Equal(TimeSpan.FromDays(1), (TimeSpan)exception.Problem.RetryAfter);
        Assert.EndsWith(" The server asks to wait 86400 s.", error.ErrorDetails.Message);
    }
}
