// Applies a roster: node roster.mjs ENDPOINT TOKEN ROSTER
// Where the package is installed, it is imported from "agentuser".
import { AgentUserClient } from "../../crates/wasm/npm/dist/node.js";
// README: begin
import { readFileSync } from "node:fs";

const [endpoint, token, roster] = process.argv.slice(2);
const client = new AgentUserClient({ root: endpoint, getToken: () => token });
const run = client.applyRoster(readFileSync(roster));
for await (const { row, userPrincipalName, outcome } of run) console.log("row", row, userPrincipalName, outcome);
const { rows, failed } = await run.result;
console.log(`${rows} rows, ${failed} failed`);
// README: end
process.exitCode = failed === 0 ? 0 : 1;
