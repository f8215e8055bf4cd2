// Signs in as an agent user, and reads the agent user's account and licenses: dotnet run
//
// The environment has AGENTUSER_TENANT, AGENTUSER_CLIENT_ID and AGENTUSER_CLIENT_SECRET of the blueprint, and the object ids
// AGENT_IDENTITY and AGENT_USER; for a simulator also AGENTUSER_GRAPH_ENDPOINT.
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AgentUsers;

static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
string endpoint = Variable("AGENTUSER_GRAPH_ENDPOINT");
Uri? graph = endpoint is "" ? null : new Uri(endpoint);
try
{
    // README: begin
    using var client = new AgentUserClient(new AgentUserClientOptions
    {
        GraphEndpoint = graph,
        SignIn = SignIn.AgentUser(
            Variable("AGENTUSER_TENANT"),
            Variable("AGENTUSER_CLIENT_ID"),
            Variable("AGENT_IDENTITY"),
            UserOf.ById(Variable("AGENT_USER")),
            Proof.ClientSecret(Variable("AGENTUSER_CLIENT_SECRET"))),
    });
    // The client keeps the token, and renews it when it is about to end.
    GraphToken token = await client.GetTokenAsync();
    // README: end
    using var http = new HttpClient { BaseAddress = graph ?? new Uri("https://graph.microsoft.com") };
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
    JsonNode me = (await http.GetFromJsonAsync<JsonNode>("/v1.0/me?$select=userPrincipalName,displayName"))!;
    Console.WriteLine($"{me["userPrincipalName"]} ({me["displayName"]})");
    JsonNode licenses = (await http.GetFromJsonAsync<JsonNode>("/v1.0/me/licenseDetails"))!;
    foreach (JsonNode? license in licenses["value"]!.AsArray())
        Console.WriteLine(license!["skuPartNumber"]);
    return 0;
}
catch (AgentUserException error)
{
    Console.Error.WriteLine($"{error.Problem.Message} ({error.Problem.Code})\nfix: {error.Problem.Fix}");
    return 1;
}
catch (HttpRequestException error)
{
    // Such as 403 where nobody consented to User.Read for the agent.
    Console.Error.WriteLine($"Microsoft Graph did not give the account: {error.Message}");
    return 1;
}
