// Applies a roster: dotnet run -- ENDPOINT TOKEN ROSTER
// README: begin
using AgentUsers;

using var client = new AgentUserClient(new AgentUserClientOptions
{
    GraphEndpoint = new Uri(args[0]),
    TokenProvider = (request, cancellationToken) => Task.FromResult(new GraphToken(args[1])),
});
RosterRun run = client.ApplyRoster(AgentUserRoster.FromFile(args[2]));
await foreach (ProvisionReport report in run)
    Console.WriteLine($"row {report.Row} {report.UserPrincipalName} {report.Outcome.ToString().ToLowerInvariant()}");
Console.WriteLine($"{run.Summary!.Rows} rows, {run.Summary.Failed} failed");
// README: end
return run.Summary.Failed == 0 ? 0 : 1;
