// MSAL.NET against the simulator's sign-in: every leg that it has. One line of JSON per call, for `cargo xtask strangers`.
// A token counts when the simulated Graph takes it.
using System.Net.Http.Headers;
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
using JsonDocument facts = JsonDocument.Parse(Environment.GetEnvironmentVariable("SIGN_IN")!);
string Fact(params string[] path) => path.Aggregate(facts.RootElement, (at, name) => at.GetProperty(name)).GetString()!;
string tenant = Fact("tenant"), identity = Fact("identity"), blueprint = Fact("blueprint", "clientId");
string agentUser = Fact("agentUser", "id"), agentUserName = Fact("agentUser", "userPrincipalName"), person = Fact("person", "id");
string[] scopes = ["https://graph.microsoft.com/.default"], exchange = ["api://AzureADTokenExchange/.default"];
using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(Fact("both"));

ConfidentialClientApplicationBuilder App(string clientId) => ConfidentialClientApplicationBuilder.Create(clientId)
    .WithAuthority($"{root}/{tenant}", validateAuthority: false).WithInstanceDiscovery(false).WithHttpClientFactory(new Factory(http));
IConfidentialClientApplication Application(string? secret = null) => App(Fact("application", "clientId")).WithClientSecret(secret ?? Fact("application", "clientSecret")).Build();
IConfidentialClientApplication Blueprint() => App(blueprint).WithClientSecret(Fact("blueprint", "clientSecret")).Build();
IConfidentialClientApplication ByCertificate() => App(blueprint).WithCertificate(certificate).Build();
Task<AuthenticationResult> T1(IConfidentialClientApplication app) => app.AcquireTokenForClient(exchange).WithFmiPath(identity).ExecuteAsync();
IConfidentialClientApplication Agent(IConfidentialClientApplication? by = null) =>
    App(identity).WithClientAssertion(async (AssertionRequestOptions _) => (await T1(by ?? Blueprint())).AccessToken).Build();

async Task<JsonElement> Graph(string path, string token)
{
    using var request = new HttpRequestMessage(HttpMethod.Get, $"{root}/v1.0{path}");
    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
    using HttpResponseMessage answer = await http.SendAsync(request);
    return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
}

async Task<AuthenticationResult> OnBehalfOf(string scope)
{
    using var order = new StringContent(JsonSerializer.Serialize(new { user = Fact("person", "userPrincipalName"), audience = blueprint }), new MediaTypeHeaderValue("application/json"));
    using HttpResponseMessage answer = await http.PostAsync($"{root}/simulator/user-token", order);
    string token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("token").GetString()!;
    return await Agent().AcquireTokenOnBehalfOf([scope], new UserAssertion(token)).ExecuteAsync();
}

async Task<string> T2(IConfidentialClientApplication agent) => (await agent.AcquireTokenForClient(exchange).ExecuteAsync()).AccessToken;
async Task<AuthenticationResult> ByName(string name)
{
    IConfidentialClientApplication agent = Agent();
    return await agent.AcquireTokenByUserFederatedIdentityCredential(scopes, name, await T2(agent)).ExecuteAsync();
}
async Task<AuthenticationResult> ById(IConfidentialClientApplication? by = null)
{
    IConfidentialClientApplication agent = Agent(by);
    return await agent.AcquireTokenByUserFederatedIdentityCredential(scopes, Guid.Parse(agentUser), await T2(agent)).ExecuteAsync();
}

Func<AuthenticationResult?, Exception?, Task<bool>> isAny = (result, _) => Task.FromResult(result?.AccessToken.Split('.').Length == 3);
async Task<bool> IsUser(AuthenticationResult? result, string id) => result is not null && (await Graph("/me", result.AccessToken)).GetProperty("id").GetString() == id;
async Task<bool> IsAgentUser(AuthenticationResult? result, Exception? error) =>
    await IsUser(result, agentUser)
    && (await Graph("/me/licenseDetails", result!.AccessToken)).GetProperty("value").EnumerateArray().Single().GetProperty("skuPartNumber").GetString() == Fact("agentUser", "sku");
async Task<bool> IsExchange(AuthenticationResult? result, Exception? error) =>
    result is not null && (await Graph("/me", result.AccessToken)).GetProperty("error").GetProperty("code").GetString() == "InvalidAuthenticationToken";
// The number is in the library's own error, with the correlation id.
Func<AuthenticationResult?, Exception?, Task<bool>> Refused(int number) => (_, error) =>
    Task.FromResult(error is MsalServiceException { CorrelationId.Length: > 0 } refused && refused.Message.Contains($"AADSTS{number}", StringComparison.Ordinal));

await Play("AcquireTokenForClient with a secret", "token", () => Application().AcquireTokenForClient(scopes).ExecuteAsync(), isAny);
await Play("the second call comes from the cache", "TokenSource.Cache", async () =>
{
    IConfidentialClientApplication app = Application();
    await app.AcquireTokenForClient(scopes).ExecuteAsync();
    return await app.AcquireTokenForClient(scopes).ExecuteAsync();
}, (result, _) => Task.FromResult(result?.AuthenticationResultMetadata.TokenSource == TokenSource.Cache));
await Play("AcquireTokenForClient with a certificate", "token", () => ByCertificate().AcquireTokenForClient(scopes).ExecuteAsync(), isAny);
await Play("WithFmiPath", "T1", () => T1(Blueprint()), IsExchange);
await Play("WithFmiPath with a certificate", "T1", () => T1(ByCertificate()), IsExchange);
await Play("WithClientAssertion (T1), leg 2", "T2", () => Agent().AcquireTokenForClient(exchange).ExecuteAsync(), IsExchange);
await Play("WithClientAssertion (T1), agent identity's own token", "token", () => Agent().AcquireTokenForClient(scopes).ExecuteAsync(), isAny);
await Play("AcquireTokenByUserFederatedIdentityCredential by name", "/me and its licenses", () => ByName(agentUserName), IsAgentUser);
await Play("AcquireTokenByUserFederatedIdentityCredential by id", "/me and its licenses", () => ById(), IsAgentUser);
await Play("agent user, blueprint with a certificate", "/me and its licenses", () => ById(ByCertificate()), IsAgentUser);
await Play("AcquireTokenOnBehalfOf, the agent identity as client", "/me is the person", () => OnBehalfOf("User.Read"), (result, _) => IsUser(result, person));
await Play("wrong secret", "MsalServiceException AADSTS7000215 with the correlation id", () => Application("wrong").AcquireTokenForClient(scopes).ExecuteAsync(), Refused(7000215));
await Play("application of another tenant", "MsalServiceException AADSTS700016", () => App("00000000-0000-4000-8000-00000000dead").WithClientSecret("x").Build().AcquireTokenForClient(scopes).ExecuteAsync(), Refused(700016));
await Play("user that is not there", "MsalServiceException AADSTS50034", () => ByName("nobody@contoso.com"), Refused(50034));
await Play("consent missing", "MsalServiceException AADSTS65001", () => OnBehalfOf("User.ReadWrite.All"), Refused(65001));

static async Task Play(string call, string expected, Func<Task<AuthenticationResult>> run, Func<AuthenticationResult?, Exception?, Task<bool>> judge)
{
    AuthenticationResult? result = null;
    Exception? error = null;
    bool pass = false;
    try
    {
        result = await run();
    }
    catch (Exception thrown)
    {
        error = thrown;
    }
    try
    {
        // An answer that the simulator lacks is never a pass.
        pass = error?.ToString().Contains("NotSimulated", StringComparison.Ordinal) != true && await judge(result, error);
    }
    catch (Exception thrown) when (thrown is KeyNotFoundException or InvalidOperationException or JsonException)
    {
        // A value of another shape.
    }
    string got = error is null ? $"a token from {result!.AuthenticationResultMetadata.TokenSource}" : $"{error.GetType().Name} {error.Message}";
    Console.WriteLine(JsonSerializer.Serialize(new { client = "MSAL.NET", call, expected, pass, got = got[..Math.Min(got.Length, 300)] }));
}

internal sealed class Factory(HttpClient http) : IMsalHttpClientFactory
{
    public HttpClient GetHttpClient() => http;
}
