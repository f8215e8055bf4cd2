using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>
/// Takes an object for the id it has: without this the engine would take its text, because a Guid property binds to a text
/// parameter only after everything else was tried.
/// </summary>
/// <param name="properties">Where the id may be, best first.</param>
internal sealed class IdentityTransformationAttribute(params string[] properties) : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is IList many ? many.Cast<object>().Select(One).ToArray() : One(inputData);
    }

    private object One(object item)
    {
        object? value = item is PSObject wrapped ? wrapped.BaseObject : item;
        if (value is null or string or ValueType)
            return item;
        PSMemberInfoCollection<PSPropertyInfo> members = PSObject.AsPSObject(item).Properties;
        object? id = properties.Select(name => members[name]?.Value).FirstOrDefault(found => found is not null);
        return id is Guid guid ? guid.ToString() : id ?? item;
    }
}
