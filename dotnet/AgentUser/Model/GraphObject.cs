using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>Something that Graph sent, with every member it sent. It never changes.</summary>
public abstract class GraphObject
{
    private protected GraphObject(JsonValue json) => Json = json;

    /// <summary>It as it came.</summary>
    public JsonValue Json { get; }

    /// <summary>The JSON it came as.</summary>
    /// <returns>The JSON.</returns>
    public override string ToString() => Json.ToString();

    private protected string? Text(string member) => Json[member]?.AsString();

    private protected Guid? Id(string member) => Json[member]?.AsGuid();

    private protected IReadOnlyList<JsonValue> Items(string member) => Json[member]?.Items ?? [];
}
