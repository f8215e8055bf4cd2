using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Internal;

namespace AgentUsers.PowerShell;

/// <summary>Turns members into a desired agent user. A null or an empty value declares nothing.</summary>
internal static class Row
{
    private static readonly HashSet<string> s_lists = ["sponsors", "groups", "licenses", "businessPhones", "otherMails"];

    /// <summary>Graph's spelling of member names, which PowerShell compares without case.</summary>
    private static readonly Dictionary<string, string> s_names = new[]
    {
        "identityParentId", "displayName", "userPrincipalName", "mailNickname", "accountEnabled", "usageLocation", "userType", "mail",
        "otherMails", "businessPhones", "mobilePhone", "givenName", "surname", "jobTitle", "department", "companyName", "employeeId",
        "employeeType", "employeeHireDate", "employeeLeaveDateTime", "officeLocation", "city", "state", "country", "streetAddress",
        "postalCode", "preferredLanguage", "manager", "sponsors", "groups", "licenses",
    }.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Graph's names of the members that a row may have.</summary>
    internal static IReadOnlyCollection<string> Names => s_names.Values;

    /// <summary>The members of the account itself, without its parent, people, groups and licenses.</summary>
    internal static IEnumerable<string> AccountNames => Names.Except(["identityParentId", "manager", "sponsors", "groups", "licenses"]);

    /// <summary>Names that people use beside Graph's; the parameters of New-AgentUser have them as aliases.</summary>
    private static readonly Dictionary<string, string> s_aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ParentId"] = "identityParentId",
        ["AgentIdentityId"] = "identityParentId",
        ["Name"] = "displayName",
        ["UPN"] = "userPrincipalName",
        ["Alias"] = "mailNickname",
        ["EmailAddress"] = "mail",
        ["OtherMail"] = "otherMails",
        ["BusinessPhone"] = "businessPhones",
        ["Mobile"] = "mobilePhone",
        ["FirstName"] = "givenName",
        ["LastName"] = "surname",
        ["Title"] = "jobTitle",
        ["Company"] = "companyName",
        ["Office"] = "officeLocation",
        ["Sponsor"] = "sponsors",
        ["Group"] = "groups",
        ["License"] = "licenses",
    };

    /// <summary>The row of the given members. Beside a member of Graph's name, its other names are nothing in particular.</summary>
    internal static AgentUserRow Of(IEnumerable<KeyValuePair<string, object?>> members)
    {
        KeyValuePair<string, object?>[] given = [.. members];
        var row = new AgentUserRow();
        foreach (KeyValuePair<string, object?> member in given.Where(member => !IsUndeclared(member.Value)))
        {
            bool isAlias = s_aliases.TryGetValue(member.Key, out string? meant)
                && !given.Any(other => string.Equals(other.Key, meant, StringComparison.OrdinalIgnoreCase));
            Add(row, isAlias ? meant! : member.Key, member.Value);
        }
        return row;
    }

    /// <summary>
    /// The row that an object describes: a record of a CSV file, a hashtable, any object with properties.
    /// </summary>
    internal static AgentUserRow Of(object item) => Of(JsonOf.Members(item));

    /// <summary>Graph's spelling of a member; the name itself where it is not known here.</summary>
    internal static string NameOf(string member) => s_names.TryGetValue(member, out string? spelled) ? spelled : member;

    private static void Add(AgentUserRow row, string member, object? value)
    {
        string name = NameOf(member);
        value = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
        // The text of a cell stands for a list or a flag.
        if (value is string cell && s_lists.Contains(name))
            row.Set(name, JsonValue.Array(ListTransformationAttribute.Split(cell)));
        else if (value is string word && name == "accountEnabled" && bool.TryParse(word, out bool flag))
            row.Set(name, flag);
        else if (name is "manager" or "sponsors")
            row.Set(name, Related(value));
        else
            row.Set(name, JsonOf.Value(value));
    }

    /// <summary>The texts of people and groups, where they are objects: those of Get-AgentUser -Property, or of a file that keeps these.</summary>
    private static JsonValue Related(object? value) => PSAgentUserRelation.TextOf(value) is { } text
        ? text
        : value is IEnumerable many and not string
            ? JsonValue.Array(many.Cast<object?>().Select(one => PSAgentUserRelation.TextOf(one) ?? JsonOf.Value(one)))
            : JsonOf.Value(value);

    private static bool IsUndeclared(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => true,
        // AutomationNull is the value of an if without an else.
        _ when ReferenceEquals(value, AutomationNull.Value) => true,
        string text => text.Length == 0,
        ICollection many => many.Count == 0,
        _ => false,
    };
}
