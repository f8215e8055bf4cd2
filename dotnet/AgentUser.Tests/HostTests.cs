using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
// Azure.Core beside this library, as in a service: no name may be ambiguous.
using Azure.Core;
using Xunit;

namespace AgentUsers.Tests;

/// <summary>The habits of .NET's hosts: names beside Azure.Core, substitutes in tests, rosters from anywhere, constants.</summary>
public sealed class HostTests
{
    [Fact]
    public void No_public_name_is_one_of_Azure_Core()
    {
        IEnumerable<string> theirs = typeof(TokenCredential).Assembly.GetExportedTypes().Where(type => type.Namespace is "Azure" or "Azure.Core" or "Azure.Identity").Select(type => type.Name);
        IEnumerable<Type> types = typeof(AgentUserClient).Assembly.GetExportedTypes().Concat(typeof(AgentUserCredential).Assembly.GetExportedTypes());
        IEnumerable<string> ours = types.Select(type => type.Name);
        Assert.Empty(ours.Intersect(theirs));
    }

    [Fact]
    public async Task A_test_of_a_host_has_a_substitute_for_the_client()
    {
        using AgentUserClient client = new Substitute();
        Assert.Equal("Ada", (await client.GetAsync("ada@contoso.com")).DisplayName);
        Assert.Equal(ProvisionOutcome.Changed, (await client.DeleteAsync("ada@contoso.com")).Outcome);
        var error = await Assert.ThrowsAsync<NotSupportedException>(() => client.GetSkusAsync());
        Assert.Equal("This client is a substitute that does not override the method.", error.Message);
    }

    [Fact]
    public void Every_method_of_the_client_can_be_overridden()
    {
        IEnumerable<MethodInfo> methods = typeof(AgentUserClient).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);
        Assert.All(methods.Where(method => method.Name != "Dispose"), method => Assert.True(method is { IsVirtual: true, IsFinal: false }, method.Name));
    }

    [Fact]
    public async Task A_roster_comes_from_bytes_a_stream_a_file_text_and_rows()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Simulation.Roster(2));
            AgentUserRow[] rows = [Simulation.Row(1), Simulation.Row(2)];
            using var stream = new MemoryStream(Simulation.Roster(2));
            foreach (AgentUserRoster roster in new AgentUserRoster[]
            {
                Simulation.Roster(2), stream, new FileInfo(path), rows, rows.ToList(),
                AgentUserRoster.FromFile(path), AgentUserRoster.FromText(Encoding.UTF8.GetString(Simulation.Roster(2))), AgentUserRoster.FromRows(rows.Select(row => row)),
            })
            {
                using Simulation simulation = Simulation.Start();
                using AgentUserClient client = simulation.Client();
                Assert.Equal((2, 0), ((await client.ApplyRosterAsync(roster)).Rows, (await client.PlanRosterAsync(rows)).Count(report => report.Outcome == ProvisionOutcome.Created)));
            }
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Equal(2, AgentUserRules.ValidateRows([Simulation.Row(1), Simulation.Row(2)]).Rows);
        using Simulation missing = Simulation.Start();
        using AgentUserClient none = missing.Client();
        await Assert.ThrowsAsync<FileNotFoundException>(() => none.ApplyRosterAsync(AgentUserRoster.FromFile(path)));
    }

    [Fact]
    public void A_code_is_a_constant_and_is_explained_without_a_server()
    {
        CodeExplanation taken = AgentUserRules.ExplainCode(ProblemCodes.UpnTaken);
        Assert.Equal((ProblemCodes.UpnTaken, ProblemKind.Exists), (taken.Code, taken.Kind));
        Assert.All([taken.Message, taken.Cause!, taken.Fix!], sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
        Assert.Equal(ProblemCodes.SignInSecretWrong, AgentUserRules.ExplainCode("AADSTS7000215").Code);
        foreach (Type table in new[] { typeof(ProblemCodes), typeof(RuleCodes), typeof(RemarkCodes) })
        {
            foreach (FieldInfo constant in table.GetFields())
                Assert.Equal(constant.Name, AgentUserRules.ExplainCode((string)constant.GetRawConstantValue()!).Code);
        }
        var error = Assert.Throws<AgentUserException>(() => AgentUserRules.ExplainCode("UpnTakn"));
        Assert.Equal("There is no code \"UpnTakn\" here. Did you mean UpnTaken?", error.Message);
        Assert.Equal(("AgentUserRules.ExplainCode(\"Invalid\")", null), (error.Problem.See, error.HelpLink));
        Problem documented = AgentUserRules.Explain("createAgentUser", 403, "{}"u8.ToArray());
        Assert.Equal(documented.Documentation, documented.See);
        Assert.Equal(documented.Documentation, new AgentUserException(documented).HelpLink);
    }

#if ASYNC_LISTS
    [Fact]
    public async Task The_reports_of_a_roster_are_enumerated()
    {
        using Simulation simulation = Simulation.Start();
        using AgentUserClient client = simulation.Client();
        RosterRun run = client.ApplyRoster(Simulation.Roster(5));
        Assert.Null(run.Summary);
        var rows = new List<int?>();
        await foreach (ProvisionReport report in run)
            rows.Add(report.Row);
        Assert.Equal([2, 3, 4, 5, 6], rows.Order());
        Assert.Equal((5, 0), (run.Summary!.Rows, run.Summary.Failed));
        await Assert.ThrowsAsync<AgentUserException>(async () => await client.ApplyRoster(AgentUserRoster.FromText("nothing")).GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task Leaving_the_reports_of_a_roster_ends_it_and_a_cancelled_one_reports_every_row()
    {
        using Simulation simulation = Simulation.Start(new AgentUserSimulatorOptions { Identities = 60 });
        using AgentUserClient client = simulation.Client(inFlight: 1, batch: 1);
        RosterRun left = client.ApplyRoster(Simulation.Roster(60));
        await foreach (ProvisionReport _ in left)
            break;
        Assert.Equal(0, client.Running);

        using var stop = new CancellationTokenSource();
        RosterRun cancelled = client.ApplyRoster(Simulation.Roster(60), cancellationToken: stop.Token);
        int reports = 0;
        var error = await Assert.ThrowsAsync<AgentUserCanceledException>(async () =>
        {
            await foreach (ProvisionReport _ in cancelled)
            {
                reports++;
                stop.Cancel();
            }
        });
        Assert.Equal((60, stop.Token), (reports, error.CancellationToken));
        Assert.Same(error.Summary, cancelled.Summary);
    }
#endif

    private sealed class Substitute : AgentUserClient
    {
        public override Task<AgentUser> GetAsync(string user, CancellationToken cancellationToken = default) =>
            Task.FromResult(AgentUserModelFactory.AgentUser($$"""{"id":"{{Guid.NewGuid()}}","userPrincipalName":"{{user}}","displayName":"Ada","accountEnabled":true}"""));

        public override Task<ProvisionReport> DeleteAsync(string user, bool dryRun = false, CancellationToken cancellationToken = default) =>
            Task.FromResult(AgentUserModelFactory.ProvisionReport("""{"outcome":"changed","stage":"done","changes":[]}"""));
    }
}
