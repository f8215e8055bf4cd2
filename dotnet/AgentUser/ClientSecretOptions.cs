using System;

namespace AgentUsers;

/// <summary>An application that signs in by its client secret.</summary>
public sealed class ClientSecretOptions
{
    /// <summary>Makes the sign-in of an application.</summary>
    /// <param name="tenantId">The tenant: a GUID or a domain.</param>
    /// <param name="clientId">The application's client id.</param>
    /// <param name="secret">The application's client secret.</param>
    public ClientSecretOptions(string tenantId, string clientId, string secret)
    {
        TenantId = tenantId ?? throw new ArgumentNullException(nameof(tenantId));
        ClientId = clientId ?? throw new ArgumentNullException(nameof(clientId));
        Secret = secret ?? throw new ArgumentNullException(nameof(secret));
    }

    /// <summary>The tenant: a GUID or a domain.</summary>
    public string TenantId { get; }

    /// <summary>The application's client id.</summary>
    public string ClientId { get; }

    /// <summary>The sign-in endpoint in place of the cloud's, an origin. With a Graph endpoint on this machine, that endpoint by default; with another one it must be named.</summary>
    public Uri? LoginEndpoint { get; init; }

    internal string Secret { get; }

    internal JsonValue ToConfig() => JsonValue.ObjectOf(
        ("kind", "application"),
        ("tenantId", TenantId),
        ("clientId", ClientId),
        ("proof", JsonValue.ObjectOf(("kind", "clientSecret"))),
        ("loginEndpoint", OperationJson.Optional(LoginEndpoint?.OriginalString)));
}
