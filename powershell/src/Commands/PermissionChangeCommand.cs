using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that changes the permissions of the agents that it is given, and outputs reports with -PassThru.</summary>
public abstract class PermissionChangeCommand : PassThruCommand
{
    /// <summary>
    /// The agents: object ids of agent identities, user principal names of agent users, or objects of Get-AgentIdentity, Get-AgentUser,
    /// Get-AgentIdentityBlueprint and of other modules, which stay what they are. Without them, -User or -Blueprint names the agents.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("AgentIdentityId")]
    [AgentTransformation(IdIsOfIdentity = true)]
    [ArgumentCompleter(typeof(AgentCompleter))]
    public object[]? Id { get; set; }

    /// <summary>The agent users: object ids, user principal names, or objects that have one of these.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("UserId")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName")]
    [ArgumentCompleter(typeof(AgentUserCompleter))]
    public virtual string[]? User { get; set; }

    /// <summary>The blueprints: application ids, object ids of the application or of the principal, or objects that have one of these.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("BlueprintId")]
    [IdentityTransformation("AppId", "Id")]
    [ArgumentCompleter(typeof(BlueprintCompleter))]
    public string[]? Blueprint { get; set; }

    /// <summary>The application id of the resource that defines the permissions, or an object that has it; that of Microsoft Graph by default.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [IdentityTransformation("AppId")]
    [ArgumentCompleter(typeof(ResourceCompleter))]
    public string? ResourceAppId { get; set; }

    /// <summary>The kind of a permission of Get-AgentIdentityPermission, which tells the cmdlet that takes it away.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Kind { get; set; }

    /// <summary>The cmdlet that does the same to permissions of the other kind: app roles or delegated permissions.</summary>
    private protected abstract string Counterpart { get; }

    /// <summary>The resource of this object of the pipeline; null for Microsoft Graph.</summary>
    private protected string? Resource => string.IsNullOrEmpty(ResourceAppId) ? null : ResourceAppId;

    /// <inheritdoc/>
    internal override string? MoreOf(Problem problem, object? target) => AgentInput.MoreOf(problem);

    /// <summary>Whether permissions are named. Without any, an object of the pipeline is an error, and arguments end the cmdlet.</summary>
    /// <param name="names">The names.</param>
    /// <param name="id">The id of the error.</param>
    /// <param name="message">The sentence that says what is missing.</param>
    /// <param name="fix">The sentence that says what to give.</param>
    /// <param name="others">The permissions of the other kind that are named in their place.</param>
    /// <param name="kind">The word for one of the other kind.</param>
    private protected bool AreNamed(string[]? names, string id, string message, string fix, string[]? others, string kind)
    {
        if (names is { Length: > 0 })
            return true;
        if (others is { Length: > 0 })
            (message, fix) = ($"{string.Join(", ", others)} {(others.Length == 1 ? $"is a{(kind[0] == 'a' ? "n" : "")} {kind}" : $"are {kind}s")}.", $"Use {Counterpart}.");
        else if (Kind == "Inheritable")
            (message, fix) = ("The permission of the kind Inheritable is a rule of inheritance, neither a delegated permission nor an app role.", "Set-AgentIdentityBlueprint with None takes it away.");
        if (!MyInvocation.ExpectingInput)
            Refuse(id, message, fix);
        WriteError(Failure.Record(id, ErrorCategory.InvalidArgument, null, message, fix));
        return false;
    }
}
