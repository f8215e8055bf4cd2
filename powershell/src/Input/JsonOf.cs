using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>PowerShell's objects as JSON.</summary>
internal static class JsonOf
{
    /// <summary>A value; what is no plain value becomes the object of its properties.</summary>
    internal static JsonValue Value(object? value)
    {
        object? plain = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
        return plain switch
        {
            null => JsonValue.Null,
            JsonValue json => json,
            string text => text,
            char character => character.ToString(),
            bool flag => flag,
            SwitchParameter flag => flag.IsPresent,
            Guid id => id,
            DateTime moment => DateTimeTransformationAttribute.Text(moment),
            DateTimeOffset moment => DateTimeTransformationAttribute.Text(moment.UtcDateTime),
            sbyte or byte or short or ushort or int or uint or long => Convert.ToInt64(plain, CultureInfo.InvariantCulture),
            ulong or float or double or decimal => JsonValue.Parse(Convert.ToString(plain, CultureInfo.InvariantCulture)!),
            Uri or Enum or Version => plain.ToString(),
            IDictionary => Object(plain),
            IEnumerable many => JsonValue.Array(many.Cast<object?>().Select(Value)),
            _ => Object(plain),
        };
    }

    /// <summary>The members of a dictionary, or the properties of any other object.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> Members(object value)
    {
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is IDictionary entries)
        {
            foreach (DictionaryEntry entry in entries)
                yield return new(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, entry.Value);
            yield break;
        }
        foreach (PSPropertyInfo property in PSObject.AsPSObject(value).Properties)
        {
            if (property.IsGettable)
                yield return new(property.Name, property.Value);
        }
    }

    private static JsonValue Object(object value) =>
        JsonValue.Object(Members(value).Select(member => new KeyValuePair<string, JsonValue>(member.Key, Value(member.Value))));
}
