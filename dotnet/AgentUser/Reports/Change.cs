namespace AgentUsers;

/// <summary>What kind of change it is.</summary>
public enum ChangeKind
{
    /// <summary>One that this version does not know.</summary>
    Unknown,

    /// <summary>Create the agent user.</summary>
    Create,

    /// <summary>Set a member.</summary>
    Set,

    /// <summary>Add a sponsor.</summary>
    AddSponsor,

    /// <summary>Remove a sponsor.</summary>
    RemoveSponsor,

    /// <summary>Assign a license.</summary>
    AddLicense,

    /// <summary>Take a license away.</summary>
    RemoveLicense,

    /// <summary>Set the manager.</summary>
    SetManager,

    /// <summary>Remove the manager.</summary>
    ClearManager,

    /// <summary>Move it to the recycle bin.</summary>
    Delete,

    /// <summary>Bring it back from the recycle bin.</summary>
    Restore,

    /// <summary>Delete it for ever.</summary>
    Purge,
}

/// <summary>A change, and whether it was made.</summary>
public sealed class Change
{
    private readonly JsonValue _json;

    private Change(JsonValue json)
    {
        _json = json;
        Kind = Names.Parse<ChangeKind>(json["change"]);
        IsApplied = json["applied"]?.AsBoolean() ?? false;
    }

    /// <summary>What kind of change it is.</summary>
    public ChangeKind Kind { get; }

    /// <summary>Whether it was made. After a dry run nothing was.</summary>
    public bool IsApplied { get; }

    /// <summary>With <see cref="ChangeKind.Create"/>: its sign-in name.</summary>
    public string? UserPrincipalName => Text("userPrincipalName");

    /// <summary>With <see cref="ChangeKind.Create"/>: its display name.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary>With <see cref="ChangeKind.Set"/>: the member, by Graph's name.</summary>
    public string? Member => Text("member");

    /// <summary>With <see cref="ChangeKind.Set"/>: the value it has; null when it has none.</summary>
    public JsonValue? From => _json["from"];

    /// <summary>With <see cref="ChangeKind.Set"/>: the value it gets; null when it is cleared.</summary>
    public JsonValue? To => _json["to"];

    /// <summary>The sponsor, the manager or the license it is about, as it was named.</summary>
    public string? Target => Text("sponsor") ?? Text("manager") ?? Text("sku");

    /// <summary>What changes, in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Kind switch
    {
        ChangeKind.Create => $"create {UserPrincipalName} ({DisplayName})",
        ChangeKind.Set when From is null => $"set {Member} to {To ?? JsonValue.Null}",
        ChangeKind.Set => $"set {Member} from {From} to {To ?? JsonValue.Null}",
        ChangeKind.AddSponsor => $"add sponsor {Target}",
        ChangeKind.RemoveSponsor => $"remove sponsor {Target}",
        ChangeKind.AddLicense => $"assign license {Target}",
        ChangeKind.RemoveLicense => $"remove license {Target}",
        ChangeKind.SetManager => $"set manager to {Target}",
        ChangeKind.ClearManager => "remove the manager",
        ChangeKind.Delete => "delete",
        ChangeKind.Restore => "restore",
        ChangeKind.Purge => "delete for ever",
        _ => _json.ToString(),
    };

    internal static Change FromJson(JsonValue json) => new(json);

    private string? Text(string member) => _json[member]?.AsString();
}
