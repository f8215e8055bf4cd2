namespace AgentUsers;

/// <summary>A demand for an assertion by which an application proves who it is.</summary>
public sealed class AssertionRequest
{
    private AssertionRequest(string clientId, string audience)
    {
        ClientId = clientId;
        Audience = audience;
    }

    /// <summary>The application.</summary>
    public string ClientId { get; }

    /// <summary>The audience of the assertion, its <c>aud</c>, such as <c>api://AzureADTokenExchange</c>.</summary>
    public string Audience { get; }

    internal static AssertionRequest From(Demand demand) => new(demand.Text("clientId") ?? "", demand.Text("audience") ?? "");
}
