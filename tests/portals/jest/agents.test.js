const { AgentUserClient, derive, validate } = require("agentuser");
const { Simulator } = require("agentuser/simulator");

test("the agent users of a simulated tenant", async () => {
  const simulator = await Simulator.start({ agentUsers: 3, latencyMs: [0, 0] });
  const users = await new AgentUserClient(simulator).list().toArray();
  expect(users).toHaveLength(3);
});

test("the functions that do not wait", () => {
  expect(derive("Zoë").mailNickname).toBe("zoe");
  const { violations } = validate({ displayName: "" });
  expect(violations.map(({ field }) => field)).toContain("displayName");
});
