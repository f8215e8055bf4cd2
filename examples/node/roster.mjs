// Applies a roster: node roster.mjs ENDPOINT TOKEN ROSTER
// README: begin
import { readFileSync } from "node:fs";
import { AgentUserClient } from "agentuser";

const [graphEndpoint, token, roster] = process.argv.slice(2);
const client = new AgentUserClient({ graphEndpoint, getToken: () => token });
const rows = client.applyRoster(readFileSync(roster));
for await (const { row, userPrincipalName, outcome } of rows) {
  console.log(`row ${row} ${userPrincipalName} ${outcome}`);
}
const summary = await rows.result;
console.log(`${summary.rows} rows, ${summary.failed} failed`);
// README: end
process.exitCode = summary.failed === 0 ? 0 : 1;
