using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using static AgentUsers.Tests.SignInTenant;

namespace AgentUsers.Tests;

public sealed class SignInTests
{
    private static readonly X509Certificate2 s_certificate = SelfSigned(RSA.Create(2048), "any");

    /// <summary>Every kind of sign-in and of proof, by the name that docs/schema.json has for it.</summary>
    private static Dictionary<string, SignIn> Kinds => new()
    {
        ["application"] = SignIn.Application(Tenant, Blueprint, BySecret),
        ["agentIdentity"] = SignIn.AgentIdentity(Tenant, Blueprint, Identity, BySecret, exchangeAudience: "api://AzureADTokenExchange"),
        ["agentUser"] = AgentUser(),
        ["onBehalfOf"] = SignIn.OnBehalfOf(Tenant, Blueprint, Identity, BySecret, (_, _) => Task.FromResult("")),
        ["browser"] = SignIn.Browser("organizations", Program, ["User.Read", "Mail.Read"], loginEndpoint: new Uri("https://login.example")),
        ["deviceCode"] = SignIn.DeviceCode(Tenant, Program, (_, _) => Task.CompletedTask),
        ["managedIdentity"] = SignIn.ManagedIdentity(Program),
        ["azureCli"] = SignIn.AzureCli(Tenant),
        ["azureDeveloperCli"] = SignIn.AzureDeveloperCli(),
        ["workloadIdentity"] = SignIn.WorkloadIdentity(new Uri("https://login.example")),
    };

    private static Dictionary<string, Proof> Proofs => new()
    {
        ["clientSecret"] = BySecret,
        ["certificate"] = Proof.Certificate(s_certificate.ExportCertificatePem() + "\n" + s_certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem(), sendX5c: true),
        ["signature"] = Proof.Certificate(s_certificate, sendX5c: true),
        ["assertion"] = Proof.Assertion((_, _) => Task.FromResult("")),
        ["federatedTokenFile"] = Proof.FederatedTokenFile("/token"),
        ["managedIdentity"] = Proof.ManagedIdentity(Program),
        ["azurePipelines"] = Proof.AzurePipelines(Program),
        ["gitHubActions"] = Proof.GitHubActions(),
    };

    [Fact]
    public void Every_kind_of_the_schema_can_be_made_and_is_understood()
    {
        JsonValue schema = JsonValue.Parse(File.ReadAllText(Path.Combine(Simulation.Root, "docs", "schema.json")));
        JsonValue signIns = schema["$defs"]!["SignInConfig"]!;
        Assert.Equal(KindsOf(signIns), Kinds.Keys.Order());
        Assert.Equal(KindsOf(signIns["oneOf"]!.Items[0]["properties"]!["proof"]!), Proofs.Keys.Order());
        foreach ((string kind, SignIn signIn) in Kinds.Concat(Proofs.Select(proof => new KeyValuePair<string, SignIn>("agentUser", AgentUser(proof.Value)))))
        {
            Assert.Equal(kind, signIn.ToString());
            new AgentUserClient(new AgentUserClientOptions { SignIn = signIn }).Dispose();
        }
        Assert.All(Proofs, proof => Assert.Equal(proof.Key, proof.Value.ToString()));
    }

    private static IEnumerable<string> KindsOf(JsonValue schema) =>
        schema["oneOf"]!.Items.Select(kind => kind["properties"]!["kind"]!["const"]!.AsString()!).Order();

    [Fact]
    public async Task Agents_and_applications_sign_in()
    {
        using var tenant = new SignInTenant();
        SignIn[] all =
        [
            SignIn.Application(Tenant, Blueprint, BySecret),
            SignIn.AgentIdentity(Tenant, Blueprint, Identity, BySecret, tenant.Endpoint),
            SignIn.AgentUser(Tenant, Blueprint, Identity, UserOf.ById(User), BySecret),
            SignIn.AgentUser(Tenant, Blueprint, Identity, UserOf.ByName(UserName), BySecret),
        ];
        var accounts = new List<string?>();
        foreach (SignIn signIn in all)
        {
            using AgentUserClient client = tenant.Client(signIn);
            accounts.Add((await client.GetTokenAsync()).Account);
        }
        Assert.Equal([null, null, UserName, UserName], accounts.Select(account => account?.Contains('@') == true ? account : null));
    }

    [Fact]
    public async Task Every_proof_that_needs_no_cloud_is_accepted()
    {
        using var tenant = new SignInTenant();
        var asked = new List<string>();
        string cluster = await tenant.ClusterTokenAsync();
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, cluster);
        byte[]? signature = null;
        Proof[] proofs =
        [
            BySecret,
            Proof.Certificate(tenant.Pem),
            Proof.Certificate(tenant.Certificate, sendX5c: true),
            Proof.Signature(X509CertificateLoader.LoadCertificate(tenant.Certificate.RawData), (request, _) =>
            {
                asked.Add($"{request.Algorithm} for {request.ClientId}");
                using RSA key = tenant.Certificate.GetRSAPrivateKey()!;
                signature = key.SignData(request.Data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
                return Task.FromResult(signature);
            }),
            Proof.Assertion((request, _) =>
            {
                asked.Add($"{request.Audience} for {request.ClientId}");
                return Task.FromResult(cluster);
            }),
            Proof.FederatedTokenFile(file),
        ];
        foreach (Proof proof in proofs)
        {
            using AgentUserClient client = tenant.Client(AgentUser(proof));
            Assert.Equal(UserName, (await client.GetTokenAsync()).Account);
        }
        File.Delete(file);
        Assert.Equal([$"PS256 for {Blueprint}", $"api://AzureADTokenExchange for {Blueprint}"], asked);
        Assert.Contains(signature!, one => one != 0);
    }

    [Fact]
    public async Task An_agent_identity_acts_for_a_person()
    {
        using var tenant = new SignInTenant();
        UserTokenRequest? asked = null;
        SignIn OnBehalfOf(Func<Task<string>> token) => SignIn.OnBehalfOf(Tenant, Blueprint, Identity, BySecret, (request, _) =>
        {
            asked = request;
            return token();
        });
        using AgentUserClient client = tenant.Client(OnBehalfOf(() => Task.FromResult(tenant.PersonToken())));
        Assert.Equal(Person, (await client.GetTokenAsync()).Account);
        Assert.Equal((Blueprint, null), (asked!.ClientId, asked.Claims));
        using AgentUserClient without = tenant.Client(OnBehalfOf(() => throw new InvalidOperationException("Nobody is signed in.")));
        var error = await Assert.ThrowsAsync<AgentUserException>(() => without.GetTokenAsync());
        Assert.Contains("Nobody is signed in.", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Fact]
    public async Task A_person_signs_in_by_a_code_that_is_shown_once_for_all_calls()
    {
        using var tenant = new SignInTenant();
        var codes = new List<DeviceCode>();
        var shown = new TaskCompletionSource<DeviceCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        using AgentUserClient client = tenant.Client(SignIn.DeviceCode(Tenant, Program, (code, _) =>
        {
            lock (codes)
                codes.Add(code);
            shown.TrySetResult(code);
            return Task.CompletedTask;
        }, [new Uri(tenant.Endpoint, "/User.Read.All").ToString()]));
        Task<AgentUser>[] calls = [.. Enumerable.Range(0, 5).Select(_ => client.GetAsync(UserName))];
        DeviceCode code = await shown.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains(code.UserCode, code.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(15), code.ExpiresIn);
        Assert.StartsWith(tenant.Endpoint.ToString(), code.VerificationUri.ToString(), StringComparison.Ordinal);
        tenant.Approve(code);
        Assert.All(await Task.WhenAll(calls), user => Assert.Equal(UserName, user.UserPrincipalName));
        Assert.Single(codes);
        Assert.Equal(0, client.Demands.Waiting);
    }

    [Fact]
    public async Task Nobody_is_shown_a_code_any_more_when_no_call_waits()
    {
        using var tenant = new SignInTenant();
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hidden = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using AgentUserClient client = tenant.Client(SignIn.DeviceCode(Tenant, Program, (_, cancellationToken) =>
        {
            cancellationToken.Register(hidden.SetResult);
            shown.SetResult();
            return hidden.Task;
        }));
        using var source = new CancellationTokenSource();
        Task<GraphToken> token = client.GetTokenAsync(cancellationToken: source.Token);
        await shown.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await source.CancelAsync();
        await Assert.ThrowsAsync<AgentUserCanceledException>(() => token);
        await hidden.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_person_signs_in_in_a_browser_that_the_host_opens()
    {
        using var tenant = new SignInTenant($", \"approves\": \"{Person}\"");
        using var http = new HttpClient();
        var opened = new List<Uri>();
        using AgentUserClient client = tenant.Client(SignIn.Browser(Tenant, Program, [new Uri(tenant.Endpoint, "/User.Read.All").ToString()], async (url, cancellationToken) =>
        {
            opened.Add(url);
            // It follows the redirect to the port of this machine, as a browser does.
            Assert.Contains("You are signed in.", await http.GetStringAsync(url, cancellationToken), StringComparison.Ordinal);
        }));
        Assert.NotNull(await client.GetAsync(UserName));
        GraphToken token = await client.GetTokenAsync();
        Assert.Equal(Person, token.Account);
        Assert.Contains("User.Read.All", token.Scope, StringComparison.Ordinal);
        Assert.Contains("code_challenge", Assert.Single(opened).Query, StringComparison.Ordinal);
        // Its refresh token is in memory: a new token needs no browser, and after signing out one is needed.
        GraphToken renewed = await client.GetTokenAsync(refresh: true);
        Assert.Equal((Person, token.Scope), (renewed.Account, renewed.Scope));
        Assert.NotEqual(token.Token, renewed.Token);
        Assert.Equal(renewed.Token, (await client.GetTokenAsync()).Token);
        Assert.Single(opened);
        client.SignOut();
        await client.GetTokenAsync();
        Assert.Equal(2, opened.Count);
    }

    [Fact]
    public async Task Without_a_browser_the_sign_in_says_what_to_do()
    {
        var refused = await Assert.ThrowsAsync<AgentUserException>(() => SystemBrowser.OpenAsync(new Uri("file:///bin/sh"), default));
        Assert.Equal("NoBrowser", refused.Problem.Code);
        using var tenant = new SignInTenant();
        using AgentUserClient client = tenant.Client(SignIn.Browser(Tenant, Program, open: (_, _) => throw new InvalidOperationException("There is no screen.")));
        var error = await Assert.ThrowsAsync<AgentUserException>(() => client.GetTokenAsync());
        Assert.Equal("NoBrowser", error.Problem.Code);
        Assert.Contains("There is no screen.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":0", "#!/bin/sh\nexit 3\n", "failed with exit code 3")]
    [InlineData(":0", null, "has nothing that opens one")]
    [InlineData("", "#!/bin/sh\nexit 0\n", "has no desktop")]
    public async Task A_browser_that_does_not_open_ends_the_sign_in_at_once(string display, string? opener, string said)
    {
        if (!OperatingSystem.IsLinux())
            return;
        string folder = Directory.CreateTempSubdirectory().FullName;
        if (opener is not null)
        {
            File.WriteAllText(Path.Combine(folder, "xdg-open"), opener);
            File.SetUnixFileMode(Path.Combine(folder, "xdg-open"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        (string Name, string? Value)[] own = [("PATH", folder), ("DISPLAY", display), ("WAYLAND_DISPLAY", ""), ("BROWSER", "")];
        (string Name, string? Value)[] before = [.. own.Select(one => (one.Name, Environment.GetEnvironmentVariable(one.Name)))];
        using var tenant = new SignInTenant();
        using AgentUserClient client = tenant.Client(SignIn.Browser(Tenant, Program));
        AgentUserException error;
        try
        {
            foreach ((string name, string? value) in own)
                Environment.SetEnvironmentVariable(name, value);
            error = await Assert.ThrowsAsync<AgentUserException>(() => client.GetTokenAsync()).WaitAsync(TimeSpan.FromSeconds(50));
        }
        finally
        {
            foreach ((string name, string? value) in before)
                Environment.SetEnvironmentVariable(name, value);
            Directory.Delete(folder, recursive: true);
        }
        Assert.Equal(("NoBrowser", ProblemKind.SignIn), (error.Problem.Code, error.Problem.Kind));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("SignIn.DeviceCode", error.Problem.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("code_challenge", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callback_that_returns_no_task_is_named()
    {
        using var tenant = new SignInTenant();
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(tenant.Certificate.RawData);
        (SignIn SignIn, string Named)[] wrong =
        [
            (AgentUser(Proof.Signature(certificate, (_, _) => null!)), "The signature callback returned null"),
            (AgentUser(Proof.Assertion((_, _) => null!)), "The assertion callback returned null"),
            (SignIn.OnBehalfOf(Tenant, Blueprint, Identity, BySecret, (_, _) => null!), "The callback for the person's token returned null"),
            (SignIn.Browser(Tenant, Program, open: (_, _) => null!), "The opener of the browser returned null"),
            (SignIn.DeviceCode(Tenant, Program, (_, _) => null!), "The callback for the device code returned null"),
        ];
        foreach ((SignIn signIn, string named) in wrong)
        {
            using AgentUserClient client = tenant.Client(signIn);
            var error = await Assert.ThrowsAsync<AgentUserException>(() => client.GetTokenAsync());
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
        }
        using var provided = new AgentUserClient(new AgentUserClientOptions { GraphEndpoint = tenant.Endpoint, TokenProvider = (_, _) => null! });
        Assert.Contains("The token provider returned null", (await Assert.ThrowsAsync<AgentUserException>(() => provided.GetTokenAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_and_without_the_secret()
    {
        SignIn signIn = SignIn.AgentUser("no tenant", "no id", "no identity", UserOf.ById(UserName), Proof.AzurePipelines(""), new Uri("http://login.example"));
        var error = Assert.Throws<AgentUserException>(() => new AgentUserClient(new AgentUserClientOptions { SignIn = signIn }));
        Assert.Equal(
            ["signIn.agentIdentityId", "signIn.clientId", "signIn.loginEndpoint", "signIn.proof.serviceConnectionId", "signIn.tenantId", "signIn.userId"],
            error.Problem.Violations.Select(violation => violation.Field).Order());
        Assert.All(error.Problem.Violations, violation => Assert.NotEqual("", violation.Fix));
        var wrong = Proof.Certificate("-----BEGIN CERTIFICATE-----\nsecret");
        error = Assert.Throws<AgentUserException>(() => new AgentUserClient(new AgentUserClientOptions { SignIn = AgentUser(wrong) }));
        Assert.Equal("CertificateUnusable", error.Problem.Code);
        Assert.DoesNotContain("secret", error.Problem.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_an_rsa_key_can_not_sign()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 elliptic = new CertificateRequest("CN=curve", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        using var bare = X509CertificateLoader.LoadCertificate(s_certificate.RawData);
        foreach (X509Certificate2 wrong in new[] { elliptic, bare })
            Assert.Contains("private RSA key", Assert.Throws<ArgumentException>(() => Proof.Certificate(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_is_told_of_and_never_shown()
    {
        using var tenant = new SignInTenant();
        byte[] given = Encoding.UTF8.GetBytes("a wrong one");
        using AgentUserClient client = tenant.Client(AgentUser(Proof.ClientSecret(() => given)));
        Assert.All(given, one => Assert.Equal(0, one));
        var error = await Assert.ThrowsAsync<AgentUserException>(() => client.GetTokenAsync());
        Assert.Equal("SignInSecretWrong", error.Problem.Code);
        Assert.DoesNotContain("a wrong one", error.Problem.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_gives_its_tokens_to_others()
    {
        using var tenant = new SignInTenant();
        using AgentUserClient client = tenant.Client(AgentUser());
        GraphToken token = await client.GetTokenAsync([new Uri(tenant.Endpoint, "/User.Read").ToString()]);
        Assert.DoesNotContain(token.Token, token.ToString(), StringComparison.Ordinal);
        Assert.Contains("User.Read", token.Scope, StringComparison.Ordinal);
        Assert.True(token.ExpiresOn > DateTimeOffset.UtcNow.AddMinutes(30));
        Assert.Equal(token.Token, (await client.GetTokenAsync([new Uri(tenant.Endpoint, "/User.Read").ToString()])).Token);
        client.SignOut();
        Assert.NotEqual(token.Token, (await client.GetTokenAsync([new Uri(tenant.Endpoint, "/User.Read").ToString()])).Token);
        var error = await Assert.ThrowsAsync<AgentUserException>(() => client.GetTokenAsync(["two scopes"]));
        Assert.Equal("scopes", error.Problem.Field);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetTokenAsync(cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_client_has_one_sign_in()
    {
        var both = new AgentUserClientOptions { SignIn = AgentUser(), TokenProvider = (_, _) => Task.FromResult(new GraphToken("any")) };
        Assert.Contains("not both", Assert.Throws<ArgumentException>(() => new AgentUserClient(both)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_example_agent_reads_its_account_and_licenses()
    {
        using var tenant = new SignInTenant(top: $$""", "licenses": [{"user": "{{UserName}}", "sku": "AGENT_365"}]""");
        async Task<(int Code, string Output, string Errors)> RunAsync(string secret)
        {
            System.Diagnostics.ProcessStartInfo start = Example.Start("Agent");
            start.Environment["AGENTUSER_GRAPH_ENDPOINT"] = tenant.Endpoint.ToString();
            start.Environment["AGENTUSER_TENANT"] = Tenant;
            start.Environment["AGENTUSER_CLIENT_ID"] = Blueprint;
            start.Environment["AGENTUSER_CLIENT_SECRET"] = secret;
            start.Environment["AGENT_IDENTITY"] = Identity;
            start.Environment["AGENT_USER"] = User;
            return await Example.RunAsync(start);
        }
        Assert.Equal((0, $"{UserName} (first.agent)\nAGENT_365\n", ""), await RunAsync(Secret));
        (int code, string output, string errors) = await RunAsync("a wrong secret");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("The client secret is wrong.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("a wrong secret", errors, StringComparison.Ordinal);
        // Graph's refusal, too, is told without a trace of the program's calls.
        tenant.Simulation.Post("/simulator/script", """[{"method": "GET", "path": "/me", "fault": "foreignRefusal", "status": 403}]""");
        (code, output, errors) = await RunAsync(Secret);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("403", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
