using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The kinds of changes.</summary>
public enum ChangeKind
{
    /// <summary>A kind that this version does not know.</summary>
    Unknown,

    /// <summary>Create the agent user.</summary>
    Create,

    /// <summary>Set a member.</summary>
    Set,

    /// <summary>Add a sponsor.</summary>
    AddSponsor,

    /// <summary>Remove a sponsor.</summary>
    RemoveSponsor,

    /// <summary>Add the agent user to a group.</summary>
    AddToGroup,

    /// <summary>Remove the agent user from a group.</summary>
    RemoveFromGroup,

    /// <summary>Assign a license.</summary>
    AddLicense,

    /// <summary>Switch service plans of a license off or on.</summary>
    SetDisabledPlans,

    /// <summary>Remove a license.</summary>
    RemoveLicense,

    /// <summary>Set the manager.</summary>
    SetManager,

    /// <summary>Remove the manager.</summary>
    ClearManager,

    /// <summary>End the sign-in sessions.</summary>
    RevokeSessions,

    /// <summary>Grant a delegated permission.</summary>
    AddScope,

    /// <summary>Revoke a delegated permission.</summary>
    RemoveScope,

    /// <summary>Assign an app role.</summary>
    AssignAppRole,

    /// <summary>Take an app role away.</summary>
    RemoveAppRole,

    /// <summary>Set what the agent identities of a blueprint inherit.</summary>
    SetInheritance,

    /// <summary>Attest the agent identity.</summary>
    Attest,

    /// <summary>Move the agent user to the recycle bin.</summary>
    Delete,

    /// <summary>Restore the agent user from the recycle bin.</summary>
    Restore,

    /// <summary>Delete the agent user permanently.</summary>
    Purge,
}

/// <summary>A change of an agent user, made or planned.</summary>
public sealed class Change
{
    private readonly JsonValue _json;

    private Change(JsonValue json)
    {
        _json = json;
        Kind = Names.Parse<ChangeKind>(json["change"]);
        IsApplied = json["applied"]?.AsBoolean() ?? false;
    }

    /// <summary>The kind of change.</summary>
    public ChangeKind Kind { get; }

    /// <summary>Whether the change was made. A dry run makes none.</summary>
    public bool IsApplied { get; }

    /// <summary>With <see cref="ChangeKind.Create"/>: the sign-in name.</summary>
    public string? UserPrincipalName => Text("userPrincipalName");

    /// <summary>With <see cref="ChangeKind.Create"/>: the display name.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary>With <see cref="ChangeKind.Set"/> and <see cref="ChangeKind.SetInheritance"/>: the member, by Graph's name.</summary>
    public string? Member => Text("member");

    /// <summary>With <see cref="ChangeKind.Set"/>: the present value, plain as in <see cref="GraphObject.Members"/>; null if there is none.</summary>
    public object? From => PlainValues.From(_json["from"]);

    /// <summary>With <see cref="ChangeKind.Set"/>: the new value, plain as in <see cref="GraphObject.Members"/>; null clears the member.</summary>
    public object? To => PlainValues.From(_json["to"]);

    /// <summary>The sponsor, manager, group or license, as the input names it, or the name of a permission; null for other kinds.</summary>
    public string? Target => Text("sponsor") ?? Text("manager") ?? Text("group") ?? Text("sku") ?? Text("scope") ?? Text("appRole");

    /// <summary>Of a permission: the name of the resource that defines it.</summary>
    public string? Resource => Text("resource");

    /// <summary>With <see cref="ChangeKind.AddLicense"/> and <see cref="ChangeKind.SetDisabledPlans"/>: the names of the service plans that are off.</summary>
    public IReadOnlyList<string> DisabledPlans =>
        [.. ((_json["disabledPlans"] ?? (Kind == ChangeKind.SetDisabledPlans ? _json["to"] : null))?.Items ?? []).Select(plan => plan.AsString()).OfType<string>()];

    /// <summary>The change in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Kind switch
    {
        ChangeKind.Create => $"create {UserPrincipalName} ({DisplayName})",
        ChangeKind.Set when _json["from"] is null => $"set {Member} to {_json["to"] ?? JsonValue.Null}",
        ChangeKind.Set => $"set {Member} from {_json["from"]} to {_json["to"] ?? JsonValue.Null}",
        ChangeKind.AddSponsor => $"add sponsor {Target}",
        ChangeKind.RemoveSponsor => $"remove sponsor {Target}",
        ChangeKind.AddToGroup => $"add to group {Target}",
        ChangeKind.RemoveFromGroup => $"remove from group {Target}",
        ChangeKind.AddLicense when DisabledPlans.Count > 0 => $"assign license {Target} without {string.Join(", ", DisabledPlans)}",
        ChangeKind.AddLicense => $"assign license {Target}",
        ChangeKind.SetDisabledPlans => DisabledPlans.Count > 0
            ? $"keep license {Target} without {string.Join(", ", DisabledPlans)}"
            : $"switch on all service plans of license {Target}",
        ChangeKind.RemoveLicense => $"remove license {Target}",
        ChangeKind.SetManager => $"set manager to {Target}",
        ChangeKind.ClearManager => "remove the manager",
        ChangeKind.RevokeSessions => "end its sign-in sessions",
        ChangeKind.AddScope => $"grant {Target} of {Resource}",
        ChangeKind.RemoveScope => $"revoke {Target} of {Resource}",
        ChangeKind.AssignAppRole => $"assign app role {Target} of {Resource}",
        ChangeKind.RemoveAppRole => $"remove app role {Target} of {Resource}",
        ChangeKind.SetInheritance when Text("from") is { } from => $"set {Member} of {Resource} from {from} to {Text("to")}",
        ChangeKind.SetInheritance => $"set {Member} of {Resource} to {Text("to")}",
        ChangeKind.Attest => "attest",
        ChangeKind.Delete => "delete",
        ChangeKind.Restore => "restore",
        ChangeKind.Purge => "delete permanently",
        _ => _json.ToString(),
    };

    internal static Change FromJson(JsonValue json) => new(json);

    private string? Text(string member) => _json[member]?.AsString();
}
