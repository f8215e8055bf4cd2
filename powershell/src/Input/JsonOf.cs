using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Turns PowerShell's objects into JSON.</summary>
internal static class JsonOf
{
    /// <summary>The JSON of a value. A value that is neither a scalar nor a list becomes the object of its properties.</summary>
    internal static JsonValue Value(object? value)
    {
        object? plain = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
        return PlainValues.Scalar(plain) ?? plain switch
        {
            SwitchParameter flag => flag.IsPresent,
            Uri or Enum or Version => (JsonValue)plain.ToString(),
            IDictionary => Object(plain),
            IEnumerable many => JsonValue.Array(many.Cast<object?>().Select(Value)),
            _ => Object(plain!),
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
