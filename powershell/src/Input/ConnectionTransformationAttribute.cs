using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Turns the name of a connection into the connection.</summary>
internal sealed class ConnectionTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string name)
            return value;
        return RunspaceState.Current.Find(name) ?? throw new ArgumentTransformationMetadataException(
            $"There is no connection with the name '{name}'. Get-AgentUserConnection lists those that there are; Connect-AgentUser -Name makes one.");
    }
}
