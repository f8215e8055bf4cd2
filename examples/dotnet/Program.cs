// Applies a roster: dotnet run -- ENDPOINT TOKEN ROSTER
// README: begin
using AgentUsers;

using var client = new AgentUserClient(new AgentUserClientOptions
{
    GraphEndpoint = new Uri(args[0]),
    TokenProvider = (request, cancellationToken) => Task.FromResult(new GraphToken(args[1])),
});
byte[] roster = File.ReadAllBytes(args[2]);
RosterSummary summary = await client.ApplyRosterAsync(roster, onReport: report =>
    Console.WriteLine($"row {report.Row} {report.UserPrincipalName} {report.Outcome.ToString().ToLowerInvariant()}"));
Console.WriteLine($"{summary.Rows} rows, {summary.Failed} failed");
// README: end
return summary.Failed == 0 ? 0 : 1;
