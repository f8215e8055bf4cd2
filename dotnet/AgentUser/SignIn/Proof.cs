using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>How an application proves who it is.</summary>
public sealed class Proof
{
    private readonly JsonValue _config;
    private readonly Func<byte[]>? _secret;

    private Proof(JsonValue config, Func<byte[]>? secret = null)
    {
        _config = config;
        _secret = secret;
    }

    /// <summary>Makes an assertion; null if the proof does not ask for one.</summary>
    internal Func<AssertionRequest, CancellationToken, Task<string>>? Assert { get; private init; }

    /// <summary>Signs an assertion; null if the proof does not ask for that.</summary>
    internal Func<SignatureRequest, CancellationToken, Task<byte[]>>? Sign { get; private init; }

    /// <summary>A client secret.</summary>
    /// <param name="secret">The secret.</param>
    /// <returns>The proof.</returns>
    public static Proof ClientSecret(string secret)
    {
        SignIn.Given(secret, nameof(secret));
        return ClientSecret(() => Encoding.UTF8.GetBytes(secret));
    }

    /// <summary>A client secret that is not kept as a string.</summary>
    /// <param name="secret">Returns it in UTF-8, in an array of its own that is cleared after use.</param>
    internal static Proof ClientSecret(Func<byte[]> secret) => new(Kind("clientSecret"), secret);

    /// <summary>A certificate with its RSA key, as PEM.</summary>
    /// <param name="pem">The certificate and its private key.</param>
    /// <param name="sendX5c">
    /// Whether each assertion has the certificate itself, for applications that are registered by its subject name and issuer.
    /// </param>
    /// <returns>The proof.</returns>
    public static Proof Certificate(string pem, bool sendX5c = false)
    {
        SignIn.Given(pem, nameof(pem));
        return Certificate(() => Encoding.UTF8.GetBytes(pem), sendX5c);
    }

    /// <summary>A certificate with its key that is not kept as a string.</summary>
    /// <param name="pem">Returns the PEM in an array of its own that is cleared after use.</param>
    /// <param name="sendX5c">Whether each assertion has the certificate itself.</param>
    internal static Proof Certificate(Func<byte[]> pem, bool sendX5c = false) =>
        new(Kind("certificate", ("sendX5c", sendX5c)), pem);

    /// <summary>
    /// A certificate whose RSA key signs where it is, such as one of a PFX file, of the Windows certificate store or of a smart card. The
    /// key is not copied.
    /// </summary>
    /// <param name="certificate">The certificate with its private key. Dispose of it after the client.</param>
    /// <param name="sendX5c">
    /// Whether each assertion has the certificate itself, for applications that are registered by its subject name and issuer.
    /// </param>
    /// <returns>The proof.</returns>
    /// <exception cref="ArgumentException">The certificate has no private key, or one that is not RSA.</exception>
    public static Proof Certificate(X509Certificate2 certificate, bool sendX5c = false)
    {
        SignIn.Given(certificate, nameof(certificate));
        using (RSA? key = certificate.GetRSAPrivateKey())
        {
            if (key is null)
                throw new ArgumentException("The certificate has no private RSA key. Give one that was loaded together with its key.", nameof(certificate));
        }
        return Signature(certificate, (request, _) => Task.FromResult(SignBy(certificate, request.Data)), sendX5c);
    }

    /// <summary>A certificate whose key is elsewhere, such as in Azure Key Vault: a callback signs.</summary>
    /// <param name="certificate">The certificate; it needs no private key.</param>
    /// <param name="sign">
    /// Returns the signature of the request's data by PS256: RSASSA-PSS with SHA-256, and a salt of 32 bytes. It is called on the thread
    /// pool.
    /// </param>
    /// <param name="sendX5c">
    /// Whether each assertion has the certificate itself, for applications that are registered by its subject name and issuer.
    /// </param>
    /// <returns>The proof.</returns>
    public static Proof Signature(
        X509Certificate2 certificate, Func<SignatureRequest, CancellationToken, Task<byte[]>> sign, bool sendX5c = false) =>
        new(Kind("signature", ("certificate", Pem(SignIn.Given(certificate, nameof(certificate)))), ("sendX5c", sendX5c)))
        {
            Sign = SignIn.Given(sign, nameof(sign)),
        };

    /// <summary>An assertion that a callback makes, such as the token of another identity provider.</summary>
    /// <param name="assertion">Returns a new assertion each time. It is called on the thread pool.</param>
    /// <returns>The proof.</returns>
    public static Proof Assertion(Func<AssertionRequest, CancellationToken, Task<string>> assertion) =>
        new(Kind("assertion")) { Assert = SignIn.Given(assertion, nameof(assertion)) };

    /// <summary>The token in a file, as Kubernetes projects it. The file is read anew each time.</summary>
    /// <param name="path">The file; null for that of <c>AZURE_FEDERATED_TOKEN_FILE</c>.</param>
    /// <returns>The proof.</returns>
    public static Proof FederatedTokenFile(string? path = null) => new(Kind("federatedTokenFile", ("path", OperationJson.Optional(path))));

    /// <summary>The managed identity of this machine, which a federated credential of the application names.</summary>
    /// <param name="clientId">The client id of a user-assigned one; null for the machine's own.</param>
    /// <returns>The proof.</returns>
    public static Proof ManagedIdentity(string? clientId = null) => new(Kind("managedIdentity", ("clientId", OperationJson.Optional(clientId))));

    /// <summary>The token of an Azure DevOps pipeline.</summary>
    /// <param name="serviceConnectionId">The id of the service connection, whose federated credential the application has.</param>
    /// <returns>The proof.</returns>
    public static Proof AzurePipelines(string serviceConnectionId) =>
        new(Kind("azurePipelines", ("serviceConnectionId", SignIn.Given(serviceConnectionId, nameof(serviceConnectionId)))));

    /// <summary>The token of a GitHub Actions workflow.</summary>
    /// <returns>The proof.</returns>
    public static Proof GitHubActions() => new(Kind("gitHubActions"));

    /// <summary>The kind of proof, without any secret.</summary>
    /// <returns>The kind, such as <c>clientSecret</c>.</returns>
    public override string ToString() => _config["kind"]?.AsString() ?? "";

    /// <summary>The proof in the configuration of the native client, without any secret.</summary>
    internal JsonValue ToConfig() => _config;

    /// <summary>The secret in UTF-8, in an array that the caller clears; null if the proof has none.</summary>
    internal byte[]? CopySecret() => _secret?.Invoke();

    private static JsonValue Kind(string kind, params (string Name, JsonValue? Value)[] members) =>
        JsonValue.ObjectOf([("kind", kind), .. members]);

    private static byte[] SignBy(X509Certificate2 certificate, byte[] data)
    {
        using RSA key = certificate.GetRSAPrivateKey()
            ?? throw new CryptographicException("The certificate has no private RSA key any more.");
        return key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }

    private static string Pem(X509Certificate2 certificate) =>
        $"-----BEGIN CERTIFICATE-----\n{Convert.ToBase64String(certificate.RawData, Base64FormattingOptions.InsertLineBreaks)}\n-----END CERTIFICATE-----\n";
}
