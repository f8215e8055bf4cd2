namespace AgentUsers;

/// <summary>A demand for a signature by the key of an application's certificate.</summary>
public sealed class SignatureRequest
{
    private readonly byte[] _data;

    private SignatureRequest(string clientId, string algorithm, byte[] data)
    {
        ClientId = clientId;
        Algorithm = algorithm;
        _data = data;
    }

    /// <summary>The application.</summary>
    public string ClientId { get; }

    /// <summary>The algorithm: <c>PS256</c>.</summary>
    public string Algorithm { get; }

    /// <summary>The bytes to sign. They are not hashed yet.</summary>
    public byte[] Data => (byte[])_data.Clone();

    internal static SignatureRequest From(Demand demand) =>
        new(demand.Text("clientId") ?? "", demand.Text("algorithm") ?? "", demand.Body);
}
