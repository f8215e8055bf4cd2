using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Agent identities as this and other modules output them, told by what they have and not by their type.</summary>
internal static class AgentIdentityInput
{
    private const string ODataType = "@odata.type";

    /// <summary>The object id of an agent identity; null for anything else.</summary>
    internal static string? IdOf(PSObject? item)
    {
        if (item is null || !IsIdentity(item))
            return null;
        return Text(item, "Id") ?? Text(item, "ObjectId");
    }

    private static bool IsIdentity(PSObject item)
    {
        string? type = Text(item, ODataType) ?? (item.Properties["AdditionalProperties"]?.Value as IDictionary)?[ODataType]?.ToString();
        return type is not null
            ? type.EndsWith(".agentIdentity", StringComparison.OrdinalIgnoreCase)
            : item.TypeNames.Any(name => name.EndsWith("." + nameof(PSAgentIdentity), StringComparison.Ordinal))
                || string.Equals(Text(item, "ServicePrincipalType"), "ServiceIdentity", StringComparison.OrdinalIgnoreCase);
    }

    private static string? Text(PSObject item, string property) => item.Properties[property]?.Value?.ToString() is { Length: > 0 } text ? text : null;
}
