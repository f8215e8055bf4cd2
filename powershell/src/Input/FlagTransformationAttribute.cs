using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Turns the words true and false of a CSV file into flags; an empty cell declares nothing.</summary>
internal sealed class FlagTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            string { Length: 0 } => null,
            string text when bool.TryParse(text, out bool flag) => flag,
            _ => value,
        };
    }
}
