using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace AgentUsers.PowerShell.Tests;

/// <summary>An engine and a simulated tenant with an agent user that may sign in.</summary>
internal sealed class AgentTenant : IDisposable
{
    public const string Home = "contoso.com";
    public const string Blueprint = "b1a00000-0000-4000-8000-000000000001";
    public const string Identity = "a1d00000-0000-4000-8000-0000000dbba3";
    public const string User = "a6000000-0000-4000-8000-0000000dbba3";
    public const string UserName = "first.agent@contoso.com";
    public const string Program = "5ea00000-0000-4000-8000-000000000002";
    public const string Person = "human1@contoso.com";
    public const string Secret = "simulated-secret";

    /// <summary>The parameters of the agent user's sign-in, but for the proof.</summary>
    public const string Agent = $"-TenantId {Home} -AgentIdentityId {Identity} -AgentUserId {User} -GraphEndpoint $simulator.GraphEndpoint";

    public AgentTenant()
    {
        Tenant = Engine.Connect();
        Tenant.Control("consent", new JsonObject { ["client"] = Identity, ["scope"] = "User.Read User.Read.All" });
        Engine.Run("Disconnect-AgentUser; $secret = $args[0]", Secure.Credential(Blueprint, Secret)).Check();
    }

    public Engine Engine { get; } = new();

    public Tenant Tenant { get; }

    /// <summary>Makes a certificate with this key.</summary>
    public static X509Certificate2 SelfSigned(RSA key, int daysLeft = 365) =>
        new CertificateRequest("CN=blueprint.contoso.com", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(daysLeft));

    /// <summary>Registers a certificate for the blueprint.</summary>
    public void Register(X509Certificate2 certificate) =>
        Tenant.Control("certificate", new JsonObject { ["clientId"] = Blueprint, ["certificate"] = certificate.ExportCertificatePem() });

    /// <summary>Connects, and says how and as whom.</summary>
    public (string SignIn, string? Account) Connect(string parameters, params object[] arguments)
    {
        dynamic connection = Engine.Run($"Connect-AgentUser {parameters} -PassThru", arguments).Check().Single();
        return ((string)connection.SignIn, (string?)connection.Account);
    }

    public void Dispose() => Engine.Dispose();
}
