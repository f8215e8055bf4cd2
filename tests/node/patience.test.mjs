// Waits that last as long as Graph's replicas may lag: these tests run on a fast clock.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "./support/fast.mjs";
import { AgentUserClient } from "./support/package.mjs";
import { roster, simulator } from "./support/simulator.mjs";

function client(graph) {
  // On the fast clock, a busy machine takes longer for an answer than the usual time-outs allow.
  const settings = { readTimeoutMs: 86_400_000, requestTimeoutMs: 86_400_000, outageTimeoutMs: 600_000 };
  return new AgentUserClient({ graphEndpoint: graph.endpoint, batch: 1, settings, getToken: () => graph.token });
}

describe("patience", () => {
  test("a server that is gone is a problem of every row that was left", async (context) => {
    const graph = await simulator(context, { latencyMs: [2, 8], identities: 20 });
    const run = client(graph).applyRoster(roster(20));
    const outcomes = [];
    for await (const report of run) {
      if (outcomes.length === 2) await graph.stop();
      outcomes.push(report);
    }
    assert.equal(outcomes.length, 20);
    const failed = outcomes.filter(({ outcome }) => outcome === "failed");
    assert.ok(failed.length > 0);
    for (const { problem } of failed) {
      const expected = ["Unreachable", "ConnectionLost", "OutcomeUnknown", "NotVisibleInTime"];
      assert.ok(expected.includes(problem.code), `${problem.code}: ${problem.message}`);
    }
    assert.equal((await run.result).failed, failed.length);
  });

  test("redirects are not followed, and an answer that can't be seen is lost", async () => {
    const asked = [];
    const answer = (response) => (url, init) => {
      asked.push(init.redirect);
      return Promise.resolve(response());
    };
    for (const response of [
      () => Response.error(),
      () => Object.defineProperty(new Response("{}"), "type", { value: "opaque" }),
    ]) {
      const agents = new AgentUserClient({ getToken: () => "x", fetch: answer(response) });
      const error = await agents.get("a@contoso.com").catch((refused) => refused);
      assert.equal(error.code, "ConnectionLost", error.message);
    }
    assert.ok(asked.length > 2 && asked.every((redirect) => redirect === "error"));
  });
});
