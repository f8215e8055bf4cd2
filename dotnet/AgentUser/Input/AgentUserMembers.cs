using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The writable members of an agent user.</summary>
/// <remarks>
/// Nothing is checked here: every rule is in the native library, which names all that are broken at once. A member that has
/// no property here, and a value that no property takes, goes in by its name: <c>row["employeeHireDate"] = "…"</c>.
/// </remarks>
public abstract class AgentUserMembers : IEnumerable<KeyValuePair<string, JsonValue>>
{
    private readonly Dictionary<string, JsonValue> _members = [];
    private readonly List<string> _order = [];

    private protected AgentUserMembers()
    {
    }

    /// <summary>A member, by Graph's name; null where none was set.</summary>
    /// <param name="member">Graph's property name.</param>
    public JsonValue? this[string member]
    {
        get => _members.TryGetValue(member, out JsonValue? value) ? value : null;
        set
        {
            if (!_members.ContainsKey(member))
                _order.Add(member);
            _members[member] = value ?? JsonValue.Null;
        }
    }

    /// <summary>Whether the account can be used.</summary>
    public bool? AccountEnabled
    {
        get => this["accountEnabled"]?.AsBoolean();
        set => this["accountEnabled"] = value is { } flag ? flag : null;
    }

    /// <summary>The name people see.</summary>
    public string? DisplayName
    {
        get => this["displayName"]?.AsString();
        set => this["displayName"] = value;
    }

    /// <summary>The mail alias.</summary>
    public string? MailNickname
    {
        get => this["mailNickname"]?.AsString();
        set => this["mailNickname"] = value;
    }

    /// <summary>The sign-in name.</summary>
    public string? UserPrincipalName
    {
        get => this["userPrincipalName"]?.AsString();
        set => this["userPrincipalName"] = value;
    }

    /// <summary>Two-letter ISO 3166 country code; needed before a license.</summary>
    public string? UsageLocation
    {
        get => this["usageLocation"]?.AsString();
        set => this["usageLocation"] = value;
    }

    /// <summary><c>Member</c> or <c>Guest</c>.</summary>
    public string? UserType
    {
        get => this["userType"]?.AsString();
        set => this["userType"] = value;
    }

    /// <summary>The mail address.</summary>
    public string? Mail
    {
        get => this["mail"]?.AsString();
        set => this["mail"] = value;
    }

    /// <summary>The mobile number.</summary>
    public string? MobilePhone
    {
        get => this["mobilePhone"]?.AsString();
        set => this["mobilePhone"] = value;
    }

    /// <summary>First name.</summary>
    public string? GivenName
    {
        get => this["givenName"]?.AsString();
        set => this["givenName"] = value;
    }

    /// <summary>Last name.</summary>
    public string? Surname
    {
        get => this["surname"]?.AsString();
        set => this["surname"] = value;
    }

    /// <summary>Job title.</summary>
    public string? JobTitle
    {
        get => this["jobTitle"]?.AsString();
        set => this["jobTitle"] = value;
    }

    /// <summary>Department.</summary>
    public string? Department
    {
        get => this["department"]?.AsString();
        set => this["department"] = value;
    }

    /// <summary>Company.</summary>
    public string? CompanyName
    {
        get => this["companyName"]?.AsString();
        set => this["companyName"] = value;
    }

    /// <summary>Employee id.</summary>
    public string? EmployeeId
    {
        get => this["employeeId"]?.AsString();
        set => this["employeeId"] = value;
    }

    /// <summary>Employee type, free text.</summary>
    public string? EmployeeType
    {
        get => this["employeeType"]?.AsString();
        set => this["employeeType"] = value;
    }

    /// <summary>Office.</summary>
    public string? OfficeLocation
    {
        get => this["officeLocation"]?.AsString();
        set => this["officeLocation"] = value;
    }

    /// <summary>City.</summary>
    public string? City
    {
        get => this["city"]?.AsString();
        set => this["city"] = value;
    }

    /// <summary>State or province.</summary>
    public string? State
    {
        get => this["state"]?.AsString();
        set => this["state"] = value;
    }

    /// <summary>Country, free text.</summary>
    public string? Country
    {
        get => this["country"]?.AsString();
        set => this["country"] = value;
    }

    /// <summary>Street address.</summary>
    public string? StreetAddress
    {
        get => this["streetAddress"]?.AsString();
        set => this["streetAddress"] = value;
    }

    /// <summary>Postal code.</summary>
    public string? PostalCode
    {
        get => this["postalCode"]?.AsString();
        set => this["postalCode"] = value;
    }

    /// <summary>Preferred language, such as <c>en-US</c>.</summary>
    public string? PreferredLanguage
    {
        get => this["preferredLanguage"]?.AsString();
        set => this["preferredLanguage"] = value;
    }

    /// <summary>Start of work.</summary>
    public DateTimeOffset? EmployeeHireDate
    {
        get => Moments.Parse(this["employeeHireDate"]?.AsString());
        set => this["employeeHireDate"] = value is { } moment ? Moments.Write(moment) : null;
    }

    /// <summary>End of work. Writing it needs User-LifeCycleInfo.ReadWrite.All.</summary>
    public DateTimeOffset? EmployeeLeaveDateTime
    {
        get => Moments.Parse(this["employeeLeaveDateTime"]?.AsString());
        set => this["employeeLeaveDateTime"] = value is { } moment ? Moments.Write(moment) : null;
    }

    /// <summary>Further mail addresses.</summary>
    public IReadOnlyList<string>? OtherMails
    {
        get => Texts("otherMails");
        set => this["otherMails"] = value is null ? null : JsonValue.Array(value);
    }

    /// <summary>Business numbers; at most one.</summary>
    public IReadOnlyList<string>? BusinessPhones
    {
        get => Texts("businessPhones");
        set => this["businessPhones"] = value is null ? null : JsonValue.Array(value);
    }

    /// <summary>The members that were set, in the order they were first set.</summary>
    /// <returns>Names and values.</returns>
    public IEnumerator<KeyValuePair<string, JsonValue>> GetEnumerator() =>
        _order.Select(member => new KeyValuePair<string, JsonValue>(member, _members[member])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private protected IReadOnlyList<string>? Texts(string member) =>
        this[member] is { Kind: JsonKind.Array } value ? [.. value.Items.Select(item => item.AsString()).OfType<string>()] : null;
}
