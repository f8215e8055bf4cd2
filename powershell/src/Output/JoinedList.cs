using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>A list whose text is its items, for CSV files and strings, which can't hold a list.</summary>
/// <typeparam name="T">The type of its items.</typeparam>
[TypeConverter(typeof(JoinedListConverter))]
public sealed class JoinedList<T> : ReadOnlyCollection<T>
{
    /// <summary>Makes a list.</summary>
    /// <param name="items">Its items.</param>
    public JoinedList(IEnumerable<T> items)
        : base(items.ToArray())
    {
    }

    /// <summary>The list without items.</summary>
    internal static JoinedList<T> Empty { get; } = new([]);

    /// <summary>The items joined by semicolons, as a roster has them.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => string.Join("; ", this);
}

/// <summary>Lets scripts give a list, one item, or the text of a roster's cell where an output object has a list.</summary>
public sealed class JoinedListConverter : PSTypeConverter
{
    /// <summary>Whether it may be a list.</summary>
    /// <param name="sourceValue">The value.</param>
    /// <param name="destinationType">The type of the list.</param>
    /// <returns>True: an item that is none ends the conversion.</returns>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) => true;

    /// <summary>Makes the list.</summary>
    /// <param name="sourceValue">The value.</param>
    /// <param name="destinationType">The type of the list.</param>
    /// <param name="formatProvider">Not used.</param>
    /// <param name="ignoreCase">Not used.</param>
    /// <returns>The list.</returns>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase)
    {
        Type item = destinationType.GetGenericArguments()[0];
        object? value = sourceValue is PSObject wrapped ? wrapped.BaseObject : sourceValue;
        object[] items = value switch
        {
            null => [],
            string cell => [.. ListTransformationAttribute.Split(cell)],
            IDictionary => [value],
            IEnumerable many => [.. many.Cast<object>()],
            _ => [sourceValue],
        };
        var converted = Array.CreateInstance(item, items.Length);
        for (int at = 0; at < items.Length; at++)
            converted.SetValue(LanguagePrimitives.ConvertTo(items[at], item, formatProvider), at);
        return Activator.CreateInstance(destinationType, converted)!;
    }

    /// <summary>Not done.</summary>
    /// <param name="sourceValue">The value.</param>
    /// <param name="destinationType">The type.</param>
    /// <returns>False.</returns>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <summary>Not done.</summary>
    /// <param name="sourceValue">The value.</param>
    /// <param name="destinationType">The type.</param>
    /// <param name="formatProvider">Not used.</param>
    /// <param name="ignoreCase">Not used.</param>
    /// <returns>Nothing.</returns>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new NotSupportedException();
}
