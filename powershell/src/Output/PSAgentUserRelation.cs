using System;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>The manager or a sponsor of an agent user.</summary>
public sealed class PSAgentUserRelation
{
    /// <summary>The beginning by which a roster tells a group from a user.</summary>
    internal const string GroupPrefix = "group:";

    private readonly DirectoryObject? _object;

    /// <summary>Makes a relation without members, for scripts and their tests.</summary>
    public PSAgentUserRelation()
    {
    }

    /// <summary>Makes a relation with what a roster names, for scripts and their tests.</summary>
    /// <param name="name">A user principal name, an object id, or group: and the object id of a group.</param>
    public PSAgentUserRelation(string name)
    {
        bool isGroup = name.StartsWith(GroupPrefix, StringComparison.OrdinalIgnoreCase);
        Kind = isGroup ? "Group" : "User";
        if (Guid.TryParse(isGroup ? name.Substring(GroupPrefix.Length) : name, out Guid id))
            Id = id;
        else
            UserPrincipalName = name;
    }

    internal PSAgentUserRelation(string agentUser, DirectoryObject related)
    {
        AgentUser = agentUser;
        _object = related;
        DisplayName = related.DisplayName;
        UserPrincipalName = related.UserPrincipalName;
        // The last part of a type's name: group of #microsoft.graph.group.
        Kind = related.ODataType is { } type ? Plain.Pascal(type.Substring(type.LastIndexOf('.') + 1)) : null;
        Id = related.ObjectId;
    }

    /// <summary>The agent user, as the input names it.</summary>
    public string AgentUser { get; set; } = "";

    /// <summary>The display name; null where Graph sends the id alone.</summary>
    public string? DisplayName { get; set; }

    /// <summary>A user's sign-in name.</summary>
    public string? UserPrincipalName { get; set; }

    /// <summary>The kind, such as <c>User</c> or <c>Group</c>.</summary>
    public string? Kind { get; set; }

    /// <summary>The object id.</summary>
    public Guid? Id { get; set; }

    /// <summary>All members that Graph sent; of one that a script made, its properties.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson() => _object?.ToJson() ?? JsonOf.Value(this).ToString();

    /// <summary>The text of an object that has the properties of a relation, such as one of a JSON file; null of any other.</summary>
    internal static string? TextOf(object? value)
    {
        if (value is null or string or ValueType)
            return null;
        PSMemberInfoCollection<PSPropertyInfo> members = PSObject.AsPSObject(value).Properties;
        string? Text(string name) => members[name]?.Value?.ToString() is { Length: > 0 } text ? text : null;
        string? id = Text(nameof(Id)), kind = Text(nameof(Kind));
        return string.Equals(kind, "Group", StringComparison.OrdinalIgnoreCase) && id is not null ? GroupPrefix + id : Text(nameof(UserPrincipalName)) ?? id;
    }

    /// <summary>The sign-in name of a user, or its object id; of a group group: and its object id. A roster reads it.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => TextOf(this) ?? DisplayName ?? "";
}
