using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>
/// A cmdlet whose parameters describe an agent user. They have Graph's property names, so that the rows of a CSV file bind to them.
/// </summary>
public abstract class AgentUserRowCommand : AgentUserCommand
{
    internal const string ByMembers = "Members";

    /// <summary>The object id of the agent identity that is the parent.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? IdentityParentId { get; set; }

    /// <summary>The display name.</summary>
    /// <value>Required</value>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? DisplayName { get; set; }

    /// <summary>The sign-in name. With -Domain it is optional: it is derived from the display name.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? UserPrincipalName { get; set; }

    /// <summary>The mail nickname; by default the sign-in name up to the @.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? MailNickname { get; set; }

    /// <summary>Whether the account is enabled; by default it is.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [FlagTransformation]
    public bool? AccountEnabled { get; set; }

    /// <summary>Two-letter country code, required before a license is assigned.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? UsageLocation { get; set; }

    /// <summary>Member or Guest.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? UserType { get; set; }

    /// <summary>The mail address.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? Mail { get; set; }

    /// <summary>Further mail addresses.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("OtherMail")]
    [ListTransformation]
    public string[]? OtherMails { get; set; }

    /// <summary>The business number.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("BusinessPhone")]
    [ListTransformation]
    public string[]? BusinessPhones { get; set; }

    /// <summary>The mobile number.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? MobilePhone { get; set; }

    /// <summary>First name.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? GivenName { get; set; }

    /// <summary>Last name.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? Surname { get; set; }

    /// <summary>Job title.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? JobTitle { get; set; }

    /// <summary>Department.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? Department { get; set; }

    /// <summary>Company.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? CompanyName { get; set; }

    /// <summary>Employee id.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? EmployeeId { get; set; }

    /// <summary>Employee type.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? EmployeeType { get; set; }

    /// <summary>Start of work: a DateTime, or ISO 8601 text.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [DateTimeTransformation]
    public string? EmployeeHireDate { get; set; }

    /// <summary>End of work: a DateTime, or ISO 8601 text.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [DateTimeTransformation]
    public string? EmployeeLeaveDateTime { get; set; }

    /// <summary>Office.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? OfficeLocation { get; set; }

    /// <summary>City.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? City { get; set; }

    /// <summary>State or province.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? State { get; set; }

    /// <summary>Country.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? Country { get; set; }

    /// <summary>Street address.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? StreetAddress { get; set; }

    /// <summary>Postal code.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? PostalCode { get; set; }

    /// <summary>Preferred language, such as en-US.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? PreferredLanguage { get; set; }

    /// <summary>
    /// Extension properties, employeeOrgData and custom security attributes by name or path, such as
    /// @{ 'employeeOrgData.costCenter' = '4711' }.
    /// </summary>
    [Parameter(ParameterSetName = ByMembers)]
    public Hashtable? OtherMembers { get; set; }

    /// <summary>The manager: object id or user principal name.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    public string? Manager { get; set; }

    /// <summary>The sponsors: object ids or user principal names; a group as group:ID.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("Sponsor")]
    [ListTransformation]
    public string[]? Sponsors { get; set; }

    /// <summary>The licenses: SKU part numbers or ids.</summary>
    [Parameter(ParameterSetName = ByMembers, ValueFromPipelineByPropertyName = true)]
    [Alias("License")]
    [ListTransformation]
    public string[]? Licenses { get; set; }

    /// <summary>The domain of sign-in names that are derived from display names because none is given.</summary>
    [Parameter]
    public string? Domain { get; set; }

    /// <summary>The domain; null if it is empty, as an empty cell is.</summary>
    private protected string? GivenDomain => string.IsNullOrEmpty(Domain) ? null : Domain;

    /// <summary>The row that the parameters describe.</summary>
    private protected AgentUserRow Members() => Row.Of(new KeyValuePair<string, object?>[]
    {
        new("identityParentId", IdentityParentId),
        new("displayName", DisplayName),
        new("userPrincipalName", UserPrincipalName),
        new("mailNickname", MailNickname),
        new("accountEnabled", AccountEnabled),
        new("usageLocation", UsageLocation),
        new("userType", UserType),
        new("mail", Mail),
        new("otherMails", OtherMails),
        new("businessPhones", BusinessPhones),
        new("mobilePhone", MobilePhone),
        new("givenName", GivenName),
        new("surname", Surname),
        new("jobTitle", JobTitle),
        new("department", Department),
        new("companyName", CompanyName),
        new("employeeId", EmployeeId),
        new("employeeType", EmployeeType),
        new("employeeHireDate", EmployeeHireDate),
        new("employeeLeaveDateTime", EmployeeLeaveDateTime),
        new("officeLocation", OfficeLocation),
        new("city", City),
        new("state", State),
        new("country", Country),
        new("streetAddress", StreetAddress),
        new("postalCode", PostalCode),
        new("preferredLanguage", PreferredLanguage),
        new("manager", Manager),
        new("sponsors", Sponsors),
        new("licenses", Licenses),
    }.Concat(OtherMembers is null ? [] : JsonOf.Members(OtherMembers)));
}
