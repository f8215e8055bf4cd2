using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A cmdlet that changes the delegated permissions by which agents act.</summary>
public abstract class ScopeChangeCommand : PermissionChangeCommand
{
    /// <summary>The names of the delegated permissions, such as User.Read.</summary>
    /// <value>Required</value>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ListTransformation]
    [ArgumentCompleter(typeof(ScopeCompleter))]
    public virtual string[]? Scope { get; set; }

    /// <summary>
    /// The users that the permissions are for: object ids, user principal names, or objects that have one of these. Beside an agent identity
    /// it acts for them, and they may be people; alone they are agent users, each of which acts by its own agent identity.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("UserId")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName")]
    [ArgumentCompleter(typeof(ActedForCompleter))]
    public override string[]? User { get; set; }

    /// <summary>The permissions are for all users of the tenant; those of a blueprint can be for all alone.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("AllUsers")]
    [FlagTransformation]
    public SwitchParameter AllPrincipals { get; set; }

    /// <summary>The app role of an object of the pipeline, which another cmdlet changes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, DontShow = true)]
    [ListTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? AppRole { get; set; }

    /// <summary>Notes the change of each agent, for each user.</summary>
    protected override void ProcessRecord()
    {
        if (!AreNamed(Scope, "ScopeMissing", "No delegated permission is named.", "Name at least one by -Scope, such as User.Read.", AppRole, "app role"))
            return;
        string[] users = AgentInput.Given(User);
        bool areClients = Id is { Length: > 0 } || AgentInput.Given(Blueprint).Length > 0;
        foreach (NamedAgent agent in AgentInput.Of(this, Id, areClients ? [] : users, Blueprint))
        {
            foreach (string? user in areClients && users.Length > 0 ? (string?[])users : [null])
                Want(agent, user);
        }
    }

    /// <summary>The operation.</summary>
    private protected abstract JsonValue Request(NamedAgent client, string[] scopes, string? user, bool isForAll, string? resourceAppId, bool isDry);

    /// <summary>The change in words, such as <c>Grant User.Read</c>.</summary>
    private protected abstract string InWords(string scopes);

    /// <summary>The agent identity or blueprint that acts, and the user or users that it acts for.</summary>
    private protected override string Named(ProvisionReport report, string target)
    {
        string client = report.DisplayName ?? target;
        return $"{client} for {(report.UserPrincipalName.Length > 0 ? report.UserPrincipalName : "all users")}";
    }

    private void Want(NamedAgent agent, string? user)
    {
        if (agent.User is not null && user is not null)
        {
            WriteError(Failure.Record(
                "Contradiction", ErrorCategory.InvalidArgument, agent.ToString(), $"-User is given beside the agent user {agent}, which is the one that the permissions are for.",
                "Leave out -User; or name the agent identity that acts by its object id."));
            return;
        }
        string[] scopes = Scope!;
        bool isForAll = AllPrincipals;
        string? resource = Resource;
        string whom = isForAll ? " for all users" : user is null ? "" : $" for {user}";
        Want(agent.ToString(), InWords(string.Join(", ", scopes)) + whom, isDry => Request(agent, scopes, agent.User ?? user, isForAll, resource, isDry));
    }
}
