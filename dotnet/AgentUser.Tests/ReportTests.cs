using System;
using System.IO;
using System.IO.Compression;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>Reports of lists and of findings, as text and as workbooks.</summary>
public sealed class ReportTests
{
    private const string Findings = """
        {"kind":"agentuserAudit","version":1,"tenantId":"7e9a0000-0000-4000-8000-000000000001","rules":[],"findings":[
        {"rule":"no-sponsor","severity":"high","state":"found","subject":{"kind":"agentUser","id":"x","name":"ada@contoso.com"},"message":"=1+1"}]}
        """;

    [Fact]
    public async Task A_list_is_written_as_text_and_as_a_workbook()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = simulation.Client();
        AgentUser user = await client.GetAsync("first.agent@contoso.com");
        var options = new ReportOptions { Columns = ["userPrincipalName", "accountEnabled"], MadeAt = DateTimeOffset.UnixEpoch, Took = TimeSpan.FromSeconds(61) };
        Assert.Equal("userPrincipalName,accountEnabled\r\nfirst.agent@contoso.com,true\r\n", AgentUserReports.RenderAgentUsers([user], ReportFormat.Csv, options));
        string page = AgentUserReports.RenderAgentUsers([user], ReportFormat.Html, options);
        Assert.Contains("<dt>Made at<dd>1970-01-01 00:00:00 UTC<dt>Took<dd>1 min 1 s", page, StringComparison.Ordinal);
        Assert.Contains("first.agent@contoso.com", Part(AgentUserReports.AgentUsersWorkbook([user], options), "xl/worksheets/sheet2.xml"), StringComparison.Ordinal);
        var error = Assert.Throws<AgentUserException>(() => AgentUserReports.RenderAgentUsers([user], ReportFormat.Sarif));
        Assert.Equal("A list of agent users has no form in sarif.", error.Problem.Message);
    }

    [Fact]
    public void Findings_are_written_and_another_file_is_refused()
    {
        byte[] audit = Encoding.UTF8.GetBytes(Findings);
        var options = new ReportOptions { LocatedIn = ("roster.csv", "userPrincipalName\nada@contoso.com\n") };
        Assert.Contains("line=\"2\"", AgentUserReports.RenderFindings(audit, ReportFormat.Junit, options), StringComparison.Ordinal);
        Assert.Contains(",'=1+1,", AgentUserReports.RenderFindings(audit, ReportFormat.Csv), StringComparison.Ordinal);
        Assert.Contains(">=1+1</t>", Part(AgentUserReports.FindingsWorkbook(audit), "xl/worksheets/sheet4.xml"), StringComparison.Ordinal);
        var error = Assert.Throws<AgentUserException>(() => AgentUserReports.FindingsWorkbook("{}"u8.ToArray()));
        Assert.Equal(ProblemCodes.FindingsUnreadable, error.Problem.Code);
    }

    private static string Part(byte[] workbook, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(workbook));
        using var reader = new StreamReader(archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
