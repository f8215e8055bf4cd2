using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Gets agent users by id, by name or by parent, or lists them.</summary>
/// <remarks>
/// <para>
/// Without parameters it gets all agent users, page by page. The next command of the pipeline gets the first page before
/// the last is requested, and Select-Object -First ends the requests. Graph filters by the beginning of display name and sign-in name, and
/// by the members that have parameters here; for any other, Where-Object. Several ids are read side by side.
/// </para>
/// <para>
/// A list reads 13 members of each agent user: id, userPrincipalName, displayName, mailNickname, identityParentId, accountEnabled,
/// usageLocation, userType, mail, createdDateTime, jobTitle, department and assignedLicenses. The others are empty there, unless -Property
/// names them. One that is read by its id, its whole name or its parent has all of them.
/// </para>
/// </remarks>
/// <example>
/// <code>Get-AgentUser agent25@contoso.com</code>
/// <para>Gets one agent user by its sign-in name.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -DisplayName 'Agent 2*' -Department Pilot -Enabled</code>
/// <para>Lists enabled agent users by the beginning of their display name and by department.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Search agent2 -SkuId AGENT_365</code>
/// <para>Lists those whose display name or sign-in name begins so and that have a license.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser agent25@contoso.com -Property Manager, Sponsors | Select-Object UserPrincipalName, Manager, Sponsors</code>
/// <para>Gets one agent user with its manager and sponsors.</para>
/// </example>
/// <example>
/// <code>Get-AgentIdentity a1d00000-0000-4000-8000-000000000001 | Get-AgentUser</code>
/// <para>Gets the agent user of an agent identity; nothing if it has none.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Mine</code>
/// <para>Lists the agent users that the signed-in person sponsors.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -SponsoredBy human1@contoso.com | Get-AgentIdentity -SkipParentCheck -Property Lifecycle</code>
/// <para>Lists the agent users that a person sponsors, and the next lifecycle action on the agent identity of each.</para>
/// </example>
/// <example>
/// <code>Get-AgentUser -Deleted</code>
/// <para>Lists the agent users in the recycle bin.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "AgentUser", DefaultParameterSetName = Listed)]
[OutputType(typeof(PSAgentUser))]
public sealed partial class GetAgentUserCommand : SideBySideCommand
{
    private const string ById = "Id";
    private const string ByName = "UserPrincipalName";
    private const string ByParent = "IdentityParentId";
    private const string ByIdentity = "AgentIdentity";
    private const string BySponsor = "SponsoredBy";
    private const string BySelf = "Mine";
    private const string Listed = "List";

    private static readonly string[] s_relations = ["Manager", "Sponsors"];

    /// <summary>Agent users that are output later: in another order, or with what is yet to be read.</summary>
    private readonly List<AgentUser> _held = [];

    /// <summary>The agent users that were output, where several names with a pattern among them may mean the same one; else null.</summary>
    private HashSet<Guid>? _seen;

    /// <summary>Object ids, or user principal names; a name with a * at its end lists those whose display name or sign-in name begins so.</summary>
    /// <value>Required, but not with List</value>
    [Parameter(Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = Listed)]
    [Alias("UserId", "ObjectId", "AgentUserId", "Identity")]
    [IdentityTransformation("Id", "ObjectId", "UserId", "AgentUserId", "UserPrincipalName", "UPN", Except = typeof(PSAgentIdentity))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentUserCompleter))]
    public string[]? Id { get; set; }

    /// <summary>User principal names; with a * at its end, the beginning of them.</summary>
    /// <value>Required, but not with List</value>
    [Parameter(ParameterSetName = ByName, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Listed)]
    [Alias("UPN")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentUserCompleter))]
    public string[]? UserPrincipalName { get; set; }

    /// <summary>Object ids of agent identities; their agent users are returned.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByParent, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = Listed, DontShow = true)]
    [Alias("ParentId", "AgentIdentityId")]
    [IdentityTransformation("IdentityParentId")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentIdentityCompleter))]
    public string[]? IdentityParentId { get; set; }

    /// <summary>Agent identities, as Get-AgentIdentity gives them; their agent users are returned.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByIdentity, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public PSAgentIdentity[]? AgentIdentity { get; set; }

    /// <summary>
    /// A person: a user principal name or an object id. The agent users that the person sponsors are returned, also those by a group. Graph tells
    /// it to signed-in people alone.
    /// </summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = BySponsor)]
    [Parameter(ParameterSetName = Listed, DontShow = true)]
    [IdentityTransformation("Id", "ObjectId", "UserId", "UserPrincipalName")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PersonCompleter))]
    public string? SponsoredBy { get; set; }

    /// <summary>The agent users that the signed-in person sponsors are returned, also those by a group.</summary>
    [Parameter(ParameterSetName = BySelf)]
    [Parameter(ParameterSetName = Listed, DontShow = true)]
    public SwitchParameter Mine { get; set; }

    /// <summary>
    /// Members to read beside the usual ones: of a list any member, such as city; extension properties, customSecurityAttributes, which ToJson has. Manager and Sponsors become
    /// properties of the output; each of them takes one more request for each agent user.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExtraPropertyCompleter))]
    public string[]? Property { get; set; }

    private protected override string Activity => "Reading agent users";

    /// <summary>The members of Graph's agent user among those to read.</summary>
    private IEnumerable<string>? Select => Property?.Where(name => !s_relations.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Gets or lists the agent users that the parameter set selects.</summary>
    protected override void ProcessRecord()
    {
        if ((Id ?? UserPrincipalName) is { Length: > 1 } names && names.Any(WildcardPattern.ContainsWildcardCharacters))
            _seen ??= [];
        switch (ParameterSetName)
        {
            case ById:
                Array.ForEach(Id!, One);
                break;
            case ByName:
                Array.ForEach(UserPrincipalName!, Named);
                break;
            case ByParent:
                Array.ForEach(IdentityParentId!, OfParent);
                break;
            case ByIdentity:
                Array.ForEach(AgentIdentity!, identity => OfParent(identity.Id.ToString()!));
                break;
            default:
                RefuseBeside(s_selecting, [.. s_filters, nameof(Deleted), nameof(Id)]);
                if (SponsoredBy is not null || Mine)
                    OfSponsor();
                else if (IdentityParentId is not null)
                    Array.ForEach(IdentityParentId, OfParent);
                else
                    List();
                break;
        }
    }

    private protected override void Work(List<Wanted> wanted)
    {
        Pump(wanted, isDry: false, isKept: false, report => WriteProblem(report.Problem!, wanted[report.Row!.Value - 1].Target));
        if (KeepOrder)
        {
            var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            for (int place = wanted.Count - 1; place >= 0; place--)
                places[wanted[place].Target] = place;
            int PlaceOf(string? name) => name is not null && places.TryGetValue(name, out int place) ? place : int.MaxValue;
            AgentUser[] ordered = [.. _held.OrderBy(user => Math.Min(
                PlaceOf(user.Id.ToString()), Math.Min(PlaceOf(user.UserPrincipalName), PlaceOf(user.IdentityParentId?.ToString()))))];
            _held.Clear();
            _held.AddRange(ordered);
        }
        WriteHeld();
    }

    private protected override void WriteRead(IReadOnlyList<AgentUser> users)
    {
        if (_seen is not null)
            users = [.. users.Where(user => _seen.Add(user.Id))];
        if (KeepOrder || Has("Manager") || Has("Sponsors"))
            _held.AddRange(users);
        else
            WriteUsers(users);
    }

    private void One(string user)
    {
        if (WildcardPattern.ContainsWildcardCharacters(user))
            Matching(null, user);
        else
            Want(user, "Read", _ => Operations.Get(user, Select));
    }

    private void Named(string user)
    {
        if (WildcardPattern.ContainsWildcardCharacters(user))
            Matching(user, null);
        else
            Want(user, "Read", _ => Operations.Get(user, Select));
    }

    private void OfParent(string parent) => Want(parent, "Read", _ => Operations.FindByParent(parent, Select));

    private void OfSponsor()
    {
        if (Sponsored(SponsoredBy) is not { } sponsored)
            return;
        if (Select?.Any() == true)
        {
            foreach (AgentUser user in sponsored.AgentUsers)
                Want(user.Id.ToString(), "Read", _ => Operations.Get(user.Id.ToString(), Select));
            return;
        }
        WriteRead(sponsored.AgentUsers);
        WriteHeld();
    }

    private bool Has(string relation) => Property?.Contains(relation, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>Outputs the agent users that were held, with their managers and sponsors where these were asked for.</summary>
    private void WriteHeld()
    {
        bool hasManager = Has("Manager"), hasSponsors = Has("Sponsors");
        using var reads = new ReadQueue();
        try
        {
            foreach (AgentUser user in _held)
            {
                string id = user.Id.ToString();
                ReadAhead? manager = hasManager ? Begin(Operations.Manager(id)) : null, sponsors = hasSponsors ? Begin(Operations.Sponsors(id)) : null;
                reads.Add(() => Write(user, manager, sponsors), manager, sponsors);
            }
            reads.End();
        }
        finally
        {
            _held.Clear();
        }

        void Write(AgentUser user, ReadAhead? manager, ReadAhead? sponsors)
        {
            var output = new PSAgentUser(user);
            if (manager is not null)
                output.Manager = Related(user, manager).FirstOrDefault();
            if (sponsors is not null)
                output.Sponsors = new(Related(user, sponsors));
            WriteObject(output);
        }
    }

    /// <summary>The manager or the sponsors.</summary>
    private IEnumerable<PSAgentUserRelation> Related(AgentUser user, ReadAhead read)
    {
        CallResult result = Pump($"Reading the manager and sponsors of {user}", read);
        if (result.Problem is { } problem)
        {
            WriteProblem(problem, user.UserPrincipalName);
            return [];
        }
        IEnumerable<JsonValue> related = result.Result.Kind switch
        {
            JsonKind.Array => result.Result.Items,
            JsonKind.Null => [],
            _ => [result.Result],
        };
        return related.Select(one => new PSAgentUserRelation(user.UserPrincipalName ?? user.Id.ToString(), new DirectoryObject(one)));
    }
}
