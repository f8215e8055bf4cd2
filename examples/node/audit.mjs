// Audits a tenant, and looks at an agent user before it is retired: node audit.mjs ENDPOINT TOKEN USER
import { AgentUserClient } from "agentuser";

const [graphEndpoint, token, user] = process.argv.slice(2);
const client = new AgentUserClient({ graphEndpoint, getToken: () => token });
const { report } = await client.audit({ severity: "high" });
for (const { rule, state, subject } of report.findings) {
  console.log(`${rule} ${state} ${subject.name}`);
}
const { roles } = await client.access(user);
for (const { access, source } of roles.known ?? []) {
  console.log(`role ${access.displayName} ${source.kind}`);
}
const { changes } = await client.retire(user, { dryRun: true });
for (const { change } of changes) {
  console.log(`would ${change}`);
}
