using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace AgentUsers.PowerShell;

/// <summary>Turns reports into their JSON; a text is the path of a file that has some.</summary>
internal sealed class ReportsTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        IEnumerable<object> items = value is IList many ? many.Cast<object>() : [value!];
        return items.Select(One).ToArray();
    }

    private static object One(object item) => (item is PSObject wrapped ? wrapped.BaseObject : item) switch
    {
        PSAgentUserReport report => new ReportJson(report.ToJson()),
        ReportJson json => json,
        string path => path,
        _ => throw new ArgumentTransformationMetadataException(
            "A report is an object that a cmdlet of this session has output, or the path of a file that -ReportPath or agentuser --json has written."),
    };
}

/// <summary>A report as JSON.</summary>
/// <param name="text">The JSON.</param>
internal sealed class ReportJson(string text)
{
    internal string Text { get; } = text;

    /// <summary>The reports that a parameter was given, as objects or as files; text that has none ends the cmdlet.</summary>
    internal static IEnumerable<JsonValue> Read(PSCmdlet cmdlet, IEnumerable<object> given) =>
        given.SelectMany(one => Read(cmdlet, one, one is ReportJson json ? json.Text : FilePath.ReadText(cmdlet, (string)one)));

    /// <summary>The reports of a text: one, an array, or one in each line.</summary>
    private static IEnumerable<JsonValue> Read(PSCmdlet cmdlet, object given, string text)
    {
        text = text.Trim('\ufeff', ' ', '\r', '\n', '\t');
        try
        {
            IEnumerable<string> texts = text.StartsWith("[", StringComparison.Ordinal) ? [text] : text.Split(['\n'], StringSplitOptions.RemoveEmptyEntries);
            return [.. texts.Select(JsonValue.Parse).SelectMany(one => one.Kind == JsonKind.Array ? one.Items : [one])];
        }
        catch (FormatException error)
        {
            cmdlet.ThrowTerminatingError(Failure.Record(
                ProblemCodes.ReportUnreadable, ErrorCategory.InvalidData, given, "The text to take back has no reports in JSON.",
                "Give reports that a cmdlet has output, or a file that -ReportPath has written as JSON.", error));
            throw;
        }
    }
}
