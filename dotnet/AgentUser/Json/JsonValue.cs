using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace AgentUsers;

/// <summary>
/// A JSON value; it never changes. Numbers keep the text they were read from, objects the order of their members.
/// Callers of this library see <see cref="PlainValues"/>.
/// </summary>
internal sealed class JsonValue : IEquatable<JsonValue>
{
    private readonly string? _text;
    private readonly JsonValue[]? _items;
    private readonly OrderedMap<JsonValue>? _members;

    private JsonValue(JsonKind kind, string? text = null, JsonValue[]? items = null, OrderedMap<JsonValue>? members = null)
    {
        Kind = kind;
        _text = text;
        _items = items;
        _members = members;
    }

    /// <summary><c>null</c>.</summary>
    internal static JsonValue Null { get; } = new(JsonKind.Null);

    /// <summary><c>true</c>.</summary>
    internal static JsonValue True { get; } = new(JsonKind.Boolean, "true");

    /// <summary><c>false</c>.</summary>
    internal static JsonValue False { get; } = new(JsonKind.Boolean, "false");

    /// <summary>The kind of this value.</summary>
    internal JsonKind Kind { get; }

    /// <summary>The items of an array; none for anything else.</summary>
    internal IReadOnlyList<JsonValue> Items => _items ?? [];

    /// <summary>The members of an object, in their order; none for anything else.</summary>
    internal IReadOnlyDictionary<string, JsonValue> Members => _members ?? OrderedMap<JsonValue>.Empty;

    /// <summary>The member of that name; null if it is absent or <c>null</c>.</summary>
    /// <param name="member">The exact name.</param>
    internal JsonValue? this[string member] =>
        _members is not null && _members.TryGetValue(member, out JsonValue? value) && value.Kind != JsonKind.Null ? value : null;

    /// <summary>Reads JSON.</summary>
    /// <param name="json">One JSON value; white space around it is skipped.</param>
    /// <returns>The value. Of members with the same name, the last one counts.</returns>
    /// <exception cref="FormatException">The text is not JSON, or is more than 128 levels deep.</exception>
    internal static JsonValue Parse(string json) => new JsonReader(json ?? throw new ArgumentNullException(nameof(json))).ReadAll();

    /// <summary>An array.</summary>
    /// <param name="items">Its items.</param>
    /// <returns>The array.</returns>
    internal static JsonValue Array(IEnumerable<JsonValue> items) => new(JsonKind.Array, items: items.ToArray());

    /// <summary>An array of texts.</summary>
    /// <param name="texts">Its items.</param>
    /// <returns>The array.</returns>
    internal static JsonValue Array(IEnumerable<string> texts) => Array(texts.Select(text => (JsonValue)text));

    /// <summary>An object.</summary>
    /// <param name="members">Its members. Of those with the same name, the last one counts.</param>
    /// <returns>The object.</returns>
    internal static JsonValue Object(IEnumerable<KeyValuePair<string, JsonValue>> members) =>
        new(JsonKind.Object, members: new OrderedMap<JsonValue>(members));

    /// <summary>An object of the members that are not null.</summary>
    internal static JsonValue ObjectOf(params (string Name, JsonValue? Value)[] members) =>
        Object(members.Where(member => member.Value is not null).Select(member => new KeyValuePair<string, JsonValue>(member.Name, member.Value!)));

    /// <summary>A number of this text.</summary>
    internal static JsonValue Number(string text) => new(JsonKind.Number, text);

    internal static JsonValue String(string text) => new(JsonKind.String, text);

    /// <summary>Text; <c>null</c> for null.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator JsonValue(string? text) => text is null ? Null : String(text);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    /// <param name="flag">The flag.</param>
    public static implicit operator JsonValue(bool flag) => flag ? True : False;

    /// <summary>A whole number.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator JsonValue(long number) => Number(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A whole number.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator JsonValue(int number) => (long)number;

    /// <summary>An id, as text.</summary>
    /// <param name="id">The id.</param>
    public static implicit operator JsonValue(Guid id) => String(id.ToString("D"));

    /// <summary>The text of a string; null for anything else.</summary>
    /// <returns>The text.</returns>
    internal string? AsString() => Kind == JsonKind.String ? _text : null;

    /// <summary>The value of <c>true</c> and <c>false</c>; null for anything else.</summary>
    /// <returns>The value.</returns>
    internal bool? AsBoolean() => Kind == JsonKind.Boolean ? ReferenceEquals(this, True) : null;

    /// <summary>A whole number that fits; null for anything else.</summary>
    /// <returns>The number.</returns>
    internal long? AsInt64() =>
        Kind == JsonKind.Number && long.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    /// <summary>A number as the nearest double; null for anything else, and for a number beyond double.</summary>
    /// <returns>The number.</returns>
    internal double? AsDouble() =>
        Kind == JsonKind.Number
        && double.TryParse(_text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && !double.IsInfinity(number)
            ? number
            : null;

    /// <summary>A string that is an id; null for anything else.</summary>
    /// <returns>The id.</returns>
    internal Guid? AsGuid() => Guid.TryParseExact(AsString(), "D", out Guid id) ? id : null;

    /// <summary>The JSON, without white space.</summary>
    /// <returns>The JSON.</returns>
    public override string ToString() => JsonWriter.Write(this);

    /// <summary>Whether both are the same value: members in any order, numbers by their text.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether they are.</returns>
    public bool Equals(JsonValue? other)
    {
        if (other is null || Kind != other.Kind)
            return false;
        return Kind switch
        {
            JsonKind.Array => _items!.SequenceEqual(other._items!),
            JsonKind.Object => _members!.Count == other._members!.Count
                && _members.All(member => other._members.TryGetValue(member.Key, out JsonValue? value) && member.Value.Equals(value)),
            _ => _text == other._text,
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JsonValue);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        JsonKind.Array => _items!.Aggregate(17, (hash, item) => unchecked((hash * 31) + item.GetHashCode())),
        JsonKind.Object => _members!.Aggregate(19, (hash, member) => unchecked(hash + (member.Key.GetHashCode() ^ member.Value.GetHashCode()))),
        _ => unchecked(((int)Kind * 31) + (_text?.GetHashCode() ?? 0)),
    };

    /// <summary>The text of a string, a number or a flag, as the writer needs it.</summary>
    internal string Text => _text ?? "null";
}
