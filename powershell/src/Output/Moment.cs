using System;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace AgentUsers.PowerShell;

/// <summary>
/// Moments in output objects: a DateTime in UTC, whose text is ISO 8601 with its zone. Export-Csv and tables write an object's text, and
/// that of a plain DateTime names no zone and follows the culture, so that no roster could read it again.
/// </summary>
internal static class Moment
{
    private static readonly MethodInfo s_text = typeof(Moment).GetMethod(nameof(Text))!;

    /// <summary>The moment as a property's value; null if there is none.</summary>
    internal static PSObject? Of(DateTimeOffset? moment) => moment is { } known ? Of(known.UtcDateTime) : null;

    /// <summary>The moment as a property's value.</summary>
    /// <param name="moment">The moment, in UTC.</param>
    internal static PSObject Of(DateTime moment)
    {
        var value = new PSObject(moment);
        value.Methods.Add(new PSCodeMethod("ToString", s_text));
        return value;
    }

    /// <summary>The moment that a script gave: a text, or a DateTime, which is taken for UTC where it does not tell its zone.</summary>
    /// <exception cref="PSInvalidCastException">It is not a moment.</exception>
    internal static PSObject? From(PSObject? given) => given?.BaseObject switch
    {
        null => null,
        DateTime moment => Of(Utc(moment)),
        DateTimeOffset moment => Of(moment.UtcDateTime),
        string text when Moments.Parse(text) is { } moment => Of(moment.UtcDateTime),
        object other => Of(Utc(LanguagePrimitives.ConvertTo<DateTime>(other))),
    };

    /// <summary>The moment in a property's value.</summary>
    internal static DateTime? Read(PSObject? value) => value?.BaseObject as DateTime?;

    /// <summary>The text of a moment, and the texts that a DateTime has by a format and a culture.</summary>
    /// <param name="instance">The moment.</param>
    /// <param name="rest">The arguments of ToString: a format, a culture, or both.</param>
    /// <returns>The text.</returns>
    public static string Text(PSObject instance, params object[] rest)
    {
        var moment = (DateTime)instance.BaseObject;
        return rest switch
        {
            [] => Moments.Write(moment),
            [IFormatProvider culture] => moment.ToString(culture),
            [var format, ..] => moment.ToString(format?.ToString(), rest.Length > 1 ? rest[1] as IFormatProvider : CultureInfo.CurrentCulture),
        };
    }

    private static DateTime Utc(DateTime moment) =>
        moment.Kind == DateTimeKind.Local ? moment.ToUniversalTime() : DateTime.SpecifyKind(moment, DateTimeKind.Utc);
}
