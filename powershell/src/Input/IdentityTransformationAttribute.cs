using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>
/// Turns an object into its id. Without this the engine would take the object's text, because it binds a Guid property to a text
/// parameter last.
/// </summary>
/// <param name="properties">The properties that may hold the id, best first.</param>
internal sealed class IdentityTransformationAttribute(params string[] properties) : ArgumentTransformationAttribute
{
    /// <summary>A type whose objects are left alone, because another parameter takes them.</summary>
    public Type? Except { get; set; }

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is IList many ? many.Cast<object>().Select(One).ToArray() : One(inputData);
    }

    private object One(object item)
    {
        object? value = item is PSObject wrapped ? wrapped.BaseObject : item;
        return Except?.IsInstanceOfType(value) == true ? item : Of(item, properties);
    }

    /// <summary>The id of an object, from the first of its properties that has one; the object itself if none has.</summary>
    internal static object Of(object item, params string[] properties)
    {
        object? value = item is PSObject wrapped ? wrapped.BaseObject : item;
        if (value is null or string or ValueType)
            return item;
        PSMemberInfoCollection<PSPropertyInfo> members = PSObject.AsPSObject(item).Properties;
        object? id = properties.Select(name => members[name]?.Value).FirstOrDefault(found => found is not null);
        if (id is not null)
            return id is Guid guid ? guid.ToString() : id;
        // The engine would take the object's text. Of the pipeline, the object is left to parameters that bind a property.
        string message = $"The object has none of these properties: {string.Join(", ", properties)}.";
        throw new ArgumentTransformationMetadataException(message, new PSInvalidCastException(message));
    }
}
