using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <content>Lists, and what they are filtered by.</content>
public sealed partial class GetAgentUserCommand
{
    /// <summary>Lists all agent users of the tenant, as no parameter does.</summary>
    [Parameter(ParameterSetName = Listed)]
    public SwitchParameter All { get; set; }

    /// <summary>The display name; with a * at its end, the beginning of it.</summary>
    [Parameter(ParameterSetName = Listed)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? DisplayName { get; set; }

    /// <summary>The beginning of the display name or of the sign-in name.</summary>
    [Parameter(ParameterSetName = Listed)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Search { get; set; }

    /// <summary>Only those that can sign in.</summary>
    [Parameter(ParameterSetName = Listed)]
    public SwitchParameter Enabled { get; set; }

    /// <summary>Only those that can't sign in.</summary>
    [Parameter(ParameterSetName = Listed)]
    public SwitchParameter Disabled { get; set; }

    /// <summary>Lists the agent users in the recycle bin.</summary>
    [Parameter(ParameterSetName = Listed)]
    public SwitchParameter Deleted { get; set; }

    /// <summary>The department.</summary>
    [Parameter(ParameterSetName = Listed)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Department { get; set; }

    /// <summary>Two-letter country code.</summary>
    [Parameter(ParameterSetName = Listed)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CountryCompleter))]
    public string? UsageLocation { get; set; }

    /// <summary>The job title.</summary>
    [Parameter(ParameterSetName = Listed)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? JobTitle { get; set; }

    /// <summary>The employee id.</summary>
    [Parameter(ParameterSetName = Listed)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? EmployeeId { get; set; }

    /// <summary>The city.</summary>
    [Parameter(ParameterSetName = Listed)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? City { get; set; }

    /// <summary>The state or province.</summary>
    [Parameter(ParameterSetName = Listed)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? State { get; set; }

    /// <summary>The country.</summary>
    [Parameter(ParameterSetName = Listed)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Country { get; set; }

    /// <summary>The SKU of which they have a license, direct or inherited: its part number, such as AGENT_365, its id, or an object of Get-AgentUserSku.</summary>
    [Parameter(ParameterSetName = Listed)]
    [Alias("License", "Sku")]
    [IdentityTransformation("SkuId", "SkuPartNumber")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SkuCompleter))]
    public string? SkuId { get; set; }

    /// <summary>The number of agent users in one page, 1 to 999; by default Graph's choice.</summary>
    [Parameter(ParameterSetName = Listed)]
    [ValidateRange(1, 999)]
    public int? PageSize { get; set; }

    private static readonly string[] s_filters =
    [
        nameof(DisplayName), nameof(Search), nameof(Enabled), nameof(Disabled), nameof(Department), nameof(UsageLocation), nameof(JobTitle),
        nameof(EmployeeId), nameof(City), nameof(State), nameof(Country), nameof(SkuId), nameof(UserPrincipalName),
    ];

    /// <summary>The parameters that select agent users by themselves.</summary>
    private static readonly string[] s_selecting = [nameof(SponsoredBy), nameof(Mine), nameof(IdentityParentId)];

    /// <summary>The filters by a member's whole text.</summary>
    private IEnumerable<(string Parameter, string Member, string? Text)> Equalities() =>
    [
        (nameof(Department), "department", Department),
        (nameof(UsageLocation), "usageLocation", UsageLocation),
        (nameof(JobTitle), "jobTitle", JobTitle),
        (nameof(EmployeeId), "employeeId", EmployeeId),
        (nameof(City), "city", City),
        (nameof(State), "state", State),
        (nameof(Country), "country", Country),
    ];

    private void List()
    {
        string[] filters = [.. s_filters.Where(MyInvocation.BoundParameters.ContainsKey)];
        if (Id is not null && filters.Length == 0 && !Deleted)
        {
            Array.ForEach(Id, One);
            return;
        }
        if (Id is not null)
            Search = BeginningOf(Id);
        if (Enabled && Disabled)
            Refuse("Contradiction", "-Enabled and -Disabled exclude each other.", "Leave both out to list all.");
        if (Deleted && filters.Length > 0)
            Refuse("NoFilter", $"Graph does not filter the recycle bin, so -Deleted and -{filters[0]} don't go together.", "List it, and look: Get-AgentUser -Deleted | Where-Object ….");
        if (Search is not null && (DisplayName is not null || UserPrincipalName is not null))
            Refuse("Contradiction", "-Search looks for both names, so it does not go with -DisplayName or -UserPrincipalName.", "Leave it out, or leave them out.");
        foreach ((string parameter, string member, string? text) in Equalities())
        {
            if (text is not null && WildcardPattern.ContainsWildcardCharacters(text))
                Refuse("NoWildcards", $"-{parameter} takes no pattern: Graph compares the whole text of {member}.", $"List, and look: Get-AgentUser | Where-Object {parameter} -like '{text}'.");
        }
        if (Deleted)
            Pages(Operations.ListDeleted(), _ => true);
        else if (UserPrincipalName is { } names && filters is [nameof(UserPrincipalName)])
            Array.ForEach(names, Named);
        else if (UserPrincipalName is { Length: > 1 })
            Refuse("SeveralNames", "Several sign-in names don't go together with other filters.", "Give one, or the beginning of it with a *.");
        else
            Filtered(DisplayName, UserPrincipalName?[0], Search);
        WriteHeld();
    }

    /// <summary>The one name, to begin with, that goes with filters.</summary>
    private string BeginningOf(string[] names)
    {
        if (names is not [var name] || !WildcardPattern.ContainsWildcardCharacters(name) || Search is not null)
        {
            Refuse("SeveralNames", "Beside filters there can be one name, with a * at its end.",
                "Leave the filters out to read agent users by their names, or give the beginning of a name, such as 'sales*'.");
        }
        return names[0];
    }

    /// <summary>Lists those whose names begin as a pattern says. They come out at once, because nothing else of this pattern is to be read.</summary>
    private void Matching(string? userPrincipalName, string? search)
    {
        Filtered(null, userPrincipalName, search);
        WriteHeld();
    }

    /// <summary>Lists agent users with these names. A search looks for both names, which Graph gives in two lists.</summary>
    private void Filtered(string? displayName, string? userPrincipalName, string? search)
    {
        if (!NameStart.TryRead(this, displayName, displayName, out NameStart? display)
            || !NameStart.TryRead(this, userPrincipalName, userPrincipalName, out NameStart? name)
            || !NameStart.TryRead(this, search is null ? null : search.TrimEnd('*') + "*", search, out NameStart? sought)
            || !TrySku(out Guid? sku))
        {
            return;
        }
        if (sought is null)
        {
            Pages(Filter(display, name, sku), user => Fits(display, user.DisplayName) && Fits(name, user.UserPrincipalName));
            return;
        }
        var seen = new HashSet<Guid>();
        Pages(Filter(sought, null, sku), user => seen.Add(user.Id));
        Pages(Filter(null, sought, sku), user => seen.Add(user.Id));
    }

    private JsonValue Filter(NameStart? display, NameStart? name, Guid? sku)
    {
        var query = new AgentUserListQuery
        {
            AccountEnabled = Enabled ? true : Disabled ? false : null,
            DisplayNameStartsWith = display?.Text,
            UserPrincipalNameStartsWith = name?.Text,
            Department = Department,
            UsageLocation = UsageLocation,
            JobTitle = JobTitle,
            EmployeeId = EmployeeId,
            City = City,
            State = State,
            Country = Country,
            SkuId = sku,
        };
        return Operations.List(query.Filter(), PageSize, Select);
    }

    private void Pages(JsonValue operation, Func<AgentUser, bool> isWanted)
    {
        CallResult result = Pump("Listing agent users", operation, onItem: page => WriteRead([.. page.AgentUsers.Where(isWanted)]));
        if (result.Problem is { } problem)
            WriteProblem(problem, null);
    }

    /// <summary>The id of the SKU; its name is looked up.</summary>
    private bool TrySku(out Guid? id)
    {
        id = null;
        if (SkuId is null)
            return true;
        if (Guid.TryParse(SkuId, out Guid given))
        {
            id = given;
            return true;
        }
        CallResult skus = Pump("Reading the SKUs", Operations.Skus());
        if (skus.Problem is { } problem)
        {
            WriteProblem(problem, SkuId);
            return false;
        }
        SubscribedSku[] all = [.. skus.Result.Items.Select(one => new SubscribedSku(one))];
        Array.ForEach(all, sku => SkuNames.Learn(sku.SkuId, sku.SkuPartNumber));
        id = all.FirstOrDefault(sku => string.Equals(sku.SkuPartNumber, SkuId, StringComparison.OrdinalIgnoreCase))?.SkuId;
        if (id is null)
        {
            WriteError(Failure.Record(
                ProblemCodes.SkuNotFound, ErrorCategory.ObjectNotFound, SkuId, $"The tenant has no SKU {SkuId}.", "Get-AgentUserSku shows those it has."));
        }
        return id is not null;
    }

    private static bool Fits(NameStart? wanted, string? name) =>
        wanted is not { IsWhole: true } || string.Equals(wanted.Text, name, StringComparison.OrdinalIgnoreCase);
}
