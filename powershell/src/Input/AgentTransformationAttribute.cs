using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Internal;

namespace AgentUsers.PowerShell;

/// <summary>
/// Turns objects into named agents. The properties of an object tell a blueprint and an agent identity, and any other object is an agent user. A text is a name of an agent user.
/// </summary>
internal sealed class AgentTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether a Guid, or a text without an @, is the object id of an agent identity, and not of an agent user.</summary>
    public bool IdIsOfIdentity { get; set; }

    /// <summary>Whether a user principal name is preferred to an object id, because it is shown.</summary>
    public bool IsNamePreferred { get; set; }

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        // A property without a value, of an object from the pipeline.
        if (value is null || ReferenceEquals(value, AutomationNull.Value))
            return inputData;
        // An empty cell of a file.
        if (value is "")
            return Array.Empty<object>();
        return value is IList many ? many.Cast<object>().Select(One).ToArray() : new[] { One(inputData) };
    }

    private object One(object item)
    {
        object? value = item is PSObject wrapped ? wrapped.BaseObject : item;
        if (value is NamedAgent)
            return value;
        if (IdIsOfIdentity && (value is Guid || value is string text && !text.Contains("@")))
            return new NamedAgent(null, value.ToString(), null);
        var about = PSObject.AsPSObject(item);
        if (AgentIdentityInput.IdOf(about) is { } identity)
            return new NamedAgent(null, identity, null);
        bool isUser = about.Properties["UserPrincipalName"] is not null;
        if (!isUser && about.Properties["AppId"]?.Value?.ToString() is { Length: > 0 } blueprint)
            return new NamedAgent(null, null, blueprint);
        string[] ids = ["Id", "ObjectId", "UserId", "UserPrincipalName"];
        return new NamedAgent(IdentityTransformationAttribute.Of(item, IsNamePreferred ? ["UserPrincipalName", .. ids] : ids).ToString(), null, null);
    }
}

/// <summary>An agent by its name and its kind.</summary>
/// <param name="User">The agent user; null for anything else.</param>
/// <param name="AgentIdentity">The agent identity; null for anything else.</param>
/// <param name="Blueprint">The blueprint; null for anything else.</param>
internal sealed record NamedAgent(string? User, string? AgentIdentity, string? Blueprint)
{
    public override string ToString() => User ?? AgentIdentity ?? Blueprint ?? "";
}
