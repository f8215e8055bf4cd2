using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

/// <summary>The state of the simulator, over HTTP.</summary>
internal sealed class Tenant(Uri endpoint)
{
    private static readonly HttpClient s_http = new();

    public Uri Endpoint => endpoint;

    /// <summary>The object id of an agent identity, from 1.</summary>
    public static string Identity(int number) => $"a1d00000-0000-4000-8000-{number:x12}";

    /// <summary>The accepted writes, in the simulator's order.</summary>
    public JsonArray Writes() => Get("/simulator/writes").AsArray();

    /// <summary>The users, groups and other objects.</summary>
    public JsonNode State() => Get("/simulator/state");

    /// <summary>The number of requests so far.</summary>
    public JsonNode Stats() => Get("/simulator/stats");

    /// <summary>Revokes a token.</summary>
    public void Revoke(string token) => Post("/simulator/revoke", new JsonObject { ["token"] = token });

    /// <summary>Adds a fault.</summary>
    public void Fault(JsonObject fault) => Post("/simulator/script", new JsonArray(fault.DeepClone()));

    /// <summary>An application of the tenant, its secret, and the tenant's id.</summary>
    public (string Id, string Secret, string Tenant) Client()
    {
        JsonNode facts = Get("/simulator/tenant"), client = facts["clients"]![0]!;
        return ((string)client["clientId"]!, (string)client["clientSecret"]!, (string)facts["tenant"]!["id"]!);
    }

    /// <summary>Whether the simulator answers.</summary>
    public bool IsThere()
    {
        try
        {
            return Stats() is not null;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Asks the simulator for something that Graph does not have, such as the consent or the decision of a person.</summary>
    public void Control(string name, JsonObject order) => Post("/simulator/" + name, order);

    /// <summary>The token of a person for an application.</summary>
    public string PersonToken(string person, string application) =>
        (string)Post("/simulator/user-token", new JsonObject { ["user"] = person, ["audience"] = application })["token"]!;

    /// <summary>Sends a request to Graph, as an administrator whose token is <c>admin</c>.</summary>
    public void Graph(string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, "/v1.0" + path)) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", "admin");
        using HttpResponseMessage answer = s_http.Send(request);
        Assert.True(answer.IsSuccessStatusCode, answer.Content.ReadAsStringAsync().GetAwaiter().GetResult());
    }

    /// <summary>The token of a service account, by which a cluster vouches for it.</summary>
    public string ClusterToken()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, "/simulator/oidc/kubernetes"));
        request.Headers.Authorization = new("Bearer", "simulated-secret");
        using HttpResponseMessage answer = s_http.Send(request);
        return (string)JsonNode.Parse(answer.Content.ReadAsStringAsync().GetAwaiter().GetResult())!["token"]!;
    }

    private JsonNode Get(string path) => JsonNode.Parse(s_http.GetStringAsync(new Uri(endpoint, path)).GetAwaiter().GetResult())!;

    private JsonNode Post(string path, JsonNode body)
    {
        using HttpResponseMessage answer = s_http.PostAsJsonAsync(new Uri(endpoint, path), body).GetAwaiter().GetResult();
        answer.EnsureSuccessStatusCode();
        string text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        return text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject();
    }
}
