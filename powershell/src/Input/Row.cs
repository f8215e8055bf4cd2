using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Turns members into a desired agent user. A null or an empty value declares nothing.</summary>
internal static class Row
{
    private static readonly HashSet<string> s_lists = ["sponsors", "licenses", "businessPhones", "otherMails"];

    /// <summary>Graph's spelling of member names, which PowerShell compares without case.</summary>
    private static readonly Dictionary<string, string> s_names = new[]
    {
        "identityParentId", "displayName", "userPrincipalName", "mailNickname", "accountEnabled", "usageLocation", "userType", "mail",
        "otherMails", "businessPhones", "mobilePhone", "givenName", "surname", "jobTitle", "department", "companyName", "employeeId",
        "employeeType", "employeeHireDate", "employeeLeaveDateTime", "officeLocation", "city", "state", "country", "streetAddress",
        "postalCode", "preferredLanguage", "manager", "sponsors", "licenses",
    }.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The row of the given members.</summary>
    internal static AgentUserRow Of(IEnumerable<KeyValuePair<string, object?>> members)
    {
        var row = new AgentUserRow();
        foreach (KeyValuePair<string, object?> member in members.Where(member => !IsUndeclared(member.Value)))
            Add(row, member.Key, member.Value);
        return row;
    }

    /// <summary>
    /// The row that an object describes: a record of a CSV file, a hashtable, any object with properties.
    /// </summary>
    internal static AgentUserRow Of(object item) => Of(JsonOf.Members(item));

    private static void Add(AgentUserRow row, string member, object? value)
    {
        string name = s_names.TryGetValue(member, out string? spelled) ? spelled : member;
        value = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
        // The text of a cell stands for a list or a flag.
        if (value is string cell && s_lists.Contains(name))
            row.Set(name, JsonValue.Array(ListTransformationAttribute.Split(cell)));
        else if (value is string word && name == "accountEnabled" && bool.TryParse(word, out bool flag))
            row.Set(name, flag);
        else
            row.Set(name, JsonOf.Value(value));
    }

    private static bool IsUndeclared(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => true,
        string text => text.Length == 0,
        System.Collections.ICollection many => many.Count == 0,
        _ => false,
    };
}
