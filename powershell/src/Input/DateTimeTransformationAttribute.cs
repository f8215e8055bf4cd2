using System;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Turns a DateTime into ISO 8601 text; text is passed on.</summary>
internal sealed class DateTimeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            DateTime moment => Moments.Write(moment),
            DateTimeOffset moment => Moments.Write(moment),
            _ => value,
        };
    }
}
