using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The report of a change of permissions: the outcome, and the changes, made or planned.</summary>
public sealed class PermissionReport
{
    private readonly JsonValue _json;

    private PermissionReport(JsonValue json)
    {
        _json = json;
        Id = json["id"]?.AsGuid() ?? default;
        Kind = json["kind"]?.AsString();
        DisplayName = json["displayName"]?.AsString();
        UserPrincipalName = json["userPrincipalName"]?.AsString();
        ResourceAppId = json["resourceAppId"]?.AsGuid() ?? default;
        Outcome = Names.Parse<ProvisionOutcome>(json["outcome"]);
        Changes = [.. (json["changes"]?.Items ?? []).Select(Change.FromJson)];
        Remarks = [.. (json["remarks"]?.Items ?? []).Select(Remark.From)];
        RunId = json["runId"]?.AsString() ?? "";
    }

    /// <summary>
    /// The object id of the one whose permissions they are: an agent identity, a blueprint's principal, or a user. Of inheritable
    /// permissions, that of the blueprint's application.
    /// </summary>
    public Guid Id { get; }

    /// <summary>Its kind: <c>agentIdentity</c>, <c>blueprintPrincipal</c> or <c>blueprint</c>; null for a user.</summary>
    public string? Kind { get; }

    /// <summary>Its display name.</summary>
    public string? DisplayName { get; }

    /// <summary>The user that a delegated permission is for, or that has an app role; null where it is for all users.</summary>
    public string? UserPrincipalName { get; }

    /// <summary>The application id of the resource.</summary>
    public Guid ResourceAppId { get; }

    /// <summary>The outcome: <see cref="ProvisionOutcome.Unchanged"/>, <see cref="ProvisionOutcome.Changed"/> or <see cref="ProvisionOutcome.Planned"/>.</summary>
    public ProvisionOutcome Outcome { get; }

    /// <summary>The differences, each made or planned.</summary>
    public IReadOnlyList<Change> Changes { get; }

    /// <summary>Sentences beside the outcome: what was noticed and ended nothing.</summary>
    public IReadOnlyList<Remark> Remarks { get; }

    /// <summary>The run, which the <c>User-Agent</c> of its requests names.</summary>
    public string RunId { get; }

    /// <summary>The JSON object of the report, members that this version does not know included.</summary>
    /// <returns>The JSON.</returns>
    public string ToJson() => _json.ToString();

    /// <summary>The object id and the outcome.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{Id} {Outcome}";

    internal static PermissionReport From(JsonValue json) => new(json);
}
