using System;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Connects this session to Microsoft Graph.</summary>
/// <remarks>
/// <para>
/// Nothing is sent yet. The connection belongs to this runspace; hand it to other runspaces with -PassThru and
/// -Connection.
/// </para>
/// <para>
/// An access token is a SecureString or a script block. A SecureString can't be renewed: when it expires, the cmdlet ends
/// with an error that says so. A script block runs on the thread of the cmdlet that needs a token, and again when Graph
/// rejects the token; its argument is the request, with Scope, Claims and Refused.
/// </para>
/// <para>
/// With -MgGraph every request is one of Invoke-MgGraphRequest, on the thread of the cmdlet, one at a time. Nobody signs in
/// again, no token is read, and nothing of that session is changed. Permissions that are missing are told as warnings.
/// </para>
/// </remarks>
/// <example>
/// <code>Connect-AgentUser -AccessToken { (Get-AzAccessToken -ResourceTypeName MSGraph -AsSecureString).Token }</code>
/// <para>Gets a token from the Az module whenever one is needed.</para>
/// </example>
/// <example>
/// <code>Connect-AgentUser -ClientSecretCredential $application -TenantId contoso.com -Cloud UsGovernment</code>
/// <para>Signs in an application of a national cloud; the credential's user name is its client id.</para>
/// </example>
/// <example>
/// <code>Connect-MgGraph -Scopes AgentIdUser.ReadWrite.All, AgentIdentity.Read.All; Connect-AgentUser -MgGraph</code>
/// <para>Uses the session of Microsoft Graph PowerShell, or of Microsoft Entra PowerShell.</para>
/// </example>
/// <example>
/// <code>Start-AgentUserSimulator | Connect-AgentUser</code>
/// <para>Connects to a simulated Graph for a rehearsal.</para>
/// </example>
[Cmdlet(VerbsCommunications.Connect, "AgentUser", DefaultParameterSetName = ByToken)]
[OutputType(typeof(AgentUserConnection))]
public sealed class ConnectAgentUserCommand : PSCmdlet
{
    private const string ByToken = "AccessToken";
    private const string BySecret = "ClientSecret";
    private const string ByMgGraph = "MgGraph";
    private const string ByIdentity = "Identity";
    private const string ToSimulator = "Simulator";

    /// <summary>The parameters of connections that the library makes itself.</summary>
    private static readonly string[] s_ownConnections =
        [nameof(ReadTimeout), nameof(RequestTimeout), nameof(InFlight), nameof(MaxAnswerBytes), nameof(MaxTokenBytes), nameof(RootCertificates)];

    /// <summary>The access token: a SecureString, or a script block that returns a string or a SecureString.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ParameterSetName = ByToken)]
    [AccessTokenTransformation]
    public AccessTokenSource? AccessToken { get; set; }

    /// <summary>The client id as user name and the client secret as password.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = BySecret)]
    public PSCredential? ClientSecretCredential { get; set; }

    /// <summary>The tenant that the client signs in to: a GUID or a domain.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = BySecret)]
    public string? TenantId { get; set; }

    /// <summary>The sign-in endpoint in place of the cloud's, such as a simulator's or a proxy's.</summary>
    [Parameter(ParameterSetName = BySecret)]
    public Uri? LoginEndpoint { get; set; }

    /// <summary>The national cloud; by default the global one.</summary>
    [Parameter(ParameterSetName = ByToken)]
    [Parameter(ParameterSetName = BySecret)]
    [Parameter(ParameterSetName = ByIdentity)]
    public Cloud? Cloud { get; set; }

    /// <summary>A Graph endpoint in place of a cloud's, such as a simulator's: an origin over https, or over http on this machine.</summary>
    [Parameter(ParameterSetName = ByToken)]
    [Parameter(ParameterSetName = BySecret)]
    [Parameter(ParameterSetName = ByIdentity)]
    public Uri? GraphEndpoint { get; set; }

    /// <summary>Uses the session of Connect-MgGraph or Connect-Entra, for its tenant, its cloud and its permissions.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByMgGraph)]
    public SwitchParameter MgGraph { get; set; }

    /// <summary>Signs in as the managed identity of this machine, job or app.</summary>
    [Parameter(ParameterSetName = ByIdentity, Mandatory = true)]
    public SwitchParameter Identity { get; set; }

    /// <summary>The client id of a user-assigned managed identity; without it, the system-assigned one.</summary>
    [Parameter(ParameterSetName = ByIdentity)]
    public Guid? ClientId { get; set; }

    /// <summary>A simulator; its token has every permission there.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ToSimulator, ValueFromPipeline = true)]
    [ValidateNotNull]
    public AgentUserSimulatorSession? Simulator { get; set; }

    /// <summary>The size of the tenant, which sets its quota of reads. By default it is learned from Graph's answers.</summary>
    [Parameter]
    public TenantSize? TenantSize { get; set; }

    /// <summary>Sends each request of a roster alone instead of up to 20 in one $batch.</summary>
    [Parameter]
    public SwitchParameter NoBatch { get; set; }

    /// <summary>How long a new agent user waits for an agent identity that is not there yet; by default 15 seconds.</summary>
    [Parameter]
    public TimeSpan? ParentTimeout { get; set; }

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
    public string? RootCertificates { get; set; }

    /// <summary>Outputs the connection, for -Connection of the other cmdlets.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Loads the native library.</summary>
    protected override void BeginProcessing() => Native.Require(this);

    /// <summary>Connects.</summary>
    protected override void ProcessRecord()
    {
        AgentUserConnection connection;
        try
        {
            connection = ParameterSetName switch
            {
                BySecret => WithSecret(),
                ByMgGraph => WithMgGraph(),
                ByIdentity => AgentUserConnection.Open(Options(GraphEndpoint, SignIn.ManagedIdentity(ClientId?.ToString())), Graph(), "Identity"),
                ToSimulator => AgentUserConnection.Open(
                    Options(Simulator!.GraphEndpoint, null),
                    new AccessTokenSource(Simulator.AccessToken),
                    Simulator.ToString()),
                _ => WithToken(),
            };
        }
        catch (AgentUserException error)
        {
            ThrowTerminatingError(Failure.Record(error.Problem, GraphEndpoint));
            return;
        }
        RunspaceState.Current.Connection = connection;
        if (PassThru)
            WriteObject(connection);
    }

    private AgentUserConnection WithToken()
    {
        AccessTokenSource token = AccessToken
            ?? throw Refuse("SignInMissing", "No sign-in is given.", "Give -AccessToken, -ClientSecretCredential, -Identity or -MgGraph.");
        return AgentUserConnection.Open(Options(GraphEndpoint, null), token, Graph());
    }

    private AgentUserConnection WithSecret()
    {
        if (ClientSecretCredential is null)
        {
            throw Refuse(
                "SignInMissing", "No client secret is given.",
                "Give -ClientSecretCredential: the client id as user name and its secret as password.");
        }
        if (string.IsNullOrEmpty(TenantId))
            throw Refuse("TenantMissing", "No tenant is named for the client to sign in to.", "Give -TenantId.");
        var proof = Proof.ClientSecret(() => SecureText.Use(ClientSecretCredential.Password, bytes => (byte[])bytes.Clone()));
        var signIn = SignIn.Application(TenantId!, ClientSecretCredential.UserName, proof, LoginEndpoint);
        return AgentUserConnection.Open(Options(GraphEndpoint, signIn), Graph(), "ClientSecret");
    }

    private AgentUserConnection WithMgGraph()
    {
        string? unused = s_ownConnections.FirstOrDefault(MyInvocation.BoundParameters.ContainsKey);
        if (unused is not null)
        {
            throw Refuse(
                "NotWithMgGraph", $"-{unused} has no effect with -MgGraph, because Invoke-MgGraphRequest sends the requests.",
                $"Leave out -{unused}. Set-MgRequestContext sets the time-out of Invoke-MgGraphRequest.");
        }
        var commands = new MgGraphCommands(this);
        if (commands.Lack() is var (message, fix))
        {
            ThrowTerminatingError(Failure.Record("MgGraphMissing", ErrorCategory.NotInstalled, null, message, fix));
        }
        if (commands.Session() is not { } session)
        {
            ThrowTerminatingError(Failure.Record(
                "MgGraphSignedOut", ErrorCategory.AuthenticationError, null, "Nobody is signed in with Connect-MgGraph or Connect-Entra.",
                "Run Connect-MgGraph -Scopes AgentIdUser.ReadWrite.All, AgentIdentity.Read.All, LicenseAssignment.Read.All, then the same command."));
            throw new PipelineStoppedException();
        }
        if (session.GraphEndpoint is not { } endpoint)
        {
            throw Refuse(
                "MgGraphEnvironmentUnknown", $"Get-MgEnvironment does not know the Graph endpoint of {session.Environment}.",
                "Add it with Add-MgEnvironment, and run Connect-MgGraph -Environment again.");
        }
        var connection = AgentUserConnection.Open(Options(endpoint, null), session);
        foreach (string warning in session.Warnings())
            WriteWarning(warning);
        if (session.Scopes.Count == 0)
            WriteVerbose("The session of Connect-MgGraph tells no permissions, so none were checked.");
        WriteVerbose($"Connected as {session}, {session.AuthType}.");
        return connection;
    }

    private AgentUserClientOptions Options(Uri? graphEndpoint, SignIn? signIn)
    {
        if (Cloud is not null && GraphEndpoint is not null)
        {
            throw Refuse(
                "CloudAndGraphEndpoint", "Both a cloud and a Graph endpoint are given.", "Give either -Cloud or -GraphEndpoint.");
        }
        return new AgentUserClientOptions
        {
            Cloud = Cloud ?? AgentUsers.Cloud.Global,
            GraphEndpoint = graphEndpoint,
            SignIn = signIn,
            TenantSize = TenantSize,
            Batch = NoBatch ? 1 : null,
            ParentTimeout = ParentTimeout,
            OperationTimeout = OperationTimeout,
            OutageTimeout = OutageTimeout,
            ReadTimeout = ReadTimeout,
            RequestTimeout = RequestTimeout,
            LongestRetryAfter = LongestRetryAfter,
            InFlight = InFlight,
            MaxEntries = MaxEntries,
            MaxEmptyPages = MaxEmptyPages,
            MaxAnswerBytes = MaxAnswerBytes,
            MaxTokenBytes = MaxTokenBytes,
            RootCertificates = RootCertificates,
        };
    }

    private string Graph() => GraphEndpoint?.OriginalString ?? (Cloud ?? AgentUsers.Cloud.Global).ToString();

    private PipelineStoppedException Refuse(string id, string message, string fix)
    {
        ThrowTerminatingError(Failure.Record(id, ErrorCategory.InvalidArgument, null, message, fix));
        return new PipelineStoppedException();
    }
}
