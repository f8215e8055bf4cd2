using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The report of an operation on one agent user: its outcome, the stage it reached, and the changes, made or planned.</summary>
public sealed class ProvisionReport
{
    private ProvisionReport(JsonValue json)
    {
        Json = json;
        Row = (int?)json["row"]?.AsInt64();
        Kind = json["kind"]?.AsString();
        IdentityParentId = json["identityParentId"]?.AsGuid();
        UserPrincipalName = json["userPrincipalName"]?.AsString() ?? "";
        DisplayName = json["displayName"]?.AsString();
        Id = json["id"]?.AsGuid();
        ResourceAppId = json["resourceAppId"]?.AsGuid();
        Outcome = Names.Parse<ProvisionOutcome>(json["outcome"]);
        Stage = Names.Parse<ProvisionStage>(json["stage"]);
        Changes = [.. (json["changes"]?.Items ?? []).Select(Change.FromJson)];
        Remarks = [.. (json["remarks"]?.Items ?? []).Select(Remark.From)];
        RunId = json["runId"]?.AsString() ?? "";
        Problem = json["problem"] is { } problem ? Problem.From(problem) : null;
    }

    /// <summary>The row's number in its roster, as a spreadsheet counts; null for a single agent user.</summary>
    public int? Row { get; }

    /// <summary>The kind of an object that is not an agent user: <c>blueprint</c>, <c>blueprintPrincipal</c>, <c>agentIdentity</c> or <c>leaver</c>; null for an agent user.</summary>
    public string? Kind { get; }

    /// <summary>The parent's object id.</summary>
    public Guid? IdentityParentId { get; }

    /// <summary>The sign-in name: the declared one, and once the agent user exists, the present one.</summary>
    public string UserPrincipalName { get; }

    /// <summary>The display name of an agent identity or a blueprint's principal, which have no sign-in name.</summary>
    public string? DisplayName { get; }

    /// <summary>The object id; null until the agent user exists.</summary>
    public Guid? Id { get; }

    /// <summary>Of a change of permissions: the application id of the resource; null for other changes.</summary>
    public Guid? ResourceAppId { get; }

    /// <summary>The outcome.</summary>
    public ProvisionOutcome Outcome { get; }

    /// <summary>The furthest stage that was reached.</summary>
    public ProvisionStage Stage { get; }

    /// <summary>The differences from the declared state, each made or planned.</summary>
    public IReadOnlyList<Change> Changes { get; }

    /// <summary>Sentences beside the outcome: what was noticed and ended nothing.</summary>
    public IReadOnlyList<Remark> Remarks { get; }

    /// <summary>The run, which the <c>User-Agent</c> of its requests names.</summary>
    public string RunId { get; }

    /// <summary>The problem; null if there was none.</summary>
    public Problem? Problem { get; }

    internal JsonValue Json { get; }

    /// <summary>The JSON object of the report, members that this version does not know included.</summary>
    /// <returns>The JSON.</returns>
    public string ToJson() => Json.ToString();

    /// <summary>The sign-in name and the outcome.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{UserPrincipalName} {Outcome}";

    internal static ProvisionReport From(JsonValue json) => new(json);
}
