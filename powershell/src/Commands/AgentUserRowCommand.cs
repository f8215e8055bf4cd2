using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Reflection;

namespace AgentUsers.PowerShell;

/// <summary>
/// A cmdlet whose parameters describe an agent user. They have Graph's property names, so that the rows of a CSV file bind to them.
/// </summary>
public abstract class AgentUserRowCommand : ChangeCommand
{
    internal const string ByMembers = "Members";

    /// <summary>The parameters of the members, by Graph's names.</summary>
    private static readonly Dictionary<string, PropertyInfo> s_members =
        Row.Names.ToDictionary(name => name, name => typeof(AgentUserRowCommand).GetProperty(Plain.Pascal(name))!);

    /// <summary>The object id of the agent identity that is the parent.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("ParentId", "AgentIdentityId")]
    [ArgumentCompleter(typeof(AgentIdentityCompleter))]
    public string? IdentityParentId { get; set; }

    /// <summary>The display name.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? DisplayName { get; set; }

    /// <summary>The sign-in name. With -Domain it is optional: it is derived from the display name.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("UPN")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? UserPrincipalName { get; set; }

    /// <summary>The mail nickname; by default the sign-in name up to the @.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("Alias")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? MailNickname { get; set; }

    /// <summary>Whether the account is enabled; True by default.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [FlagTransformation]
    public bool? AccountEnabled { get; set; }

    /// <summary>Two-letter country code, required before a license is assigned.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CountryCompleter))]
    public string? UsageLocation { get; set; }

    /// <summary>Member or Guest.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(UserTypeCompleter))]
    public string? UserType { get; set; }

    /// <summary>The mail address.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("EmailAddress")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Mail { get; set; }

    /// <summary>Further mail addresses.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("OtherMail")]
    [ListTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? OtherMails { get; set; }

    /// <summary>The business number.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("BusinessPhone")]
    [ListTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? BusinessPhones { get; set; }

    /// <summary>The mobile number.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("Mobile")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? MobilePhone { get; set; }

    /// <summary>First name.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("FirstName")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? GivenName { get; set; }

    /// <summary>Last name.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("LastName")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Surname { get; set; }

    /// <summary>Job title.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("Title")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? JobTitle { get; set; }

    /// <summary>Department.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Department { get; set; }

    /// <summary>Company.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("Company")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? CompanyName { get; set; }

    /// <summary>Employee id.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? EmployeeId { get; set; }

    /// <summary>Employee type.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? EmployeeType { get; set; }

    /// <summary>Start of work: a DateTime, or ISO 8601 text.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [DateTimeTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? EmployeeHireDate { get; set; }

    /// <summary>End of work: a DateTime, or ISO 8601 text.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [DateTimeTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? EmployeeLeaveDateTime { get; set; }

    /// <summary>Office.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("Office")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? OfficeLocation { get; set; }

    /// <summary>City.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? City { get; set; }

    /// <summary>State or province.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? State { get; set; }

    /// <summary>Country.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Country { get; set; }

    /// <summary>Street address.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? StreetAddress { get; set; }

    /// <summary>Postal code.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? PostalCode { get; set; }

    /// <summary>Preferred language, such as en-US.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? PreferredLanguage { get; set; }

    /// <summary>
    /// Extension properties, employeeOrgData and custom security attributes by name or path, such as
    /// @{ 'employeeOrgData.costCenter' = '4711' }.
    /// </summary>
    [Parameter(ParameterSetName = ByMembers)]
    public Hashtable? OtherMembers { get; set; }

    /// <summary>The manager: object id or user principal name.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ManagerCompleter))]
    public string? Manager { get; set; }

    /// <summary>The sponsors: object ids or user principal names; a group as group:ID.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("Sponsor")]
    [ListTransformation]
    [ArgumentCompleter(typeof(SponsorCompleter))]
    public string[]? Sponsors { get; set; }

    /// <summary>The groups that it becomes a member of: names or object ids.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("Group")]
    [ListTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? Groups { get; set; }

    /// <summary>The licenses: SKU part numbers or ids.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("License")]
    [ListTransformation]
    [ArgumentCompleter(typeof(SkuCompleter))]
    public string[]? Licenses { get; set; }

    /// <summary>The domain of sign-in names that are derived from display names because none is given.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DomainCompleter))]
    public string? Domain { get; set; }

    /// <summary>The domain; null if it is empty, as an empty cell is.</summary>
    private protected string? GivenDomain => string.IsNullOrEmpty(Domain) ? null : Domain;

    /// <summary>The row that the parameters describe, each of which has the name of its member.</summary>
    private protected AgentUserRow Members() => Row.Of(s_members
        .Select(member => new KeyValuePair<string, object?>(member.Key, member.Value.GetValue(this)))
        .Concat(OtherMembers is null ? [] : JsonOf.Members(OtherMembers)));
}
