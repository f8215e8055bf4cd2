using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets agent users by id, by name or by parent, or all of them.</summary>
/// <remarks>
/// <para>
/// Without parameters it gets all agent users, page by page. The next command of the pipeline gets the first page before
/// the last is requested, and Select-Object -First ends the requests.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUser -UserPrincipalName sales@contoso.com</code>
/// <para>Gets one agent user by its sign-in name.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -IdentityParentId a1d00000-0000-4000-8000-000000000001</code>
/// <para>Gets the agent user of an agent identity; nothing if it has none.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentity a1d00000-0000-4000-8000-000000000001 | Get-AgentUser</code>
/// <para>Verifies an agent identity and gets its agent user.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -All -PageSize 999 | Export-Csv agent-users.csv</code>
/// <para>Writes all agent users to a file.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUser", DefaultParameterSetName = Every)]
[OutputType(typeof(PSAgentUser))]
public sealed class GetAgentUserCommand : AgentUserCommand
{
    private const string ById = "Id";
    private const string ByName = "UserPrincipalName";
    private const string ByParent = "IdentityParentId";
    private const string ByIdentity = "AgentIdentity";
    private const string Every = "All";

    /// <summary>Object ids; user principal names are accepted, too.</summary>
    /// <value>Required</value>
    [Parameter(Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [IdentityTransformation("Id", Except = typeof(PSAgentIdentity))]
    [ValidateNotNullOrEmpty]
    public string[]? Id { get; set; }

    /// <summary>User principal names.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? UserPrincipalName { get; set; }

    /// <summary>Object ids of agent identities; their agent users are returned.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByParent, ValueFromPipelineByPropertyName = true)]
    [IdentityTransformation("IdentityParentId")]
    [ValidateNotNullOrEmpty]
    public string[]? IdentityParentId { get; set; }

    /// <summary>Agent identities, as Get-AgentIdentity gives them; their agent users are returned.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByIdentity, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public PSAgentIdentity[]? AgentIdentity { get; set; }

    /// <summary>Gets all agent users of the tenant, as no parameter does.</summary>
    [Parameter(ParameterSetName = Every)]
    public SwitchParameter All { get; set; }

    /// <summary>The number of agent users in one page, 1 to 999; by default Graph's choice.</summary>
    [Parameter(ParameterSetName = Every)]
    [ValidateRange(1, 999)]
    public int? PageSize { get; set; }

    /// <summary>Members to read beside the usual ones: extension properties, customSecurityAttributes. They are in AdditionalMembers.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Property { get; set; }

    /// <summary>Gets the agent users that the parameter set selects.</summary>
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
                OfParents(IdentityParentId!);
                break;
            case ByIdentity:
                OfParents(AgentIdentity!.Select(identity => identity.Id.ToString()));
                break;
            default:
                List();
                break;
        }
    }

    private void List()
    {
        JsonValue operation = Operations.List(pageSize: PageSize, select: Property);
        CallResult result = Pump("Listing agent users", operation, onItem: page => WriteUsers(page.AgentUsers));
        if (result.Problem is { } problem)
            WriteProblem(problem, null);
    }

    private void One(string[] users)
    {
        foreach (string user in users)
            Write(user, Pump($"Getting {user}", Operations.Get(user, Property)));
    }

    private void OfParents(IEnumerable<string> parents)
    {
        foreach (string parent in parents)
            Write(parent, Pump($"Looking for the agent user of {parent}", Operations.FindByParent(parent, Property)));
    }

    private void Write(string target, CallResult result)
    {
        if (result.Problem is { } problem)
            WriteProblem(problem, target);
        else
            WriteUsers(result.AgentUsers);
    }
}
