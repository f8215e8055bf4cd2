using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace AgentUsers;

/// <summary>
/// JSON as callers of this library see it: <c>null</c>, <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>,
/// <see cref="double"/>, <see cref="IReadOnlyList{T}"/> of such values, and <see cref="IReadOnlyDictionary{TKey, TValue}"/> of
/// such values by name.
/// </summary>
internal static class PlainValues
{
    /// <summary>
    /// The plain value. A number is a <see cref="long"/> if it is whole and fits, else the nearest <see cref="double"/>; a number
    /// beyond <see cref="double"/> stays the text it was read from.
    /// </summary>
    internal static object? From(JsonValue? json) => json?.Kind switch
    {
        null or JsonKind.Null => null,
        JsonKind.Boolean => json.AsBoolean(),
        JsonKind.Number => json.AsInt64() ?? json.AsDouble() ?? (object)json.Text,
        JsonKind.String => json.AsString(),
        JsonKind.Array => json.Items.Select(From).ToArray(),
        _ => From(json.Members),
    };

    /// <summary>The plain values of members, in the same order.</summary>
    internal static IReadOnlyDictionary<string, object?> From(IEnumerable<KeyValuePair<string, JsonValue>> members) =>
        new OrderedMap<object?>(members.Select(member => new KeyValuePair<string, object?>(member.Key, From(member.Value))));

    /// <summary>The JSON of a plain value.</summary>
    /// <exception cref="ArgumentException">The value has a type that JSON has no form for.</exception>
    internal static JsonValue ToJson(object? value) => Scalar(value) ?? value switch
    {
        IEnumerable<KeyValuePair<string, object?>> members => JsonValue.Object(
            members.Select(member => new KeyValuePair<string, JsonValue>(member.Key, ToJson(member.Value)))),
        IEnumerable items and not IDictionary => JsonValue.Array(items.Cast<object?>().Select(ToJson)),
        _ => throw new ArgumentException(
            $"A value of type {value?.GetType()} can't be written as JSON. Give text, a flag, a number, an id, a moment, a list or a "
            + "dictionary from string to object.",
            nameof(value)),
    };

    /// <summary>The JSON of a value that is neither a list nor an object; null for every other value.</summary>
    internal static JsonValue? Scalar(object? value) => value switch
    {
        null => JsonValue.Null,
        JsonValue json => json,
        string text => text,
        char character => character.ToString(),
        bool flag => flag,
        Guid id => id,
        DateTime moment => Moments.Write(moment),
        DateTimeOffset moment => Moments.Write(moment),
        sbyte or byte or short or ushort or int or uint or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        double.NaN or double.PositiveInfinity or double.NegativeInfinity => null,
        float.NaN or float.PositiveInfinity or float.NegativeInfinity => null,
        ulong or float or double or decimal => JsonValue.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        _ => null,
    };
}
