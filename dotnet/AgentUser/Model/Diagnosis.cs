using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The results of the doctor.</summary>
public sealed class Diagnosis : GraphObject
{
    internal Diagnosis(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The facts that the token shows.</summary>
    public TokenDiagnosis? Token => Json["token"] is { } token ? new TokenDiagnosis(token) : null;

    /// <summary>Reasons why the token may fail or do too much, each with its fix.</summary>
    public IReadOnlyList<Remark> Remarks => [.. Items("remarks").Select(Remark.From)];

    /// <summary>Each operation, and whether the token allows it.</summary>
    public IReadOnlyList<OperationDiagnosis> Operations => [.. Items("operations").Select(one => new OperationDiagnosis(one))];

    /// <summary>Graph's answers to reads that change nothing.</summary>
    public IReadOnlyList<ReadDiagnosis> Reads => [.. Items("reads").Select(one => new ReadDiagnosis(one))];
}

/// <summary>The facts that a token shows.</summary>
public sealed class TokenDiagnosis : GraphObject
{
    internal TokenDiagnosis(JsonValue json)
        : base(json)
    {
    }

    /// <summary>Whether it can be read. An opaque one tells nothing of itself.</summary>
    public bool Readable => Json["readable"]?.AsBoolean() ?? false;

    /// <summary><c>application</c>, <c>delegated</c> or <c>unknown</c>.</summary>
    public string Kind => Text("kind") ?? "unknown";

    /// <summary>The service that it is for.</summary>
    public string? Audience => Text("audience");

    /// <summary>The id of its tenant.</summary>
    public string? TenantId => Text("tenantId");

    /// <summary>The client id of the application that it was given to.</summary>
    public string? ApplicationId => Text("applicationId");

    /// <summary>When it expires.</summary>
    public DateTimeOffset? ExpiresAt => Moments.Parse(Text("expiresAt"));

    /// <summary>Its permissions.</summary>
    public IReadOnlyList<string> Permissions => Texts("permissions");
}

/// <summary>Whether a token allows an operation, and what helps.</summary>
public sealed class OperationDiagnosis : GraphObject
{
    internal OperationDiagnosis(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The operation.</summary>
    public string Operation => Text("operation") ?? "";

    /// <summary><c>allowed</c>, <c>lacking</c> or <c>unknown</c>.</summary>
    public string Verdict => Text("verdict") ?? "";

    /// <summary>The permissions that are missing, the least that would do.</summary>
    public IReadOnlyList<string> Missing => Texts("missing");

    /// <summary>The fix, as a sentence.</summary>
    public string? Fix => Text("fix");
}

/// <summary>Graph's answer to a read that changes nothing.</summary>
public sealed class ReadDiagnosis : GraphObject
{
    internal ReadDiagnosis(JsonValue json)
        : base(json)
    {
    }

    /// <summary>The call.</summary>
    public string Call => Text("call") ?? "";

    /// <summary>Its effect, as words that follow "to".</summary>
    public string What => Text("what") ?? "";

    /// <summary><c>answered</c>, <c>refused</c> or <c>unanswered</c>.</summary>
    public string Outcome => Text("outcome") ?? "";

    /// <summary>Why it was not answered.</summary>
    public Problem? Problem => Json["problem"] is { } problem ? AgentUsers.Problem.From(problem) : null;
}
