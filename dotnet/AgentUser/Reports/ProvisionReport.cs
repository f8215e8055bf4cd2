using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>What became of one agent user: what was found, what would change, and what of it was done.</summary>
public sealed class ProvisionReport
{
    private ProvisionReport(JsonValue json)
    {
        Json = json;
        Row = (int?)json["row"]?.AsInt64();
        IdentityParentId = json["identityParentId"]?.AsGuid();
        UserPrincipalName = json["userPrincipalName"]?.AsString() ?? "";
        Id = json["id"]?.AsGuid();
        Outcome = Names.Parse<ProvisionOutcome>(json["outcome"]);
        Stage = Names.Parse<ProvisionStage>(json["stage"]);
        Changes = [.. (json["changes"]?.Items ?? []).Select(Change.FromJson)];
        Problem = json["problem"] is { } problem ? Problem.From(problem) : null;
    }

    /// <summary>The row's number in its roster, as a spreadsheet counts; null for a single agent user.</summary>
    public int? Row { get; }

    /// <summary>Its parent.</summary>
    public Guid? IdentityParentId { get; }

    /// <summary>Its sign-in name, as wanted and then as it is.</summary>
    public string UserPrincipalName { get; }

    /// <summary>Its object id, once there is one.</summary>
    public Guid? Id { get; }

    /// <summary>How it ended.</summary>
    public ProvisionOutcome Outcome { get; }

    /// <summary>The furthest stage it reached.</summary>
    public ProvisionStage Stage { get; }

    /// <summary>What differed, and what of it was done.</summary>
    public IReadOnlyList<Change> Changes { get; }

    /// <summary>What went wrong.</summary>
    public Problem? Problem { get; }

    /// <summary>It as JSON.</summary>
    public JsonValue Json { get; }

    /// <summary>Name and outcome.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{UserPrincipalName} {Outcome}";

    internal static ProvisionReport From(JsonValue json) => new(json);
}
