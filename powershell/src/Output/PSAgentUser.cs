using System;
using System.Linq;

namespace AgentUsers.PowerShell;

/// <summary>An agent user in types that survive Export-Csv, ConvertTo-Json and Export-Clixml.</summary>
public sealed class PSAgentUser
{
    private readonly AgentUser _user;

    internal PSAgentUser(AgentUser user) => _user = user;

    /// <summary>The object id.</summary>
    public Guid Id => _user.Id;

    /// <summary>The sign-in name.</summary>
    public string? UserPrincipalName => _user.UserPrincipalName;

    /// <summary>The display name.</summary>
    public string? DisplayName => _user.DisplayName;

    /// <summary>The object id of the agent identity that owns it.</summary>
    public Guid? IdentityParentId => _user.IdentityParentId;

    /// <summary>Whether the account is enabled.</summary>
    public bool? AccountEnabled => _user.AccountEnabled;

    /// <summary>The mail nickname.</summary>
    public string? MailNickname => _user.MailNickname;

    /// <summary>The mail address; null until there is a mailbox.</summary>
    public string? Mail => _user.Mail;

    /// <summary>Two-letter country code.</summary>
    public string? UsageLocation => _user.UsageLocation;

    /// <summary><c>Member</c> or <c>Guest</c>.</summary>
    public string? UserType => _user.UserType;

    /// <summary>When it was created, in UTC.</summary>
    public DateTime? CreatedDateTime => _user.CreatedDateTime?.UtcDateTime;

    /// <summary>When it was deleted, in UTC.</summary>
    public DateTime? DeletedDateTime => _user.DeletedDateTime?.UtcDateTime;

    /// <summary>First name.</summary>
    public string? GivenName => _user.GivenName;

    /// <summary>Last name.</summary>
    public string? Surname => _user.Surname;

    /// <summary>Job title.</summary>
    public string? JobTitle => _user.JobTitle;

    /// <summary>Department.</summary>
    public string? Department => _user.Department;

    /// <summary>Company.</summary>
    public string? CompanyName => _user.CompanyName;

    /// <summary>Employee id.</summary>
    public string? EmployeeId => _user.EmployeeId;

    /// <summary>Employee type.</summary>
    public string? EmployeeType => _user.EmployeeType;

    /// <summary>Start of work, in UTC.</summary>
    public DateTime? EmployeeHireDate => _user.EmployeeHireDate?.UtcDateTime;

    /// <summary>End of work, in UTC.</summary>
    public DateTime? EmployeeLeaveDateTime => _user.EmployeeLeaveDateTime?.UtcDateTime;

    /// <summary>Office.</summary>
    public string? OfficeLocation => _user.OfficeLocation;

    /// <summary>City.</summary>
    public string? City => _user.City;

    /// <summary>State or province.</summary>
    public string? State => _user.State;

    /// <summary>Country.</summary>
    public string? Country => _user.Country;

    /// <summary>Street address.</summary>
    public string? StreetAddress => _user.StreetAddress;

    /// <summary>Postal code.</summary>
    public string? PostalCode => _user.PostalCode;

    /// <summary>Preferred language.</summary>
    public string? PreferredLanguage => _user.PreferredLanguage;

    /// <summary>Mobile number.</summary>
    public string? MobilePhone => _user.MobilePhone;

    /// <summary>Business numbers, at most one.</summary>
    public JoinedList<string> BusinessPhones => new(_user.BusinessPhones);

    /// <summary>Further mail addresses.</summary>
    public JoinedList<string> OtherMails => new(_user.OtherMails);

    /// <summary>Mail addresses with their protocol.</summary>
    public JoinedList<string> ProxyAddresses => new(_user.ProxyAddresses);

    /// <summary>The SKU ids of its licenses, direct and inherited.</summary>
    public JoinedList<Guid> AssignedLicenses => new(_user.AssignedLicenses.Select(license => license.SkuId).OfType<Guid>());

    /// <summary>All members that Graph sent, those without a property included.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _user.ToJson();

    /// <summary>The sign-in name; the object id if there is none.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => _user.ToString();
}
