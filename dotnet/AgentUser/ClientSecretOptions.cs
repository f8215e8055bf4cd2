using System;

namespace AgentUsers;

/// <summary>An application that signs in by its client secret.</summary>
public sealed class ClientSecretOptions
{
    /// <summary>An application.</summary>
    /// <param name="tenantId">The tenant: its id or a domain.</param>
    /// <param name="clientId">The application's client id.</param>
    /// <param name="secret">Its secret.</param>
    public ClientSecretOptions(string tenantId, string clientId, string secret)
    {
        TenantId = tenantId ?? throw new ArgumentNullException(nameof(tenantId));
        ClientId = clientId ?? throw new ArgumentNullException(nameof(clientId));
        Secret = secret ?? throw new ArgumentNullException(nameof(secret));
    }

    /// <summary>The tenant: its id or a domain.</summary>
    public string TenantId { get; }

    /// <summary>The application's client id.</summary>
    public string ClientId { get; }

    /// <summary>The origin of the sign-in, in place of the cloud's.</summary>
    public Uri? LoginEndpoint { get; init; }

    internal string Secret { get; }

    internal JsonValue ToConfig() => JsonValue.ObjectOf(
        ("tenantId", TenantId),
        ("clientId", ClientId),
        ("loginEndpoint", Operations.Optional(LoginEndpoint?.OriginalString)));
}
