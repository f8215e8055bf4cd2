using System;
using System.Collections.Generic;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Xunit;
using static AgentUsers.Tests.SignInTenant;

namespace AgentUsers.Tests;

/// <summary>AgentUser.Azure: credentials of the Azure SDK sign in, and an agent is a credential of the Azure SDK.</summary>
public sealed class AzureTests
{
    private const string Challenge = """{"access_token":{}}""";

    private static AgentUserClient Client(Simulation simulation, TokenCredential credential) =>
        new(new AgentUserClientOptions { GraphEndpoint = simulation.Simulator.Endpoint, TokenProvider = credential.AsTokenProvider() });

    [Fact]
    public async Task A_credential_signs_in_and_hears_of_a_claims_challenge()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Token = "admin" });
        var asked = new List<TokenRequestContext>();
        using AgentUserClient client = Client(simulation, DelegatedTokenCredential.Create((context, _) =>
        {
            asked.Add(context);
            return new AccessToken(context.Claims is null ? "challenged" : "admin", DateTimeOffset.UtcNow.AddHours(1));
        }));
        Assert.Equal(UserName, (await client.GetAsync(UserName)).UserPrincipalName);
        Assert.Equal([null, Challenge], asked.ConvertAll(context => context.Claims));
        Assert.All(asked, context => Assert.True(context.IsCaeEnabled));
        Assert.Equal([$"{simulation.Simulator.Endpoint}.default"], asked[0].Scopes);
    }

    [Theory]
    [InlineData("challenged", "ClaimsChallenge", "can't ask for claims. Sign in in a way that can")]
    [InlineData("expired", "TokenRejected", "gave the same one again. Sign in again there")]
    public async Task A_credential_that_gives_the_refused_token_again_ends_the_call(string token, string code, string said)
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Token = "admin" });
        int asked = 0;
        using AgentUserClient client = Client(simulation, DelegatedTokenCredential.Create((_, _) =>
        {
            asked++;
            return new AccessToken(token, DateTimeOffset.UtcNow.AddHours(1));
        }));
        var error = await Assert.ThrowsAsync<AgentUserException>(() => client.GetAsync(UserName));
        Assert.Equal((code, ProblemKind.SignIn), (error.Problem.Code, error.Problem.Kind));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{token}\"", error.Problem.ToJson(), StringComparison.Ordinal);
        Assert.Equal(2, asked);
        Assert.Equal(1, (await simulation.AskAsync("/simulator/stats"))["requests"]!.AsInt64());
    }

    [Fact]
    public async Task Clients_that_share_a_credential_may_be_given_the_same_token_after_a_challenge()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Token = "admin" });
        string known = "challenged";
        Func<TokenRequest, CancellationToken, Task<GraphToken>> shared = DelegatedTokenCredential.Create((context, _) =>
        {
            // As a cache does: what the claims were good for is given from then on.
            if (context.Claims is not null)
                known = "admin";
            return new AccessToken(known, DateTimeOffset.UtcNow.AddHours(1));
        }).AsTokenProvider();
        using var one = new AgentUserClient(new AgentUserClientOptions { GraphEndpoint = simulation.Simulator.Endpoint, TokenProvider = shared });
        using var other = new AgentUserClient(new AgentUserClientOptions { GraphEndpoint = simulation.Simulator.Endpoint, TokenProvider = shared });
        foreach (AgentUserClient client in new[] { one, other })
            Assert.Equal("challenged", (await client.GetTokenAsync()).Token);
        foreach (AgentUserClient client in new[] { one, other })
            Assert.Equal(UserName, (await client.GetAsync(UserName)).UserPrincipalName);
    }

    [Fact]
    public async Task A_token_for_another_service_hides_no_refusal()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Latency = Simulation.Quick, Token = "admin" });
        using AgentUserClient client = Client(simulation, DelegatedTokenCredential.Create((context, _) =>
            new AccessToken(context.Scopes[0].Contains("vault", StringComparison.Ordinal) ? "vault" : "challenged", DateTimeOffset.UtcNow.AddHours(1))));
        await client.GetTokenAsync();
        await client.GetTokenAsync(["https://vault.azure.net/.default"]);
        var error = await Assert.ThrowsAsync<AgentUserException>(() => client.GetAsync(UserName));
        Assert.Equal("ClaimsChallenge", error.Problem.Code);
        Assert.Contains("Credential gave the same one again", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await simulation.AskAsync("/simulator/stats"))["requests"]!.AsInt64());
    }

    [Fact]
    public async Task A_credential_that_fails_ends_its_call_with_its_own_exception()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = Client(simulation, DelegatedTokenCredential.Create((_, _) => throw new CredentialUnavailableException("No identity is here.")));
        var error = await Assert.ThrowsAsync<AgentUserException>(() => client.GetAsync(UserName));
        Assert.Contains("No identity is here.", error.Message, StringComparison.Ordinal);
        Assert.IsType<CredentialUnavailableException>(error.InnerException);
    }

    [Fact]
    public async Task An_agent_is_a_credential_for_clients_of_the_SDK()
    {
        using var tenant = new SignInTenant();
        SignIn[] agents =
        [
            AgentUser(),
            SignIn.AgentIdentity(Tenant, Blueprint, Identity, BySecret),
            SignIn.OnBehalfOf(Tenant, Blueprint, Identity, BySecret, (_, _) => Task.FromResult(tenant.PersonToken())),
        ];
        foreach (SignIn agent in agents)
        {
            using AgentUserClient client = tenant.Client(agent);
            var credential = new AgentUserCredential(client);
            string scope = new Uri(tenant.Endpoint, "/.default").ToString();
            AccessToken token = await credential.GetTokenAsync(new TokenRequestContext([scope]), default);
            Assert.True(token.ExpiresOn > DateTimeOffset.UtcNow.AddMinutes(30));
            Assert.Equal(token.Token, credential.GetToken(new TokenRequestContext([scope]), default).Token);
        }
    }

    [Fact]
    public async Task A_pipeline_of_the_SDK_reads_the_account_of_an_agent_user_and_meets_a_claims_challenge()
    {
        using var tenant = new SignInTenant($$""", "policies": [{"name": "c1", "user": "{{UserName}}", "claimsAtGraph": true}]""");
        using AgentUserClient client = tenant.Client(AgentUser());
        string scope = new Uri(tenant.Endpoint, "/.default").ToString();
        var policy = new LoopbackPolicy(new AgentUserCredential(client), scope);
        HttpPipeline pipeline = HttpPipelineBuilder.Build(new Options(), policy);
        using HttpMessage message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Get;
        message.Request.Uri.Reset(new Uri(tenant.Endpoint, "/v1.0/me"));
        await pipeline.SendAsync(message, default);
        Assert.True(message.Response.Status == 200, message.Response.Content.ToString());
        Assert.Contains(UserName, message.Response.Content.ToString(), StringComparison.Ordinal);
        Assert.Contains("c1", policy.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_an_exception_of_the_SDK_and_a_cancellation_one_of_NET()
    {
        using var tenant = new SignInTenant($$""", "policies": [{"name": "none", "user": "{{UserName}}", "block": 53003}]""");
        using AgentUserClient client = tenant.Client(AgentUser());
        var credential = new AgentUserCredential(client);
        string[] scopes = [new Uri(tenant.Endpoint, "/.default").ToString()];
        var error = await Assert.ThrowsAsync<AuthenticationFailedException>(async () => await credential.GetTokenAsync(new TokenRequestContext(scopes), default));
        var problem = Assert.IsType<AgentUserException>(error.InnerException);
        Assert.Equal(("SignInBlockedByPolicy", problem.Message), (problem.Problem.Code, error.Message));
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await credential.GetTokenAsync(new TokenRequestContext(scopes), source.Token));
    }

    private sealed class Options : ClientOptions;

    /// <summary>Does as the SDK's own policy does, which refuses http: a simulator on this machine speaks it.</summary>
    private sealed class LoopbackPolicy(TokenCredential credential, string scope) : HttpPipelinePolicy
    {
        internal string? Challenge { get; private set; }

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            await SendAsync(message, pipeline);
            Match claims = Regex.Match(message.Response.Headers.TryGetValue("WWW-Authenticate", out string? value) ? value : "", "claims=\"([^\"]+)\"");
            if (!claims.Success)
                return;
            Challenge = Encoding.UTF8.GetString(Convert.FromBase64String(claims.Groups[1].Value));
            await SendAsync(message, pipeline);
        }

        private async Task SendAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            AccessToken token = await credential.GetTokenAsync(new TokenRequestContext([scope], claims: Challenge), message.CancellationToken);
            message.Request.Headers.SetValue("Authorization", $"Bearer {token.Token}");
            await ProcessNextAsync(message, pipeline);
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            ProcessAsync(message, pipeline).AsTask().GetAwaiter().GetResult();
    }
}
