using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>Changes that were planned, for one tenant: to be looked at, approved by their digest, and then made.</summary>
public sealed class AgentUserPlan
{
    private readonly JsonValue _json;

    private AgentUserPlan(JsonValue json)
    {
        _json = json;
        Changes = [.. (json["changes"]?.Items ?? []).Select(PlannedChange.From)];
    }

    /// <summary>The tenant that it was planned in, the only one that it is applied to.</summary>
    public Guid? TenantId => _json["tenantId"]?.AsGuid();

    /// <summary>The account that planned it; null where the token does not show it.</summary>
    public string? Author => _json["author"]?.AsString();

    /// <summary>When it was planned.</summary>
    public DateTimeOffset? CreatedAt => Moments.Parse(_json["createdAt"]?.AsString());

    /// <summary>The verb that planned it, such as <c>delete</c> or <c>roster</c>.</summary>
    public string Verb => _json["verb"]?.AsString() ?? "";

    /// <summary>The changes, those of one agent user in their order.</summary>
    public IReadOnlyList<PlannedChange> Changes { get; }

    /// <summary>The digest of everything else: what is approved.</summary>
    public string Digest => _json["digest"]?.AsString() ?? "";

    /// <summary>The content of the plan's file.</summary>
    /// <returns>JSON.</returns>
    public string ToJson() => _json.ToString();

    /// <summary>The verb and the number of changes.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Verb}: {Changes.Count} changes, {Digest}";

    internal static AgentUserPlan From(JsonValue json) => new(json);
}

/// <summary>A change of a plan.</summary>
public sealed class PlannedChange
{
    private PlannedChange(JsonValue json)
    {
        Row = (int?)json["row"]?.AsInt64();
        Id = json["id"]?.AsGuid();
        UserPrincipalName = json["userPrincipalName"]?.AsString() ?? "";
        Change = Change.FromJson(json["change"] ?? JsonValue.Null);
    }

    /// <summary>The number of the roster's row; null where there is no roster.</summary>
    public int? Row { get; }

    /// <summary>The agent user's object id; null for one that is yet to be created.</summary>
    public Guid? Id { get; }

    /// <summary>The agent user's sign-in name when it was planned.</summary>
    public string UserPrincipalName { get; }

    /// <summary>The change.</summary>
    public Change Change { get; }

    /// <summary>The agent user and the change.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{UserPrincipalName}: {Change}";

    internal static PlannedChange From(JsonValue json) => new(json);
}
