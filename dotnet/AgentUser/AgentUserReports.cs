using System;
using System.Collections.Generic;
using System.Linq;

namespace AgentUsers;

/// <summary>The form of a report that is text.</summary>
public enum ReportFormat
{
    /// <summary>The records themselves.</summary>
    Json,

    /// <summary>Comma-separated values (RFC 4180).</summary>
    Csv,

    /// <summary>One web page without scripts.</summary>
    Html,

    /// <summary>SARIF 2.1.0, of findings alone.</summary>
    Sarif,

    /// <summary>JUnit's XML, of findings alone.</summary>
    Junit,
}

/// <summary>The options of a report. A member that is null is as the records have it.</summary>
public sealed class ReportOptions
{
    /// <summary>The tenant.</summary>
    public string? TenantId { get; set; }

    /// <summary>The account that read the tenant.</summary>
    public string? Author { get; set; }

    /// <summary>When the tenant was read.</summary>
    public DateTimeOffset? MadeAt { get; set; }

    /// <summary>How long that took.</summary>
    public TimeSpan? Took { get; set; }

    /// <summary>Whether pages and workbooks lead into the Entra portal of the global cloud.</summary>
    public bool Links { get; set; } = true;

    /// <summary>The columns of a list of agent users, by Graph's names of members; those of a roster first, unless given.</summary>
    public IReadOnlyList<string>? Columns { get; set; }

    /// <summary>In CSV of a list: whether an apostrophe stands before what a spreadsheet would take for a formula.</summary>
    public bool FormulaSafe { get; set; }

    /// <summary>The name and the text of the file in whose lines SARIF and JUnit locate findings, such as the roster.</summary>
    public (string Uri, string Text)? LocatedIn { get; set; }

    internal JsonValue ToJson(string of, string format) => JsonValue.ObjectOf(
        ("of", of),
        ("format", format),
        ("tenantId", OperationJson.Optional(TenantId)),
        ("author", OperationJson.Optional(Author)),
        ("madeAt", OperationJson.Optional(MadeAt?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture))),
        ("tookMs", Took is { } took ? (long)took.TotalMilliseconds : null),
        ("links", Links),
        ("columns", OperationJson.Optional(Columns)),
        ("formulaSafe", FormulaSafe),
        ("locatedIn", LocatedIn is { } file ? JsonValue.ObjectOf(("uri", file.Uri), ("text", file.Text)) : null));
}

/// <summary>Writes reports of findings and of lists, without a server.</summary>
public static unsafe class AgentUserReports
{
    /// <summary>Writes the findings of an audit.</summary>
    /// <param name="audit">The report of the audit: the JSON that the operation <c>audit</c> ends with, as UTF-8.</param>
    /// <param name="format">The form.</param>
    /// <param name="options">The options.</param>
    /// <returns>The report.</returns>
    /// <exception cref="AgentUserException">The JSON is not the report of an audit.</exception>
    public static string RenderFindings(byte[] audit, ReportFormat format, ReportOptions? options = null) =>
        Text("findings", audit, format, options);

    /// <summary>Writes the findings of an audit.</summary>
    /// <param name="audit">The report of the audit.</param>
    /// <param name="format">The form.</param>
    /// <param name="options">The options.</param>
    /// <returns>The report.</returns>
    public static string RenderFindings(AgentAudit audit, ReportFormat format, ReportOptions? options = null) =>
        Text("findings", Utf8(audit), format, options);

    /// <summary>Writes agent users.</summary>
    /// <param name="agentUsers">The agent users.</param>
    /// <param name="format">The form.</param>
    /// <param name="options">The options.</param>
    /// <returns>The report.</returns>
    /// <exception cref="AgentUserException">Lists have no such form.</exception>
    public static string RenderAgentUsers(IEnumerable<AgentUser> agentUsers, ReportFormat format, ReportOptions? options = null) =>
        Text("agentUsers", Utf8(agentUsers), format, options);

    /// <summary>Writes the findings of an audit as a workbook of Excel's.</summary>
    /// <param name="audit">The report of the audit: the JSON that the operation <c>audit</c> ends with, as UTF-8.</param>
    /// <param name="options">The options.</param>
    /// <returns>The bytes of the workbook.</returns>
    /// <exception cref="AgentUserException">The JSON is not the report of an audit.</exception>
    public static byte[] FindingsWorkbook(byte[] audit, ReportOptions? options = null) => Workbook("findings", audit, options);

    /// <summary>Writes the findings of an audit as a workbook of Excel's.</summary>
    /// <param name="audit">The report of the audit.</param>
    /// <param name="options">The options.</param>
    /// <returns>The bytes of the workbook.</returns>
    public static byte[] FindingsWorkbook(AgentAudit audit, ReportOptions? options = null) => Workbook("findings", Utf8(audit), options);

    /// <summary>Writes agent users as a workbook of Excel's.</summary>
    /// <param name="agentUsers">The agent users.</param>
    /// <param name="options">The options.</param>
    /// <returns>The bytes of the workbook.</returns>
    public static byte[] AgentUsersWorkbook(IEnumerable<AgentUser> agentUsers, ReportOptions? options = null) =>
        Workbook("agentUsers", Utf8(agentUsers), options);

    private static string Text(string of, byte[] records, ReportFormat format, ReportOptions? options)
    {
        using NativeResult result = Render(of, records, format.ToString().ToLowerInvariant(), options);
        return JsonValue.Parse(result.Json())["text"]?.AsString() ?? "";
    }

    private static byte[] Workbook(string of, byte[] records, ReportOptions? options)
    {
        using NativeResult result = Render(of, records, "xlsx", options);
        return result.Body() ?? [];
    }

    private static NativeResult Render(string of, byte[] records, string format, ReportOptions? options)
    {
        if (records is null)
            throw new ArgumentNullException(nameof(records));
        return NativeCalls.Take(NativeFunctions.Instance.RenderReport, (options ?? new ReportOptions()).ToJson(of, format), records);
    }

    private static byte[] Utf8(AgentAudit audit)
    {
        if (audit is null)
            throw new ArgumentNullException(nameof(audit));
        return JsonWriter.ToUtf8(audit.ToJson());
    }

    private static byte[] Utf8(IEnumerable<AgentUser> agentUsers)
    {
        if (agentUsers is null)
            throw new ArgumentNullException(nameof(agentUsers));
        return JsonWriter.ToUtf8(JsonValue.Array(agentUsers.Select(user => user.ToJsonValue())).ToString());
    }
}
