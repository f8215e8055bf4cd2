// Answers end the pause of an operation, also those that come while one of its steps is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentUserClient } from "./support/package.mjs";

const IDS = Array.from({ length: 8 }, (_, number) => `00000000-0000-0000-0000-00000000000${number}`);

/** A `fetch` that answers once every user was asked for: so many ticks of the queue of promises lie between two answers. */
function together(ticks) {
  const waiting = [];
  const answerAll = async () => {
    for (const answer of waiting.splice(0)) {
      answer();
      for (let tick = 0; tick < ticks; tick++) await null;
    }
  };
  return (url) =>
    new Promise((resolve) => {
      const body = JSON.stringify({ "@odata.type": "#microsoft.graph.user", id: IDS.find((id) => url.includes(id)) });
      waiting.push(() => resolve(new Response(body, { headers: { "Content-Type": "application/json" } })));
      if (waiting.length === IDS.length) void answerAll();
    });
}

test("answers that come one shortly after the other are all taken", async (context) => {
  // No timer ends a pause here: an answer does, or nothing.
  context.mock.method(globalThis, "setTimeout", () => 0);
  for (let ticks = 0; ticks < 24; ticks++) {
    const client = new AgentUserClient({ getToken: () => "token", batch: 1, fetch: together(ticks) });
    const codes = [];
    // Reports of people have texts, for which the run waits a moment.
    for await (const report of client.many(IDS.map((user) => ({ operation: "get", user })))) codes.push(report.problem?.code);
    assert.deepEqual(codes, IDS.map(() => "NotAnAgentUser"));
  }
});
