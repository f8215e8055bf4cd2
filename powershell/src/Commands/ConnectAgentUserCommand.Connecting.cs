using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Security;

namespace AgentUsers.PowerShell;

/// <content>How it connects.</content>
public sealed partial class ConnectAgentUserCommand
{
    /// <summary>The parameters of connections that the library makes itself.</summary>
    private static readonly string[] s_ownConnections =
        [nameof(ReadTimeout), nameof(RequestTimeout), nameof(InFlight), nameof(MaxAnswerBytes), nameof(MaxTokenBytes), nameof(RootCertificates)];

    private IDisposable? _certificate;

    /// <summary>Loads the native library.</summary>
    protected override void BeginProcessing() => Native.Require(this);

    /// <summary>Connects.</summary>
    protected override void ProcessRecord()
    {
        var parameters = (CmdletInfo)MyInvocation.MyCommand;
        var faults = new ParameterFaults(parameters.Parameters.Keys);
        string? way = new SignInWay(parameters.ParameterSets, MyInvocation.BoundParameters, Any, Browser).Choose(faults);
        if (way is null)
        {
            Refuse(
                ProblemCodes.TokenMissing, "No sign-in is given.",
                "Give -TenantId and -ClientId for a person, and a proof beside them for an application, such as -CertificateThumbprint; or give -Identity, -AccessToken or -MgGraph.");
        }
        if (Cloud is not null && GraphEndpoint is not null)
        {
            faults.Add(
                RuleCodes.Contradiction, nameof(GraphEndpoint), "There is a cloud, too, and that has a Graph endpoint of its own.",
                "Give either -Cloud or -GraphEndpoint.");
        }
        AgentUserConnection connection = way switch
        {
            nameof(MgGraph) => WithMgGraph(faults),
            nameof(Simulator) => WithTokens(faults, new AccessTokenSource(Simulator!.AccessToken), Simulator.GraphEndpoint, Simulator.ToString()),
            nameof(AccessToken) => WithTokens(faults, AccessToken!, GraphEndpoint, Graph()),
            _ => WithSignIn(faults, way!),
        };
        connection.Name = string.IsNullOrWhiteSpace(Name) ? null : Name;
        RunspaceState.Current.Add(connection);
        if (PassThru)
            WriteObject(connection);
    }

    private AgentUserConnection WithTokens(ParameterFaults faults, AccessTokenSource token, Uri? endpoint, string graph) =>
        Open(faults, way: "", () => AgentUserConnection.Open(Options(endpoint), token, graph));

    private AgentUserConnection WithSignIn(ParameterFaults faults, string way)
    {
        SignIn signIn = Who(faults, way);
        AgentUserConnection connection;
        try
        {
            connection = Open(faults, way, () => AgentUserConnection.Open(Options(GraphEndpoint, signIn), _certificate, Graph(), SignInWay.Kind(way)));
        }
        catch
        {
            _certificate?.Dispose();
            throw;
        }
        try
        {
            CallResult result = Pump(connection, "Signing in", () => connection.StartToken([], refresh: false));
            if (result.Problem is { } problem)
                ThrowTerminatingError(Failure.Record(this, problem, null, DemandError));
            Array.Clear(result.Token!, 0, result.Token!.Length);
            connection.Account = result.Result["account"]?.AsString();
            Streams.Tell(this, $"Signed in{(connection.Account is { } account ? $" as {account}" : "")} ({connection.SignIn}).");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private AgentUserConnection WithMgGraph(ParameterFaults faults)
    {
        foreach (string unused in s_ownConnections.Where(MyInvocation.BoundParameters.ContainsKey))
        {
            faults.Add(
                RuleCodes.Contradiction, unused, "It has no effect with -MgGraph, because Invoke-MgGraphRequest sends the requests.",
                $"Leave out -{unused}. Set-MgRequestContext sets the time-out of Invoke-MgGraphRequest.");
        }
        Require(faults);
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
            Refuse(
                "MgGraphEnvironmentUnknown", $"Get-MgEnvironment does not know the Graph endpoint of {session.Environment}.",
                "Add it with Add-MgEnvironment, and run Connect-MgGraph -Environment again.");
            throw new PipelineStoppedException();
        }
        AgentUserConnection connection = Open(faults, nameof(MgGraph), () => AgentUserConnection.Open(Options(endpoint), session));
        foreach (string warning in For is { Length: > 0 } ? session.WarningsFor(TaskScopes()) : session.Warnings())
            Streams.Warn(this, warning);
        if (session.Scopes.Count == 0)
            Streams.Tell(this, "The session of Connect-MgGraph tells no permissions, so none were checked.");
        Streams.Tell(this, $"Connected as {session}, {session.AuthType}.");
        return connection;
    }

    /// <summary>The sign-in. A proof that can't be made is a fault, and one that needs nothing stands for it, so that the rest is checked as well.</summary>
    private SignIn Who(ParameterFaults faults, string way)
    {
        string tenant = TenantId ?? "", client = ClientSecretCredential?.UserName ?? ClientId ?? "";
        switch (way)
        {
            case Browser:
                return SignIn.Browser(tenant, client, Scopes(), PersonPrompt.OpenAsync, LoginEndpoint);
            case nameof(UseDeviceCode):
                return SignIn.DeviceCode(tenant, client, PersonPrompt.ShowAsync, Scopes(), LoginEndpoint);
            case nameof(Identity):
                return SignIn.ManagedIdentity(ClientId);
        }
        Proof proof = Proof.GitHubActions();
        try
        {
            // A parameter without a value is a fault already.
            if (!SignInWay.IsEmpty(MyInvocation.BoundParameters[way]))
                proof = ProofOf(way);
        }
        catch (ProofException error)
        {
            faults.Add(error.Code, way, error.Message, error.Fix);
        }
        if (AgentUserId is not null && AgentUserPrincipalName is not null)
        {
            faults.Add(
                RuleCodes.Contradiction, nameof(AgentUserPrincipalName), "There is an -AgentUserId, too, and Entra takes one of them.", "Keep one of them.");
        }
        if (UserToken is not null && (AgentUserId ?? AgentUserPrincipalName) is not null)
        {
            faults.Add(
                RuleCodes.Contradiction, nameof(UserToken), "An agent user is given, too, and the agent identity acts either as that or on behalf of a person.",
                "Leave out either -UserToken or the agent user.");
        }
        UserOf? user = AgentUserId is not null ? UserOf.ById(AgentUserId)
            : AgentUserPrincipalName is not null ? UserOf.ByName(AgentUserPrincipalName)
            : null;
        return user is not null ? SignIn.AgentUser(tenant, client, AgentIdentityId ?? "", user, proof, LoginEndpoint)
            : UserToken is not null ? SignIn.OnBehalfOf(tenant, client, AgentIdentityId ?? "", proof, UserToken.OfPersonAsync, LoginEndpoint)
            : AgentIdentityId is not null ? SignIn.AgentIdentity(tenant, client, AgentIdentityId, proof, LoginEndpoint)
            : SignIn.Application(tenant, client, proof, LoginEndpoint);
    }

    /// <exception cref="ProofException">It can't be made.</exception>
    private Proof ProofOf(string way)
    {
        switch (way)
        {
            case nameof(ClientSecretCredential):
                SecureString secret = ClientSecretCredential!.Password;
                return Proof.ClientSecret(() => SecureText.Copy(secret));
            case nameof(FederatedTokenFile):
                return Proof.FederatedTokenFile(FilePath.Full(this, FederatedTokenFile!));
            case nameof(ManagedIdentityClientId):
                return Proof.ManagedIdentity(ManagedIdentityClientId);
            case nameof(GitHubActions):
                return Proof.GitHubActions();
            case nameof(ServiceConnectionId):
                return Proof.AzurePipelines(ServiceConnectionId!);
        }
        CertificateProof certificate = way switch
        {
            nameof(CertificateThumbprint) => CertificateProof.OfThumbprint(CertificateThumbprint!, SendCertificateChain),
            nameof(CertificatePath) => OfFile(FilePath.Full(this, CertificatePath!)),
            _ => CertificateProof.Of(Certificate!, SendCertificateChain),
        };
        _certificate = certificate.Opened;
        return certificate.Proof;
    }

    /// <exception cref="ProofException">It can't be read or used.</exception>
    private CertificateProof OfFile(string path)
    {
        if (FileAccessRights.Remark(path, "certificate") is { } remark)
            Streams.Warn(this, remark);
        return CertificateProof.OfFile(path, CertificatePassword, SendCertificateChain);
    }

    /// <summary>Makes the connection, or ends the cmdlet with everything that is wrong.</summary>
    private AgentUserConnection Open(ParameterFaults faults, string way, Func<AgentUserConnection> open)
    {
        AgentUserConnection? connection = null;
        try
        {
            connection = open();
        }
        catch (AgentUserException error)
        {
            if (!faults.AddAll(error.Problem, SignInWay.Renamed(way)) && faults.IsEmpty)
                ThrowTerminatingError(Failure.Record(this, error.Problem, GraphEndpoint));
        }
        if (!faults.IsEmpty)
            connection?.Dispose();
        Require(faults);
        return connection!;
    }

    /// <summary>Ends the cmdlet if anything is wrong with its parameters.</summary>
    private void Require(ParameterFaults faults)
    {
        if (!faults.IsEmpty)
            ThrowTerminatingError(Failure.OfParameters(faults.ToProblem()));
    }

    private AgentUserClientOptions Options(Uri? graphEndpoint, SignIn? signIn = null) => new()
    {
        Cloud = Cloud ?? AgentUsers.Cloud.Global,
        GraphEndpoint = graphEndpoint,
        SignIn = signIn,
        TenantSize = TenantSize,
        Batch = NoBatch ? 1 : null,
        ParentTimeout = ParentTimeout,
        ReplicationTimeout = ReplicationTimeout,
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

    /// <summary>The scopes of a person: those that are named, and those of the tasks.</summary>
    private string[]? Scopes() => For is { Length: > 0 } ? [.. (Scope ?? []).Union(TaskScopes(), StringComparer.OrdinalIgnoreCase)] : Scope;

    /// <summary>The delegated permissions of the tasks, which the native library knows.</summary>
    private string[] TaskScopes()
    {
        try
        {
            string[] scopes = AgentUserTasks.Scopes(For!);
            Streams.Tell(this, $"The tasks need {string.Join(", ", scopes)}.");
            return scopes;
        }
        catch (AgentUserException error)
        {
            ThrowTerminatingError(Failure.Record(this, error.Problem, null));
            throw;
        }
    }

    private string Graph() => GraphEndpoint?.OriginalString ?? (Cloud ?? AgentUsers.Cloud.Global).ToString();
}
