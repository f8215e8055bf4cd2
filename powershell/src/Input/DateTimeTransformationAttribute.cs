using System;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Takes a moment as a DateTime or as ISO 8601 text, and hands on the text.</summary>
internal sealed class DateTimeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            DateTime moment => Text(moment),
            DateTimeOffset moment => Text(moment.UtcDateTime),
            _ => value,
        };
    }

    /// <summary>As Graph writes it. A DateTime of no kind is meant as it stands: dates of Graph are UTC.</summary>
    internal static string Text(DateTime moment) =>
        Moments.Write(new DateTimeOffset(moment.Kind == DateTimeKind.Local ? moment.ToUniversalTime() : DateTime.SpecifyKind(moment, DateTimeKind.Utc)));
}
