using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The lifecycle policies of Microsoft that govern an agent identity, and their next action.</summary>
public sealed class AgentLifecycle : GraphObject
{
    internal AgentLifecycle(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The object id of the agent identity.</summary>
    public Guid? ObjectId => Id("id");

    /// <summary>Its display name.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary>The next action of the policies that govern it: a notification, <c>disable</c> or <c>delete</c>; null if none is to come.</summary>
    public string? NextAction => Text("nextAction");

    /// <summary>The moment of the next action.</summary>
    public DateTimeOffset? NextActionDateTime => Moments.Parse(Text("nextActionDateTime"));

    /// <summary>The policies of which it is a subject; without any, none of them acts on it.</summary>
    public IReadOnlyList<GoverningPolicy> Policies => [.. Items("policies").Select(one => new GoverningPolicy(one))];

    /// <summary>Sentences about what comes and what helps.</summary>
    public IReadOnlyList<Remark> Remarks => [.. Items("remarks").Select(Remark.From)];
}

/// <summary>A lifecycle policy and what it found of an agent identity.</summary>
public sealed class GoverningPolicy : GraphObject
{
    internal GoverningPolicy(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The policy's id.</summary>
    public string PolicyId => Text("id") ?? "";

    /// <summary>Its name.</summary>
    public string? DisplayName => Text("displayName");

    /// <summary><c>systemDefault</c> for one that Microsoft made, <c>userCreated</c> for one of the tenant.</summary>
    public string? PolicySource => Text("policySource");

    /// <summary><c>disableOnly</c>, <c>deleteOnly</c> or <c>disableThenDelete</c>.</summary>
    public string? EnforcementAction => Text("enforcementAction");

    /// <summary>The rules that are evaluated, such as <c>periodicAttestation</c>; null where Graph does not show them.</summary>
    public IReadOnlyList<string>? Rules => Json["rules"] is null ? null : [.. Items("rules").Select(rule => rule.AsString()).OfType<string>()];

    /// <summary><c>effective</c> where it governs the agent identity; <c>inScopeButIneffective</c> or <c>pending</c> otherwise.</summary>
    public string? Relationship => Text("relationship");

    /// <summary><c>compliant</c>, <c>nonCompliant</c> or <c>notEvaluated</c>.</summary>
    public string? ComplianceStatus => Json["compliance"]?["status"]?.AsString();

    /// <summary>The next action: a notification, <c>disable</c> or <c>delete</c>.</summary>
    public string? NextAction => Json["enforcement"]?["nextAction"]?.AsString();

    /// <summary>The moment of the next action.</summary>
    public DateTimeOffset? NextActionDateTime => Moments.Parse(Json["enforcement"]?["nextActionDateTime"]?.AsString());

    /// <summary>Whether attesting the agent identity helps, where it is not compliant: <c>helps</c>, <c>mayHelp</c>, <c>doesNotHelp</c> or <c>unknown</c>.</summary>
    public string? Attestation => Text("attestation");
}
