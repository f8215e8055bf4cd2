using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>An object that Graph sent, with all its members. It never changes.</summary>
public abstract class GraphObject
{
    private IReadOnlyDictionary<string, object?>? _members;

    private protected GraphObject(JsonValue json) => Json = json;

    /// <summary>
    /// Every member that Graph sent, by Graph's names: null, <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>,
    /// <see cref="double"/>, or a list or dictionary of such values.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Members => _members ??= PlainValues.From(Json.Members);

    internal JsonValue Json { get; }

    /// <summary>The JSON object that Graph sent.</summary>
    /// <returns>The JSON.</returns>
    public string ToJson() => Json.ToString();

    /// <inheritdoc/>
    public override string ToString() => ToJson();

    private protected string? Text(string member) => Json[member]?.AsString();

    private protected Guid? Id(string member) => Json[member]?.AsGuid();

    private protected IReadOnlyList<string> Texts(string member) => [.. Items(member).Select(one => one.AsString()).OfType<string>()];

    private protected IReadOnlyList<JsonValue> Items(string member) => Json[member]?.Items ?? [];
}
