using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;

namespace AgentUsers.Tests;

/// <summary>A simulated tenant with an agent user that may sign in, and the proofs of its blueprint.</summary>
internal sealed class SignInTenant : IDisposable
{
    internal const string Tenant = "contoso.com";
    internal const string Blueprint = "b1a00000-0000-4000-8000-000000000001";
    internal const string Identity = "a1d00000-0000-4000-8000-0000000dbba3";
    internal const string User = "a6000000-0000-4000-8000-0000000dbba3";
    internal const string UserName = "first.agent@contoso.com";
    internal const string Program = "5ea00000-0000-4000-8000-000000000002";
    internal const string Person = "human1@contoso.com";
    internal const string Secret = "simulated-secret";

    private readonly RSA _key = RSA.Create(2048);

    /// <param name="more">More members of the simulator's signIn, after a comma.</param>
    /// <param name="top">More options of the simulator, after a comma.</param>
    internal SignInTenant(string? more = null, string? top = null)
    {
        Certificate = SelfSigned(_key, "blueprint.contoso.com");
        string pem = Certificate.ExportCertificatePem().ReplaceLineEndings("\\n");
        Simulation = Simulation.Start($$"""
            {"latencyMs": [0, 0], "signIn": {
              "applications": [{"clientId": "{{Blueprint}}", "certificate": "{{pem}}",
                "federated": [{"issuer": "https://cluster.example", "subject": "system:serviceaccount:agents:one"}]}],
              "workloads": {"kubernetes": {"issuer": "https://cluster.example", "subject": "system:serviceaccount:agents:one"} },
              "consent": [{"client": "{{Identity}}", "scope": "User.Read User.Read.All"}]{{more}}
            }{{top}} }
            """);
    }

    internal Simulation Simulation { get; }

    internal Uri Endpoint => Simulation.Simulator.Endpoint;

    /// <summary>The certificate of the blueprint with its key.</summary>
    internal X509Certificate2 Certificate { get; }

    internal string Pem => Certificate.ExportCertificatePem() + "\n" + _key.ExportPkcs8PrivateKeyPem();

    internal static Proof BySecret => Proof.ClientSecret(Secret);

    internal static X509Certificate2 SelfSigned(RSA key, string name) =>
        new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));

    internal static SignIn AgentUser(Proof? proof = null) =>
        SignIn.AgentUser(Tenant, Blueprint, Identity, UserOf.ById(User), proof ?? BySecret);

    internal AgentUserClient Client(SignIn signIn) => new(new AgentUserClientOptions { GraphEndpoint = Endpoint, SignIn = signIn });

    /// <summary>The token of a person for the API of the blueprint.</summary>
    internal string PersonToken() =>
        Simulation.Post("/simulator/user-token", $$"""{"user": "{{Person}}", "audience": "{{Blueprint}}"}""")["token"]!.AsString()!;

    /// <summary>A token of the cluster's issuer.</summary>
    internal async Task<string> ClusterTokenAsync()
    {
        using var http = new System.Net.Http.HttpClient();
        using var request = new System.Net.Http.HttpRequestMessage(System.Net.Http.HttpMethod.Get, new Uri(Endpoint, "/simulator/oidc/kubernetes"));
        request.Headers.Authorization = new("Bearer", Secret);
        using System.Net.Http.HttpResponseMessage answer = await http.SendAsync(request);
        return JsonValue.Parse(await answer.Content.ReadAsStringAsync())["token"]!.AsString()!;
    }

    /// <summary>The person types the code.</summary>
    internal void Approve(DeviceCode code) =>
        Simulation.Post("/simulator/device-code", $$"""{"userCode": "{{code.UserCode}}", "user": "{{Person}}"}""");

    public void Dispose()
    {
        Simulation.Dispose();
        Certificate.Dispose();
        _key.Dispose();
    }
}
