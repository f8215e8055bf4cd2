using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Text;

namespace AgentUsers.PowerShell;

/// <summary>
/// A file to which each report is written as its row ends, so that it is there after Ctrl+C and after the loss of the session, too: JSON,
/// a report in each line; or CSV, where the file's name ends with .csv.
/// </summary>
internal sealed class ReportFile : IDisposable
{
    private static readonly string[] s_columns = ["Row", "UserPrincipalName", "Id", "IdentityParentId", "Outcome", "Stage", "Changes", "Remarks", "Problem"];

    private readonly StreamWriter _writer;
    private readonly bool _isCsv;

    private ReportFile(FileStream file, bool isCsv)
    {
        _writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: isCsv)) { AutoFlush = true, NewLine = isCsv ? "\r\n" : "\n" };
        _isCsv = isCsv;
        if (isCsv)
            _writer.WriteLine(string.Join(",", s_columns));
    }

    /// <summary>Creates the file, or ends the cmdlet; null if none is named.</summary>
    internal static ReportFile? Open(PSCmdlet cmdlet, string? path) =>
        path is null ? null : new(FilePath.Create(cmdlet, path), path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase));

    /// <summary>Writes a report.</summary>
    internal void Add(ProvisionReport report) => _writer.WriteLine(_isCsv ? Line(new PSAgentUserReport(report)) : report.ToJson());

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static string Line(PSAgentUserReport report)
    {
        object?[] cells = [report.Row, report.UserPrincipalName, report.Id, report.IdentityParentId, report.Outcome, report.Stage, report.Changes, report.Remarks, report.Problem];
        return string.Join(",", cells.Select(cell => Cell(cell?.ToString() ?? "")));
    }

    /// <summary>A cell, which a spreadsheet takes for no formula.</summary>
    private static string Cell(string text)
    {
        string safe = text.Length > 0 && "=+-@\t\r".IndexOf(text[0]) >= 0 ? "'" + text : text;
        return safe.IndexOfAny(['"', ',', '\n', '\r']) < 0 ? safe : $"\"{safe.Replace("\"", "\"\"")}\"";
    }
}
