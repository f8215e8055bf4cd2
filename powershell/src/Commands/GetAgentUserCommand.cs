using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets agent users: by id, by name, by parent, or all of them as they come.</summary>
/// <remarks>
/// <para>
/// Without parameters it gets all, page by page: what is downstream sees the first before the last is asked for, and
/// Select-Object -First ends it.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUser -UserPrincipalName sales@contoso.com</code>
/// <para>Gets one by its sign-in name.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -ParentId a1d00000-0000-4000-8000-000000000001</code>
/// <para>Gets the agent user of an agent identity; nothing where it has none.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -All -PageSize 999 | Export-Csv agent-users.csv</code>
/// <para>Writes all of them to a file.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUser", DefaultParameterSetName = Every)]
[OutputType(typeof(PSAgentUser))]
public sealed class GetAgentUserCommand : AgentUserCommand
{
    private const string ById = "Id";
    private const string ByName = "UserPrincipalName";
    private const string ByParent = "ParentId";
    private const string Every = "All";

    /// <summary>Object ids. A user principal name is taken, too.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdentityTransformation("Id")]
    [ValidateNotNullOrEmpty]
    public string[]? Id { get; set; }

    /// <summary>User principal names.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? UserPrincipalName { get; set; }

    /// <summary>Object ids of agent identities, whose agent users are got.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByParent, ValueFromPipelineByPropertyName = true)]
    [Alias("IdentityParentId")]
    [IdentityTransformation("IdentityParentId")]
    [ValidateNotNullOrEmpty]
    public string[]? ParentId { get; set; }

    /// <summary>All agent users of the tenant, which is also what no parameter means.</summary>
    [Parameter(ParameterSetName = Every)]
    public SwitchParameter All { get; set; }

    /// <summary>How many come in one page.</summary>
    [Parameter(ParameterSetName = Every)]
    [ValidateRange(1, 999)]
    public int? PageSize { get; set; }

    /// <summary>Gets what the parameter set says.</summary>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ById:
                One(Id!);
                break;
            case ByName:
                One(UserPrincipalName!);
                break;
            case ByParent:
                OfParents();
                break;
            default:
                List();
                break;
        }
    }

    private void List()
    {
        JsonValue operation = Operations.List(new AgentUserListQuery { PageSize = PageSize });
        Ended ended = Pump("Listing agent users", operation, onItem: page => WriteUsers(page.AgentUsers));
        if (ended.Problem is { } problem)
            WriteProblem(problem, null);
    }

    private void One(string[] users)
    {
        foreach (string user in users)
            Write(user, Pump($"Getting {user}", Operations.Get(user)));
    }

    private void OfParents()
    {
        foreach (string parent in ParentId!)
            Write(parent, Pump($"Looking for the agent user of {parent}", Operation.FindByParent(parent)));
    }

    private void Write(string target, Ended ended)
    {
        if (ended.Problem is { } problem)
            WriteProblem(problem, target);
        else
            WriteUsers(ended.AgentUsers);
    }
}
