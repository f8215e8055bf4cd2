import { expect, test } from "vitest";
import { AgentUserClient } from "agentuser";
import { Simulator } from "agentuser/simulator";

test("the agent users of a simulated tenant", async () => {
  const simulator = await Simulator.start({ agentUsers: 3, latencyMs: [0, 0] });
  const users = await new AgentUserClient(simulator).list().toArray();
  expect(users).toHaveLength(3);
});
