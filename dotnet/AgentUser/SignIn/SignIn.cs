using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace AgentUsers;

/// <summary>
/// Says who signs in, where, and by which proof. What is wrong with it is told all at once, when a client is made of it.
/// </summary>
/// <remarks>
/// <c>clientId</c> is the application (client) id: of the application itself, or of the blueprint of an agent identity. A tenant is a
/// GUID or a domain. A sign-in goes to the endpoint of the client's cloud, or to <c>loginEndpoint</c>: that must be named beside a
/// Graph endpoint of one's own, unless that is on this machine. <c>exchangeAudience</c> is for clouds that this library does not know.
/// Tokens, and the refresh token of a person, are kept in the memory of the client alone.
/// </remarks>
public sealed class SignIn
{
    private readonly JsonValue _config;
    private readonly Proof? _proof;

    private SignIn(JsonValue config, SignInHost host, Proof? proof = null)
    {
        _config = config;
        _proof = proof;
        Host = host;
    }

    /// <summary>Meets what this sign-in asks for.</summary>
    internal SignInHost Host { get; }

    /// <summary>An application by itself, such as a blueprint, or an agent identity of the single-instance kind.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="clientId">The application.</param>
    /// <param name="proof">How the application proves who it is.</param>
    /// <param name="loginEndpoint">A sign-in endpoint outside the clouds; null for that of the client's cloud.</param>
    /// <param name="exchangeAudience">The audience of exchange tokens; null for that of the client's cloud.</param>
    /// <returns>The sign-in.</returns>
    public static SignIn Application(
        string tenantId, string clientId, Proof proof, Uri? loginEndpoint = null, string? exchangeAudience = null) =>
        Confidential("application", tenantId, clientId, proof, loginEndpoint, exchangeAudience);

    /// <summary>An agent identity by itself.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="clientId">The blueprint.</param>
    /// <param name="agentIdentityId">The client id of the agent identity, which is its object id.</param>
    /// <param name="proof">How the blueprint proves who it is.</param>
    /// <param name="loginEndpoint">A sign-in endpoint outside the clouds; null for that of the client's cloud.</param>
    /// <param name="exchangeAudience">The audience of exchange tokens; null for that of the client's cloud.</param>
    /// <returns>The sign-in.</returns>
    public static SignIn AgentIdentity(
        string tenantId, string clientId, string agentIdentityId, Proof proof, Uri? loginEndpoint = null, string? exchangeAudience = null) =>
        Confidential(
            "agentIdentity", tenantId, clientId, proof, loginEndpoint, exchangeAudience,
            members: ("agentIdentityId", Given(agentIdentityId, nameof(agentIdentityId))));

    /// <summary>An agent user.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="clientId">The blueprint of its agent identity.</param>
    /// <param name="agentIdentityId">The client id of its agent identity, which is that one's object id.</param>
    /// <param name="user">Which agent user, by id or by name.</param>
    /// <param name="proof">How the blueprint proves who it is.</param>
    /// <param name="loginEndpoint">A sign-in endpoint outside the clouds; null for that of the client's cloud.</param>
    /// <param name="exchangeAudience">The audience of exchange tokens; null for that of the client's cloud.</param>
    /// <returns>The sign-in.</returns>
    public static SignIn AgentUser(
        string tenantId,
        string clientId,
        string agentIdentityId,
        UserOf user,
        Proof proof,
        Uri? loginEndpoint = null,
        string? exchangeAudience = null) =>
        Confidential(
            "agentUser", tenantId, clientId, proof, loginEndpoint, exchangeAudience,
            members: [("agentIdentityId", Given(agentIdentityId, nameof(agentIdentityId))), Given(user, nameof(user)).Member]);

    /// <summary>An agent identity for a person who signed in elsewhere.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="clientId">The blueprint.</param>
    /// <param name="agentIdentityId">The client id of the agent identity, which is its object id.</param>
    /// <param name="proof">How the blueprint proves who it is.</param>
    /// <param name="userToken">Returns the access token of the person, which is for the blueprint. It is called on the thread pool.</param>
    /// <param name="loginEndpoint">A sign-in endpoint outside the clouds; null for that of the client's cloud.</param>
    /// <param name="exchangeAudience">The audience of exchange tokens; null for that of the client's cloud.</param>
    /// <returns>The sign-in.</returns>
    public static SignIn OnBehalfOf(
        string tenantId,
        string clientId,
        string agentIdentityId,
        Proof proof,
        Func<UserTokenRequest, CancellationToken, Task<string>> userToken,
        Uri? loginEndpoint = null,
        string? exchangeAudience = null) =>
        Confidential(
            "onBehalfOf", tenantId, clientId, proof, loginEndpoint, exchangeAudience, Given(userToken, nameof(userToken)),
            ("agentIdentityId", Given(agentIdentityId, nameof(agentIdentityId))));

    /// <summary>A person in the browser of this machine, by an app registration that is a public client.</summary>
    /// <param name="tenantId">The tenant; <c>organizations</c> where the account of the person says which it is.</param>
    /// <param name="clientId">The app registration. It has the redirect URI <c>http://localhost</c> of type "Mobile and desktop applications".</param>
    /// <param name="scopes">The scopes that the person is asked to consent to; null for everything that was granted on Graph.</param>
    /// <param name="open">Opens the address in a browser; null opens the one of the system. It is called on the thread pool.</param>
    /// <param name="loginEndpoint">A sign-in endpoint outside the clouds; null for that of the client's cloud.</param>
    /// <returns>The sign-in.</returns>
    public static SignIn Browser(
        string tenantId,
        string clientId,
        IEnumerable<string>? scopes = null,
        Func<Uri, CancellationToken, Task>? open = null,
        Uri? loginEndpoint = null) =>
        Person("browser", tenantId, clientId, scopes, loginEndpoint, new SignInHost { Open = open ?? SystemBrowser.OpenAsync });

    /// <summary>A person in any browser, where a code is typed, by an app registration that is a public client.</summary>
    /// <param name="tenantId">The tenant; <c>organizations</c> where the account of the person says which it is.</param>
    /// <param name="clientId">The app registration.</param>
    /// <param name="show">
    /// Shows the person the code and where to type it. It is called on the thread pool, and may return before the person has signed in.
    /// Its cancellation token is cancelled when no call waits for the sign-in any more.
    /// </param>
    /// <param name="scopes">The scopes that the person is asked to consent to; null for everything that was granted on Graph.</param>
    /// <param name="loginEndpoint">A sign-in endpoint outside the clouds; null for that of the client's cloud.</param>
    /// <returns>The sign-in.</returns>
    public static SignIn DeviceCode(
        string tenantId,
        string clientId,
        Func<DeviceCode, CancellationToken, Task> show,
        IEnumerable<string>? scopes = null,
        Uri? loginEndpoint = null) =>
        Person("deviceCode", tenantId, clientId, scopes, loginEndpoint, new SignInHost { Show = Given(show, nameof(show)) });

    /// <summary>The managed identity of this machine.</summary>
    /// <param name="clientId">The client id of a user-assigned one; null for the machine's own.</param>
    /// <returns>The sign-in.</returns>
    public static SignIn ManagedIdentity(string? clientId = null) => Found("managedIdentity", ("clientId", OperationJson.Optional(clientId)));

    /// <summary>The account that is signed in to the Azure CLI on this machine.</summary>
    /// <param name="tenantId">The tenant; null for the one in use.</param>
    /// <returns>The sign-in.</returns>
    public static SignIn AzureCli(string? tenantId = null) => Found("azureCli", ("tenantId", OperationJson.Optional(tenantId)));

    /// <summary>The account that is signed in to the Azure Developer CLI on this machine.</summary>
    /// <param name="tenantId">The tenant; null for the one in use.</param>
    /// <returns>The sign-in.</returns>
    public static SignIn AzureDeveloperCli(string? tenantId = null) =>
        Found("azureDeveloperCli", ("tenantId", OperationJson.Optional(tenantId)));

    /// <summary>
    /// The workload identity of this Kubernetes pod, which <c>AZURE_TENANT_ID</c>, <c>AZURE_CLIENT_ID</c> and
    /// <c>AZURE_FEDERATED_TOKEN_FILE</c> name.
    /// </summary>
    /// <param name="loginEndpoint">
    /// A sign-in endpoint outside the clouds; null for that of the client's cloud, or of <c>AZURE_AUTHORITY_HOST</c> where the client
    /// names none.
    /// </param>
    /// <returns>The sign-in.</returns>
    public static SignIn WorkloadIdentity(Uri? loginEndpoint = null) =>
        Found("workloadIdentity", ("loginEndpoint", OperationJson.Optional(loginEndpoint?.OriginalString)));

    /// <summary>The kind of sign-in, without ids and secrets.</summary>
    /// <returns>The kind, such as <c>agentUser</c>.</returns>
    public override string ToString() => _config["kind"]?.AsString() ?? "";

    /// <summary>The sign-in in the configuration of the native client, without any secret.</summary>
    internal JsonValue ToConfig() => _config;

    /// <summary>The secret of the proof in UTF-8, in an array that the caller clears; null if it has none.</summary>
    internal byte[]? CopySecret() => _proof?.CopySecret();

    /// <exception cref="ArgumentNullException">The argument is null.</exception>
    internal static T Given<T>(T? value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);

    private static SignIn Confidential(
        string kind,
        string tenantId,
        string clientId,
        Proof proof,
        Uri? loginEndpoint,
        string? exchangeAudience,
        Func<UserTokenRequest, CancellationToken, Task<string>>? userToken = null,
        params (string Name, JsonValue? Value)[] members) =>
        new(
            JsonValue.ObjectOf([
                ("kind", kind),
                ("tenantId", Given(tenantId, nameof(tenantId))),
                ("clientId", Given(clientId, nameof(clientId))),
                ("proof", Given(proof, nameof(proof)).ToConfig()),
                ("loginEndpoint", OperationJson.Optional(loginEndpoint?.OriginalString)),
                ("exchangeAudience", OperationJson.Optional(exchangeAudience)),
                .. members]),
            new SignInHost { UserToken = userToken, Assertion = proof.Assert, Signature = proof.Sign },
            proof);

    private static SignIn Person(
        string kind, string tenantId, string clientId, IEnumerable<string>? scopes, Uri? loginEndpoint, SignInHost host) =>
        new(
            JsonValue.ObjectOf(
                ("kind", kind),
                ("tenantId", Given(tenantId, nameof(tenantId))),
                ("clientId", Given(clientId, nameof(clientId))),
                ("scopes", OperationJson.Optional(scopes is null ? null : string.Join(" ", scopes))),
                ("loginEndpoint", OperationJson.Optional(loginEndpoint?.OriginalString))),
            host);

    private static SignIn Found(string kind, params (string Name, JsonValue? Value)[] members) =>
        new(JsonValue.ObjectOf([("kind", kind), .. members]), new SignInHost());
}
