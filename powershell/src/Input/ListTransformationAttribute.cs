using System;
using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Turns a list into an array of texts. A text is split at semicolons, as a roster's cell is.</summary>
internal sealed class ListTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var items = new List<string>();
        Add(items, inputData);
        return items.ToArray();
    }

    /// <summary>The items of a cell.</summary>
    internal static IEnumerable<string> Split(string cell)
    {
        foreach (string item in cell.Split(';'))
        {
            string trimmed = item.Trim();
            if (trimmed.Length > 0)
                yield return trimmed;
        }
    }

    private static void Add(List<string> items, object? value)
    {
        value = value is PSObject wrapped ? wrapped.BaseObject : value;
        switch (value)
        {
            case null:
                break;
            case string text:
                items.AddRange(Split(text));
                break;
            case IEnumerable many:
                foreach (object? each in many)
                    Add(items, each);
                break;
            default:
                items.AddRange(Split(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!));
                break;
        }
    }
}
