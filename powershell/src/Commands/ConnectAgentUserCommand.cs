using System;
using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;

namespace AgentUsers.PowerShell;

/// <summary>Connects this session to Microsoft Graph.</summary>
/// <remarks>
/// <para>
/// A person signs in with -TenantId and -ClientId, in the browser of this machine or, with -UseDeviceCode, in that of any device. The
/// client id is that of an app registration of your own, a public client.
/// </para>
/// <para>
/// An application signs in by a proof: -ClientSecretCredential, -Certificate, -CertificateThumbprint, -CertificatePath,
/// -FederatedTokenFile, -ManagedIdentityClientId, -GitHubActions or -ServiceConnectionId. Where the application is a blueprint,
/// -AgentIdentityId signs in one of its agent identities, and beside that -AgentUserId or -AgentUserPrincipalName the agent user, or
/// -UserToken the agent identity on behalf of a person.
/// </para>
/// <para>
/// These ways and -Identity sign in at once, so that Connect-AgentUser ends with an error where they can't. Tokens are renewed, and kept
/// in the memory of this process alone; Disconnect-AgentUser forgets them. Nothing asks at the prompt.
/// </para>
/// <para>
/// With -AccessToken nothing is sent yet. A token is a SecureString or a script block. A SecureString can't be renewed: when it
/// expires, the cmdlet ends with an error that says so. A script block runs on the thread of the cmdlet that needs a token, and again
/// when Graph rejects the token; its argument is the request, with Scope, Claims and Refused.
/// </para>
/// <para>
/// With -MgGraph every request is one of Invoke-MgGraphRequest, on the thread of the cmdlet, one at a time. Nobody signs in
/// again, no token is read, and nothing of that session is changed. Permissions that are missing are told as warnings.
/// </para>
/// <para>
/// The connection belongs to this runspace; hand it to other runspaces with -PassThru and -Connection. With -Name there can be several.
/// </para>
/// </remarks>
/// <example>
/// <code>Connect-AgentUser -TenantId contoso.com -ClientId 22222222-3333-4444-8555-666666666666</code>
/// <para>Signs a person in, in the browser of this machine. With -UseDeviceCode, a code is shown for the browser of any device.</para>
/// </example>
/// <example>
/// <code>Connect-AgentUser -TenantId contoso.com -ClientId 22222222-3333-4444-8555-666666666666 -CertificateThumbprint 0123456789ABCDEF0123456789ABCDEF01234567</code>
/// <para>Signs an application in by a certificate in Cert:\CurrentUser\My or Cert:\LocalMachine\My.</para>
/// </example>
/// <example>
/// <code>Connect-AgentUser -TenantId contoso.com -ClientId $blueprint -CertificatePath ./blueprint.pfx -CertificatePassword $password -AgentIdentityId $identity -AgentUserPrincipalName ada@contoso.com</code>
/// <para>Signs an agent user in, by the certificate of its blueprint.</para>
/// </example>
/// <example>
/// <code>Connect-AgentUser -TenantId contoso.com -ClientId $blueprint -CertificatePath ./blueprint.pfx -AgentIdentityId $identity -UserToken { Get-PersonToken }</code>
/// <para>Signs an agent identity in on behalf of the person whose token the function of your own gets.</para>
/// </example>
/// <example>
/// <code>Connect-AgentUser -ClientSecretCredential $application -TenantId contoso.com -Cloud UsGovernment</code>
/// <para>Signs an application of a national cloud in; the credential's user name is its client id.</para>
/// </example>
/// <example>
/// <code>Connect-AgentUser -Identity</code>
/// <para>Signs in as the managed identity of this machine, job or app.</para>
/// </example>
/// <example>
/// <code>Connect-AgentUser -AccessToken { (Get-AzAccessToken -ResourceTypeName MSGraph -AsSecureString).Token }</code>
/// <para>Gets a token from the Az module whenever one is needed.</para>
/// </example>
/// <example>
/// <code>Connect-AgentUser -TenantId contoso.com -ClientId 22222222-3333-4444-8555-666666666666 -For Audit, Roster</code>
/// <para>Signs a person in, and asks for the permissions that audits and rosters need.</para>
/// </example>
/// <example>
/// <code>Start-AgentUserSimulator | Connect-AgentUser -Name test; Get-AgentUser -Connection test</code>
/// <para>Makes a connection with a name, and uses it by that.</para>
/// </example>
/// <example>
/// <code>Connect-MgGraph -Scopes AgentIdUser.ReadWrite.All, AgentIdentity.Read.All; Connect-AgentUser -MgGraph</code>
/// <para>Uses the session of Microsoft Graph PowerShell, or of Microsoft Entra PowerShell.</para>
/// </example>
/// <example>
/// <code>Start-AgentUserSimulator | Connect-AgentUser</code>
/// <para>Connects to a simulated Graph for a rehearsal.</para>
/// </example>
[Cmdlet(VerbsCommunications.Connect, "AgentUser", DefaultParameterSetName = Any)]
[OutputType(typeof(AgentUserConnection))]
public sealed partial class ConnectAgentUserCommand : CallCommand
{
    /// <summary>
    /// The set that the engine takes for every call. It has all parameters, so that whatever is given together by mistake comes to this
    /// cmdlet, which tells all of it at once. The other sets are for help and completion, and each but one has the name of the parameter
    /// that chooses it.
    /// </summary>
    internal const string Any = "Any";

    /// <summary>The set of those who give no other way to sign in.</summary>
    private const string Browser = "Browser";

    /// <summary>The tenant to sign in to: a GUID or a domain. A person may give organizations.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = Browser)]
    [Parameter(ParameterSetName = nameof(UseDeviceCode))]
    [Parameter(ParameterSetName = nameof(ClientSecretCredential))]
    [Parameter(ParameterSetName = nameof(Certificate))]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    [Parameter(ParameterSetName = nameof(FederatedTokenFile))]
    [Parameter(ParameterSetName = nameof(ManagedIdentityClientId))]
    [Parameter(ParameterSetName = nameof(GitHubActions))]
    [Parameter(ParameterSetName = nameof(ServiceConnectionId))]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? TenantId { get; set; }

    /// <summary>The application (client) id: for a person, of an app registration that is a public client; for an agent, of its blueprint; with -Identity, of a user-assigned managed identity.</summary>
    /// <value>Required, but not with Identity</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = Browser)]
    [Parameter(ParameterSetName = nameof(UseDeviceCode))]
    [Parameter(ParameterSetName = nameof(Certificate))]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    [Parameter(ParameterSetName = nameof(FederatedTokenFile))]
    [Parameter(ParameterSetName = nameof(ManagedIdentityClientId))]
    [Parameter(ParameterSetName = nameof(GitHubActions))]
    [Parameter(ParameterSetName = nameof(ServiceConnectionId))]
    [Parameter(ParameterSetName = nameof(Identity))]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? ClientId { get; set; }

    /// <summary>The permissions that a person is asked to consent to; by default everything that was granted on Graph.</summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = Browser)]
    [Parameter(ParameterSetName = nameof(UseDeviceCode))]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? Scope { get; set; }

    /// <summary>
    /// The tasks whose permissions a person is asked to consent to, beside those of -Scope. With -MgGraph, the tasks whose missing
    /// permissions are told. Get-AgentUserPermission -For lists them.
    /// </summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = Browser)]
    [Parameter(ParameterSetName = nameof(UseDeviceCode))]
    [Parameter(ParameterSetName = nameof(MgGraph))]
    public AgentUserTask[]? For { get; set; }

    /// <summary>Signs a person in by a code that is typed in the browser of any device. The code is shown as a warning, and where warnings are hidden as Write-Host does.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(UseDeviceCode))]
    [Alias("UseDeviceAuthentication", "DeviceCode")]
    public SwitchParameter UseDeviceCode { get; set; }

    /// <summary>The client id as user name and the client secret as password.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(ClientSecretCredential))]
    public PSCredential? ClientSecretCredential { get; set; }

    /// <summary>A certificate with its private RSA key, such as one of Get-Item Cert:\CurrentUser\My\…; its key signs where it is.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(Certificate))]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The thumbprint of a certificate in Cert:\CurrentUser\My or Cert:\LocalMachine\My.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? CertificateThumbprint { get; set; }

    /// <summary>A file with a certificate and its private RSA key: a PFX (PKCS#12), or a PEM without a password.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    public string? CertificatePath { get; set; }

    /// <summary>The password of a PFX file.</summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>Sends the certificate along, for applications that are registered by its subject name and issuer.</summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(Certificate))]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    public SwitchParameter SendCertificateChain { get; set; }

    /// <summary>The file in which Kubernetes keeps the token of a service account, such as $env:AZURE_FEDERATED_TOKEN_FILE; it is read anew each time.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(FederatedTokenFile))]
    public string? FederatedTokenFile { get; set; }

    /// <summary>The client id of a user-assigned managed identity of this machine, which the application of -ClientId trusts.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(ManagedIdentityClientId))]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>Proves the application of -ClientId by the token of this job of GitHub Actions, which needs the permission id-token: write.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(GitHubActions))]
    public SwitchParameter GitHubActions { get; set; }

    /// <summary>The id of a service connection of Azure DevOps, by whose token this job of a pipeline proves the application; SYSTEM_ACCESSTOKEN must have the job's token.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(ServiceConnectionId))]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? ServiceConnectionId { get; set; }

    /// <summary>Signs in as the managed identity of this machine, job or app.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(Identity))]
    public SwitchParameter Identity { get; set; }

    /// <summary>The access token: a SecureString, or a script block that returns a string or a SecureString.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, Position = 0, DontShow = true)]
    [Parameter(ParameterSetName = nameof(AccessToken), Position = 0)]
    [AccessTokenTransformation]
    public AccessTokenSource? AccessToken { get; set; }

    /// <summary>Uses the session of Connect-MgGraph or Connect-Entra, for its tenant, its cloud and its permissions.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(MgGraph))]
    public SwitchParameter MgGraph { get; set; }

    /// <summary>A simulator; its token has every permission there.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = Any, ValueFromPipeline = true, DontShow = true)]
    [Parameter(ParameterSetName = nameof(Simulator), ValueFromPipeline = true)]
    [ValidateNotNull]
    public AgentUserSimulatorSession? Simulator { get; set; }

    /// <summary>The national cloud; by default the global one.</summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = Browser)]
    [Parameter(ParameterSetName = nameof(UseDeviceCode))]
    [Parameter(ParameterSetName = nameof(ClientSecretCredential))]
    [Parameter(ParameterSetName = nameof(Certificate))]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    [Parameter(ParameterSetName = nameof(FederatedTokenFile))]
    [Parameter(ParameterSetName = nameof(ManagedIdentityClientId))]
    [Parameter(ParameterSetName = nameof(GitHubActions))]
    [Parameter(ParameterSetName = nameof(ServiceConnectionId))]
    [Parameter(ParameterSetName = nameof(Identity))]
    [Parameter(ParameterSetName = nameof(AccessToken))]
    public Cloud? Cloud { get; set; }

    /// <summary>A Graph endpoint in place of a cloud's, such as a simulator's: an origin over https, or over http on this machine.</summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = Browser)]
    [Parameter(ParameterSetName = nameof(UseDeviceCode))]
    [Parameter(ParameterSetName = nameof(ClientSecretCredential))]
    [Parameter(ParameterSetName = nameof(Certificate))]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    [Parameter(ParameterSetName = nameof(FederatedTokenFile))]
    [Parameter(ParameterSetName = nameof(ManagedIdentityClientId))]
    [Parameter(ParameterSetName = nameof(GitHubActions))]
    [Parameter(ParameterSetName = nameof(ServiceConnectionId))]
    [Parameter(ParameterSetName = nameof(Identity))]
    [Parameter(ParameterSetName = nameof(AccessToken))]
    public Uri? GraphEndpoint { get; set; }

    /// <summary>The sign-in endpoint in place of the cloud's, such as a proxy's. Beside a -GraphEndpoint on this machine it is that one; beside another one it must be named.</summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = Browser)]
    [Parameter(ParameterSetName = nameof(UseDeviceCode))]
    [Parameter(ParameterSetName = nameof(ClientSecretCredential))]
    [Parameter(ParameterSetName = nameof(Certificate))]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    [Parameter(ParameterSetName = nameof(FederatedTokenFile))]
    [Parameter(ParameterSetName = nameof(ManagedIdentityClientId))]
    [Parameter(ParameterSetName = nameof(GitHubActions))]
    [Parameter(ParameterSetName = nameof(ServiceConnectionId))]
    public Uri? LoginEndpoint { get; set; }

    /// <summary>The size of the tenant, which sets its quota of reads. By default it is learned from Graph's answers.</summary>
    [Parameter]
    public TenantSize? TenantSize { get; set; }

    /// <summary>Sends each request of a roster alone instead of up to 20 in one $batch.</summary>
    [Parameter]
    public SwitchParameter NoBatch { get; set; }

    /// <summary>How long a new agent user waits for an agent identity that is not there yet; by default 15 seconds.</summary>
    [Parameter]
    public TimeSpan? ParentTimeout { get; set; }

    /// <summary>How long a change, such as a permission that is granted, may take to become visible everywhere; by default 3 minutes.</summary>
    [Parameter]
    public TimeSpan? ReplicationTimeout { get; set; }

    /// <summary>How long each call may take, by default as long as it takes. Then it ends in good order, with DeadlineExceeded.</summary>
    [Parameter]
    public TimeSpan? OperationTimeout { get; set; }

    /// <summary>How long no request at all may be answered before a call gives up; by default 2 minutes.</summary>
    [Parameter]
    public TimeSpan? OutageTimeout { get; set; }

    /// <summary>How long a read may take before it is asked again; by default 15 seconds. Each further try may take twice as long.</summary>
    [Parameter]
    public TimeSpan? ReadTimeout { get; set; }

    /// <summary>The longest time-out of one request; by default 60 seconds.</summary>
    [Parameter]
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>The longest wait that a server may ask for; by default 1 hour. A request that is asked for more fails at once.</summary>
    [Parameter]
    public TimeSpan? LongestRetryAfter { get; set; }

    /// <summary>The most requests in flight at a time; 32 by default.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int? InFlight { get; set; }

    /// <summary>The most entries of one list; 5,000,000 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxEntries { get; set; }

    /// <summary>How many pages of a list in a row may bring nothing new; 1,000 by default.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxEmptyPages { get; set; }

    /// <summary>The most bytes that an answer may have after decompression; 16 MiB by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxAnswerBytes { get; set; }

    /// <summary>The most bytes that a token or a client secret may have; 65,536 by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxTokenBytes { get; set; }

    /// <summary>Certificate authorities, as PEM, to trust beside the system's: those of a proxy that opens TLS, or of a server of one's own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? RootCertificates { get; set; }

    /// <summary>
    /// A name for the connection, which -Connection of the other cmdlets takes. A former connection of that name is closed. The first
    /// connection of a session is also the one that is used where none is named; one without a name always is.
    /// </summary>
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [Parameter]
    public string? Name { get; set; }

    /// <summary>Outputs the connection, for -Connection of the other cmdlets.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }
}
