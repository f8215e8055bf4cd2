using System.Management.Automation;
using System.Security;

namespace AgentUsers.PowerShell;

/// <summary>Turns both forms of a token into a source. A refused value is never shown, because it may be a token.</summary>
internal sealed class AccessTokenTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            AccessTokenSource => value,
            SecureString { Length: > 0 } token => new AccessTokenSource(token),
            ScriptBlock block => new AccessTokenSource(block),
            SecureString => throw new ArgumentTransformationMetadataException("The access token is empty. Give a token."),
            _ => throw new ArgumentTransformationMetadataException(
                "An access token is a SecureString (Read-Host -AsSecureString, ConvertTo-SecureString), or a script block that "
                + "returns a token; other types would leave it readable in memory and logs."),
        };
    }
}
