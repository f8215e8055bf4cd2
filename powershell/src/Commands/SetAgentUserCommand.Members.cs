using System.Collections;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <content>The members that can be changed. They have Graph's names, and none is bound from the pipeline.</content>
public sealed partial class SetAgentUserCommand
{
    /// <summary>The display name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? DisplayName { get; set; }

    /// <summary>The sign-in name from now on.</summary>
    [Parameter]
    [Alias("UPN")]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? UserPrincipalName { get; set; }

    /// <summary>The mail nickname.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? MailNickname { get; set; }

    /// <summary>Whether the account is enabled; Enable-AgentUser and Disable-AgentUser say the same.</summary>
    [Parameter]
    [FlagTransformation]
    public bool? AccountEnabled { get; set; }

    /// <summary>Two-letter country code, required before a license is assigned.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CountryCompleter))]
    public string? UsageLocation { get; set; }

    /// <summary>Member or Guest.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(UserTypeCompleter))]
    public string? UserType { get; set; }

    /// <summary>The mail address.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Mail { get; set; }

    /// <summary>Further mail addresses, which take the place of those it has.</summary>
    [Parameter]
    [Alias("OtherMail")]
    [ListTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? OtherMails { get; set; }

    /// <summary>The business number.</summary>
    [Parameter]
    [Alias("BusinessPhone")]
    [ListTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string[]? BusinessPhones { get; set; }

    /// <summary>The mobile number.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? MobilePhone { get; set; }

    /// <summary>First name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? GivenName { get; set; }

    /// <summary>Last name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Surname { get; set; }

    /// <summary>Job title.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? JobTitle { get; set; }

    /// <summary>Department.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Department { get; set; }

    /// <summary>Company.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? CompanyName { get; set; }

    /// <summary>Employee id.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? EmployeeId { get; set; }

    /// <summary>Employee type.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? EmployeeType { get; set; }

    /// <summary>Start of work: a DateTime, or ISO 8601 text.</summary>
    [Parameter]
    [DateTimeTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? EmployeeHireDate { get; set; }

    /// <summary>End of work: a DateTime, or ISO 8601 text. Writing it needs User-LifeCycleInfo.ReadWrite.All.</summary>
    [Parameter]
    [DateTimeTransformation]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? EmployeeLeaveDateTime { get; set; }

    /// <summary>Office.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? OfficeLocation { get; set; }

    /// <summary>City.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? City { get; set; }

    /// <summary>State or province.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? State { get; set; }

    /// <summary>Country.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? Country { get; set; }

    /// <summary>Street address.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? StreetAddress { get; set; }

    /// <summary>Postal code.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? PostalCode { get; set; }

    /// <summary>Preferred language, such as en-US.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NoValueCompleter))]
    public string? PreferredLanguage { get; set; }

    /// <summary>
    /// Extension properties, employeeOrgData and custom security attributes by name or path, such as
    /// @{ 'employeeOrgData.costCenter' = '4711' }; $null clears one.
    /// </summary>
    [Parameter]
    public Hashtable? OtherMembers { get; set; }
}
