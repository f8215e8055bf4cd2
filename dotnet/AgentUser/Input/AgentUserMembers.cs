using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The writable members of an agent user.</summary>
/// <remarks>
/// Nothing is checked here: the native library checks all rules and names all violations at once. A member without a property
/// here, and a value that a property does not take, is set by name: <c>row["employeeHireDate"] = "…"</c>.
/// </remarks>
public abstract class AgentUserMembers : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly OrderedMap<JsonValue> _members = new();

    private protected AgentUserMembers()
    {
    }

    /// <summary>
    /// A member by Graph's name, as a plain value: null, <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>,
    /// <see cref="double"/>, a list or a dictionary of them. Setting takes other numbers, <see cref="Guid"/>,
    /// <see cref="DateTime"/> and <see cref="DateTimeOffset"/>, too. Getting a member that was not set gives null.
    /// </summary>
    /// <param name="member">Graph's property name, such as <c>employeeHireDate</c>.</param>
    /// <exception cref="ArgumentException">The value has a type that JSON has no form for.</exception>
    public object? this[string member]
    {
        get => PlainValues.From(Get(member));
        set => Set(member, PlainValues.ToJson(value));
    }

    /// <summary>Whether the account is enabled.</summary>
    public bool? AccountEnabled
    {
        get => Get("accountEnabled")?.AsBoolean();
        set => Set("accountEnabled", value is { } flag ? flag : null);
    }

    /// <summary>The display name.</summary>
    public string? DisplayName
    {
        get => Get("displayName")?.AsString();
        set => Set("displayName", value);
    }

    /// <summary>The mail nickname.</summary>
    public string? MailNickname
    {
        get => Get("mailNickname")?.AsString();
        set => Set("mailNickname", value);
    }

    /// <summary>The sign-in name.</summary>
    public string? UserPrincipalName
    {
        get => Get("userPrincipalName")?.AsString();
        set => Set("userPrincipalName", value);
    }

    /// <summary>Two-letter ISO 3166 country code; required before a license is assigned.</summary>
    public string? UsageLocation
    {
        get => Get("usageLocation")?.AsString();
        set => Set("usageLocation", value);
    }

    /// <summary><c>Member</c> or <c>Guest</c>.</summary>
    public string? UserType
    {
        get => Get("userType")?.AsString();
        set => Set("userType", value);
    }

    /// <summary>The mail address.</summary>
    public string? Mail
    {
        get => Get("mail")?.AsString();
        set => Set("mail", value);
    }

    /// <summary>The mobile number.</summary>
    public string? MobilePhone
    {
        get => Get("mobilePhone")?.AsString();
        set => Set("mobilePhone", value);
    }

    /// <summary>First name.</summary>
    public string? GivenName
    {
        get => Get("givenName")?.AsString();
        set => Set("givenName", value);
    }

    /// <summary>Last name.</summary>
    public string? Surname
    {
        get => Get("surname")?.AsString();
        set => Set("surname", value);
    }

    /// <summary>Job title.</summary>
    public string? JobTitle
    {
        get => Get("jobTitle")?.AsString();
        set => Set("jobTitle", value);
    }

    /// <summary>Department.</summary>
    public string? Department
    {
        get => Get("department")?.AsString();
        set => Set("department", value);
    }

    /// <summary>Company.</summary>
    public string? CompanyName
    {
        get => Get("companyName")?.AsString();
        set => Set("companyName", value);
    }

    /// <summary>Employee id.</summary>
    public string? EmployeeId
    {
        get => Get("employeeId")?.AsString();
        set => Set("employeeId", value);
    }

    /// <summary>Employee type, free text.</summary>
    public string? EmployeeType
    {
        get => Get("employeeType")?.AsString();
        set => Set("employeeType", value);
    }

    /// <summary>Office.</summary>
    public string? OfficeLocation
    {
        get => Get("officeLocation")?.AsString();
        set => Set("officeLocation", value);
    }

    /// <summary>City.</summary>
    public string? City
    {
        get => Get("city")?.AsString();
        set => Set("city", value);
    }

    /// <summary>State or province.</summary>
    public string? State
    {
        get => Get("state")?.AsString();
        set => Set("state", value);
    }

    /// <summary>Country, free text.</summary>
    public string? Country
    {
        get => Get("country")?.AsString();
        set => Set("country", value);
    }

    /// <summary>Street address.</summary>
    public string? StreetAddress
    {
        get => Get("streetAddress")?.AsString();
        set => Set("streetAddress", value);
    }

    /// <summary>Postal code.</summary>
    public string? PostalCode
    {
        get => Get("postalCode")?.AsString();
        set => Set("postalCode", value);
    }

    /// <summary>Preferred language, such as <c>en-US</c>.</summary>
    public string? PreferredLanguage
    {
        get => Get("preferredLanguage")?.AsString();
        set => Set("preferredLanguage", value);
    }

    /// <summary>Start of work.</summary>
    public DateTimeOffset? EmployeeHireDate
    {
        get => Moments.Parse(Get("employeeHireDate")?.AsString());
        set => Set("employeeHireDate", value is { } moment ? Moments.Write(moment) : null);
    }

    /// <summary>End of work. Writing it needs User-LifeCycleInfo.ReadWrite.All.</summary>
    public DateTimeOffset? EmployeeLeaveDateTime
    {
        get => Moments.Parse(Get("employeeLeaveDateTime")?.AsString());
        set => Set("employeeLeaveDateTime", value is { } moment ? Moments.Write(moment) : null);
    }

    /// <summary>Further mail addresses.</summary>
    public IReadOnlyList<string>? OtherMails
    {
        get => Texts("otherMails");
        set => Set("otherMails", value is null ? null : JsonValue.Array(value));
    }

    /// <summary>Business numbers, at most one.</summary>
    public IReadOnlyList<string>? BusinessPhones
    {
        get => Texts("businessPhones");
        set => Set("businessPhones", value is null ? null : JsonValue.Array(value));
    }

    /// <summary>The members that were set, in the order they were first set.</summary>
    /// <returns>Names, and values as <see cref="this"/> gives them.</returns>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => PlainValues.From(_members).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The members as JSON, in the order they were first set.</summary>
    internal IReadOnlyDictionary<string, JsonValue> Members => _members;

    /// <summary>A member's JSON; null where it was not set.</summary>
    internal JsonValue? Get(string member) => _members.TryGetValue(member, out JsonValue? value) ? value : null;

    /// <summary>Sets a member; null sets JSON's null.</summary>
    internal void Set(string member, JsonValue? value) => _members.Set(member, value ?? JsonValue.Null);

    private protected IReadOnlyList<string>? Texts(string member) =>
        Get(member) is { Kind: JsonKind.Array } value ? [.. value.Items.Select(item => item.AsString()).OfType<string>()] : null;
}
