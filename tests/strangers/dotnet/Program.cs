// MSAL.NET against the simulator's sign-in. One line of JSON per call, for `cargo xtask strangers`.
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Identity.Client;

string root = Environment.GetEnvironmentVariable("GRAPH_ROOT")!, file = Environment.GetEnvironmentVariable("SSL_CERT_FILE")!;
using var trusted = X509CertificateLoader.LoadCertificateFromFile(file);
using var http = new HttpClient(new SocketsHttpHandler
{
    SslOptions = new() { CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted }, RevocationMode = X509RevocationMode.NoCheck } },
    UseProxy = false,
});
using JsonDocument facts = JsonDocument.Parse(await http.GetStringAsync($"{root}/simulator/tenant"));
string tenant = facts.RootElement.GetProperty("tenant").GetProperty("id").GetString()!;
JsonElement client = facts.RootElement.GetProperty("clients")[0];
string id = client.GetProperty("clientId").GetString()!, secret = client.GetProperty("clientSecret").GetString()!;
string[] scopes = ["https://graph.microsoft.com/.default"];

ConfidentialClientApplicationBuilder App() => ConfidentialClientApplicationBuilder.Create(id)
    .WithAuthority($"{root}/{tenant}", validateAuthority: false).WithInstanceDiscovery(false).WithHttpClientFactory(new Factory(http));

static bool IsJwt(AuthenticationResult? result, Exception? error) => result?.AccessToken.Split('.').Length == 3;

await Play("AcquireTokenForClient with a secret", "token", () => App().WithClientSecret(secret).Build().AcquireTokenForClient(scopes).ExecuteAsync(), IsJwt);
await Play("the second call comes from the cache", "TokenSource.Cache", async () =>
{
    IConfidentialClientApplication app = App().WithClientSecret(secret).Build();
    await app.AcquireTokenForClient(scopes).ExecuteAsync();
    return await app.AcquireTokenForClient(scopes).ExecuteAsync();
}, (result, _) => result?.AuthenticationResultMetadata.TokenSource == TokenSource.Cache);
await Play("wrong secret", "MsalServiceException AADSTS7000215 with the correlation id", () => App().WithClientSecret("wrong").Build().AcquireTokenForClient(scopes).ExecuteAsync(),
    (_, error) => error is MsalServiceException { CorrelationId.Length: > 0 } refused && refused.Message.Contains("AADSTS7000215", StringComparison.Ordinal));
await Play("AcquireTokenForClient with a certificate", "token", () =>
{
    using var key = RSA.Create(2048);
    var request = new CertificateRequest("CN=strangers", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    return App().WithCertificate(certificate).Build().AcquireTokenForClient(scopes).ExecuteAsync();
}, IsJwt);
await Play("AcquireTokenForClient with an assertion", "token", () => App().WithClientAssertion((AssertionRequestOptions _) => Task.FromResult("a.b.c")).Build().AcquireTokenForClient(scopes).ExecuteAsync(), IsJwt);
await Play("WithFmiPath", "T1", () => App().WithClientSecret(secret).Build().AcquireTokenForClient(["api://AzureADTokenExchange/.default"])
    .WithFmiPath("a1d00000-0000-4000-8000-000000000001").ExecuteAsync(), IsJwt);
await Play("AcquireTokenOnBehalfOf", "token", () => App().WithClientSecret(secret).Build().AcquireTokenOnBehalfOf(scopes, new UserAssertion("a.b.c")).ExecuteAsync(), IsJwt);

static async Task Play(string call, string expected, Func<Task<AuthenticationResult>> run, Func<AuthenticationResult?, Exception?, bool> judge)
{
    AuthenticationResult? result = null;
    Exception? error = null;
    try
    {
        result = await run();
    }
    catch (Exception thrown)
    {
        error = thrown;
    }
    // An answer that the simulator lacks is never a pass.
    bool lacks = error?.ToString().Contains("NotSimulated", StringComparison.Ordinal) == true;
    string got = error is null ? $"a token from {result!.AuthenticationResultMetadata.TokenSource}" : $"{error.GetType().Name} {error.Message}";
    Console.WriteLine(JsonSerializer.Serialize(new { client = "MSAL.NET", call, expected, pass = !lacks && judge(result, error), got = got[..Math.Min(got.Length, 300)] }));
}

internal sealed class Factory(HttpClient http) : IMsalHttpClientFactory
{
    public HttpClient GetHttpClient() => http;
}
