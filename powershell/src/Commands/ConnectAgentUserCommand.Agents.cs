using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <content>The agent that signs in, whose blueprint is the application.</content>
public sealed partial class ConnectAgentUserCommand
{
    /// <summary>The agent identity that signs in, whose blueprint is the application: its object id.</summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(ClientSecretCredential))]
    [Parameter(ParameterSetName = nameof(Certificate))]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    [Parameter(ParameterSetName = nameof(FederatedTokenFile))]
    [Parameter(ParameterSetName = nameof(ManagedIdentityClientId))]
    [Parameter(ParameterSetName = nameof(GitHubActions))]
    [Parameter(ParameterSetName = nameof(ServiceConnectionId))]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? AgentIdentityId { get; set; }

    /// <summary>The agent user of -AgentIdentityId that signs in, by its object id.</summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(ClientSecretCredential))]
    [Parameter(ParameterSetName = nameof(Certificate))]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    [Parameter(ParameterSetName = nameof(FederatedTokenFile))]
    [Parameter(ParameterSetName = nameof(ManagedIdentityClientId))]
    [Parameter(ParameterSetName = nameof(GitHubActions))]
    [Parameter(ParameterSetName = nameof(ServiceConnectionId))]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? AgentUserId { get; set; }

    /// <summary>The agent user of -AgentIdentityId that signs in, by its user principal name.</summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(ClientSecretCredential))]
    [Parameter(ParameterSetName = nameof(Certificate))]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    [Parameter(ParameterSetName = nameof(FederatedTokenFile))]
    [Parameter(ParameterSetName = nameof(ManagedIdentityClientId))]
    [Parameter(ParameterSetName = nameof(GitHubActions))]
    [Parameter(ParameterSetName = nameof(ServiceConnectionId))]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? AgentUserPrincipalName { get; set; }

    /// <summary>
    /// The access token of a person, on whose behalf the agent identity of -AgentIdentityId acts: a SecureString, or a script block that
    /// returns a string or a SecureString. The token is for the blueprint. The argument of the block is the request, with ClientId, the
    /// blueprint, and Claims, which the person's sign-in must bring along where a policy asked for them.
    /// </summary>
    [Parameter(ParameterSetName = Any, DontShow = true)]
    [Parameter(ParameterSetName = nameof(ClientSecretCredential))]
    [Parameter(ParameterSetName = nameof(Certificate))]
    [Parameter(ParameterSetName = nameof(CertificateThumbprint))]
    [Parameter(ParameterSetName = nameof(CertificatePath))]
    [Parameter(ParameterSetName = nameof(FederatedTokenFile))]
    [Parameter(ParameterSetName = nameof(ManagedIdentityClientId))]
    [Parameter(ParameterSetName = nameof(GitHubActions))]
    [Parameter(ParameterSetName = nameof(ServiceConnectionId))]
    [AccessTokenTransformation]
    public AccessTokenSource? UserToken { get; set; }
}
