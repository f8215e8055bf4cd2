// The flows of tests/flows, which every binding plays.
import { describe, test } from "node:test";
import { flows } from "./support/flow_files.mjs";
import { play } from "./support/flows.mjs";
import * as agentuser from "./support/package.mjs";
import { simulator } from "./support/simulator.mjs";

describe("flows", () => {
  for (const [name, flow] of flows("node")) {
    test(`${name}: ${flow.title}`, async (context) => {
      const graph = await simulator(context, { token: "admin", latencyMs: [0, 0], speed: 1, ...flow.simulator });
      await play(agentuser, flow, graph);
    });
  }
});
