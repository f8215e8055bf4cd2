// A client of a simulated tenant inside this program
// README: begin
import { AgentUserClient } from "agentuser";
import { Simulator } from "agentuser/simulator";

const simulator = await Simulator.start({ tenant: "planted", speed: 60, latencyMs: [0, 5], faults: { perMille: 20, brisk: true } });
const client = new AgentUserClient(simulator);
const { report } = await client.audit({ rules: ["no-sponsor", "leave-date"] });
for (const { rule, found } of report.rules) console.log(`${rule}: ${found} of ${report.agentUsers}`);
// README: end
