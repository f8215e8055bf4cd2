using System;
using System.Collections.Generic;

namespace AgentUsers;

/// <summary>The numbers of an agent user's text members in the native library. They never change; new ones are appended.</summary>
internal static class AgentUserFields
{
    internal const int Id = 0;
    internal const int UserPrincipalName = 1;
    internal const int DisplayName = 2;
    internal const int MailNickname = 3;
    internal const int IdentityParentId = 4;
    internal const int UsageLocation = 5;
    internal const int UserType = 6;
    internal const int Mail = 7;
    internal const int CreatedDateTime = 8;
    internal const int DeletedDateTime = 9;
    internal const int GivenName = 10;
    internal const int Surname = 11;
    internal const int JobTitle = 12;
    internal const int Department = 13;
    internal const int CompanyName = 14;
    internal const int EmployeeId = 15;
    internal const int EmployeeType = 16;
    internal const int EmployeeHireDate = 17;
    internal const int EmployeeLeaveDateTime = 18;
    internal const int OfficeLocation = 19;
    internal const int City = 20;
    internal const int State = 21;
    internal const int Country = 22;
    internal const int StreetAddress = 23;
    internal const int PostalCode = 24;
    internal const int PreferredLanguage = 25;
    internal const int MobilePhone = 26;
    internal const int ODataType = 27;

    /// <summary>All other members, as the text of one JSON object.</summary>
    internal const int Other = 28;

    internal const int Count = 29;

    /// <summary>Graph's property names, by number.</summary>
    internal static readonly string[] Names =
    [
        "id", "userPrincipalName", "displayName", "mailNickname", "identityParentId", "usageLocation", "userType", "mail",
        "createdDateTime", "deletedDateTime", "givenName", "surname", "jobTitle", "department", "companyName", "employeeId",
        "employeeType", "employeeHireDate", "employeeLeaveDateTime", "officeLocation", "city", "state", "country",
        "streetAddress", "postalCode", "preferredLanguage", "mobilePhone", "@odata.type",
    ];
}
