import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { AgentUserClient, AgentUserError, folder } from "./support/package.mjs";
import { roster, row, simulator } from "./support/simulator.mjs";

const EXAMPLE = readFileSync(new URL("../../examples/roster.csv", import.meta.url));
const BAD = readFileSync(new URL("../../examples/roster-bad.csv", import.meta.url));

async function connected(context, options, config) {
  const graph = await simulator(context, options);
  return { graph, client: new AgentUserClient({ graphEndpoint: graph.endpoint, getToken: () => graph.token, ...config }) };
}

async function reports(run) {
  const all = [];
  for await (const report of run) all.push(report);
  return all;
}

describe("a roster", () => {
  test("is applied with a report per row and progress, and again changes nothing", async (context) => {
    const { graph, client } = await connected(context);
    const events = [];
    const run = client.applyRoster(EXAMPLE, { onProgress: (event) => events.push(event) });
    const first = await reports(run);
    assert.equal(first.length, 24);
    assert.deepEqual(new Set(first.map(({ outcome }) => outcome)), new Set(["created"]));
    assert.deepEqual(first.map((report) => report.row).sort((a, b) => a - b), Array.from({ length: 24 }, (_, at) => at + 2));
    const { runId, remarks, seats, ...counts } = await run.result;
    assert.deepEqual(counts, { rows: 24, created: 24, changed: 0, unchanged: 0, planned: 0, failed: 0, cancelled: 0 });
    assert.match(runId, /^[0-9a-f]{16}$/);
    assert.deepEqual(remarks.map(({ code }) => code), ["MailboxNotByCreation"]);
    assert.deepEqual(seats.map(({ sku, needed, free }) => [sku, needed, free]), [["AGENT_365", 24, 25], ["AGENT_MESSAGING", 4, 5]]);
    const rows = events.filter(({ event }) => event === "rows");
    assert.deepEqual(rows.at(-1), { event: "rows", done: 24, of: 24, stages: [{ stage: "done", rows: 24 }] });
    assert.ok(events.some(({ event, row: number, stage }) => event === "stage" && number === 2 && stage === "done"));
    const { agentUsersCreated, batches } = await graph.look("stats");
    assert.equal(agentUsersCreated, 24);
    assert.ok(batches > 0, "what rows ask for at the same time goes as one");

    const again = await client.applyRoster(EXAMPLE).result;
    assert.deepEqual([again.rows, again.unchanged], [24, 24]);
    assert.equal((await graph.look("stats")).agentUsersCreated, 24);
  });

  test("is planned, and then only what was chosen is applied", async (context) => {
    const { graph, client } = await connected(context);
    const plan = await reports(client.applyRoster(roster(6), { dryRun: true }));
    assert.deepEqual(new Set(plan.map(({ outcome }) => outcome)), new Set(["planned"]));
    assert.equal((await graph.look("stats")).agentUsersCreated, 0);
    const chosen = await reports(client.applyRoster(new Blob([roster(6)]), { rows: [2, 5] }));
    assert.deepEqual(chosen.map(({ row: number }) => number).sort(), [2, 5]);
    assert.equal((await graph.look("stats")).agentUsersCreated, 2);
  });

  test("with errors says all of them, and sends nothing", async () => {
    const fetch = () => assert.fail("something was sent");
    const client = new AgentUserClient({ getToken: () => "x", fetch });
    const run = client.applyRoster(BAD);
    await assert.rejects(reports(run), (error) => {
      assert.ok(error instanceof AgentUserError);
      assert.equal(error.code, "RosterInvalid");
      assert.ok(error.problem.rowErrors.length > 10);
      assert.ok(error.problem.rowErrors.every(({ code, field, message, fix }) => code && field && message && fix));
      return true;
    });
    await assert.rejects(run.result);
  });
});

describe("cancelling a roster", () => {
  for (const how of ["its signal", "cancel()", "a callback that throws"]) {
    test(`by ${how} leaves a report for every row, and a state that a second run finishes`, async (context) => {
      const { graph, client } = await connected(context, { latencyMs: [5, 15], identities: 40 }, { batch: 1 });
      const controller = new AbortController();
      const reason = new Error("enough");
      const run = client.applyRoster(roster(40), {
        signal: controller.signal,
        onProgress: ({ event, done }) => {
          if (event !== "rows" || done !== 3) return;
          if (how === "its signal") controller.abort(reason);
          else if (how === "cancel()") run.cancel(reason);
          else throw reason;
        },
      });
      const seen = [];
      await assert.rejects(
        async () => {
          for await (const report of run) seen.push(report);
        },
        (error) => {
          assert.deepEqual([error.name, error.code, error.cause], ["AbortError", "Cancelled", reason]);
          assert.equal(error.summary.rows, 40);
          assert.ok(error.summary.cancelled > 0 && error.summary.created >= 3, JSON.stringify(error.summary));
          return true;
        },
      );
      assert.equal(seen.length, 40);
      // A created agent user is reported with its id.
      const { agentUsersCreated } = await graph.look("stats");
      assert.equal(seen.filter(({ id }) => id).length, agentUsersCreated);
      const rest = await client.applyRoster(roster(40)).result;
      assert.equal(rest.failed + rest.cancelled, 0);
      assert.deepEqual((await graph.look("stats")).createdMoreThanOncePerParent, {});
      const { agentUsersCreated: all, batches } = await graph.look("stats");
      assert.deepEqual([all, batches], [40, 0]);
    });
  }

  test("by leaving the loop waits for what is under way", async (context) => {
    const { graph, client } = await connected(context, { latencyMs: [5, 15], identities: 40 }, { batch: 1 });
    const run = client.applyRoster(roster(40));
    for await (const report of run) {
      assert.equal(report.outcome, "created");
      break;
    }
    const writes = await graph.look("writes");
    await assert.rejects(run.result, (error) => error.name === "AbortError" && error.summary.cancelled > 0);
    // The run has ended: nothing more is written.
    assert.deepEqual(await graph.look("writes"), writes);
  });

  test("before it begins sends nothing", async () => {
    const fetch = () => assert.fail("something was sent");
    const client = new AgentUserClient({ getToken: () => "x", fetch });
    const signal = AbortSignal.abort(new Error("never"));
    await assert.rejects(client.applyRoster(roster(2), { signal }).result, (error) => error.name === "AbortError");
    await assert.rejects(client.get("a@contoso.com", { signal }), (error) => error.name === "AbortError");
  });
});

describe("the source of a roster", () => {
  test("is read no further than its limits, also by default", async () => {
    const client = new AgentUserClient({ getToken: () => assert.fail("nothing is asked for") });
    const refusal = async (source, options) => {
      const { code, problem } = await client.applyRoster(source, options).result.catch((error) => error);
      assert.equal(code, "InputTooLarge");
      return problem.field;
    };
    let taken = 0;
    let isLeft = false;
    async function* endless(one) {
      try {
        for (;;) yield ((taken += 1), one);
      } finally {
        isLeft = true;
      }
    }
    assert.equal(await refusal(endless(row(1)), { maxRows: 3 }), "maxRows");
    assert.deepEqual([taken, isLeft], [4, true]);
    taken = 0;
    assert.equal(await refusal(endless(new Uint8Array(10)), { maxBytes: 25 }), "maxBytes");
    assert.equal(taken, 3);
    assert.equal(await refusal(endless(new Uint8Array(2 ** 20)), {}), "maxBytes");
    // In a process of its own: the test runner makes each of 200,000 promises ten times as slow.
    const program = `
      import { AgentUserClient } from ${JSON.stringify(new URL("dist/node.js", folder))};
      const client = new AgentUserClient({ getToken: () => "x" });
      async function* endless() { for (;;) yield {}; }
      await client.applyRoster(endless()).result.catch(({ problem }) => console.log(problem.field));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
    assert.equal(stdout, "maxRows\n");
    let pulled = 0;
    let cancelled = false;
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(((pulled += 1), 10))),
      cancel: () => void (cancelled = true),
    });
    assert.equal(await refusal(stream, { maxBytes: 25 }), "maxBytes");
    assert.ok(cancelled && pulled <= 5, String(pulled));
    assert.equal(await refusal(new Blob(["a".repeat(30)]), { maxBytes: 25 }), "maxBytes");
  });

  test("so are reports and a snapshot", async () => {
    const client = new AgentUserClient({ getToken: () => assert.fail("nothing is asked for") });
    /** A file without an end, and the most that was read of it. */
    const endless = () => {
      const file = new Blob(["x"]);
      file.slice = (from, to) => (assert.equal(from, 0), (file.most = to), new Blob(["x"]));
      return file;
    };
    const [reports, snapshot] = [endless(), endless()];
    await assert.rejects(client.restoreReported(reports).result, ({ code }) => code === "ReportUnreadable");
    await assert.rejects(client.auditSnapshot(snapshot), ({ code }) => code === "SnapshotUnreadable");
    assert.deepEqual([reports.most, snapshot.most], [128 * 2 ** 20 + 1, 512 * 2 ** 20 + 1]);
    const tooLarge = new Uint8Array(128 * 2 ** 20 + 1).fill(0x20);
    await assert.rejects(client.restoreReported(tooLarge).result, ({ message }) => /more than 134217728 bytes/.test(message));
  });

  test("is read in the time for the call and no longer, also where its source never answers", async () => {
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    const never = { getToken: () => assert.fail("nothing is asked for") };
    const patient = new AgentUserClient(never);
    const hasty = new AgentUserClient({ ...never, settings: { operationTimeoutMs: 20 } });
    const slow = new Blob([]);
    slow.slice = () => ({ arrayBuffer: () => new Promise(() => {}) });
    for (const source of [() => silent, () => new ReadableStream({}), () => slow]) {
      for (const result of [patient.planRoster(source(), { timeoutMs: 20 }).result, hasty.applyRoster(source()).result]) {
        const error = await result.catch((error) => error);
        assert.equal(error.code, "DeadlineExceeded");
        assert.match(error.message, /before its input was read/);
        assert.match(error.problem.fix, /timeoutMs/);
      }
    }
    await assert.rejects(patient.planRoster(silent, { timeoutMs: 0.5 }).result, ({ code }) => code === "DeadlineExceeded");
  });

  test("can be cancelled while it is read, also where its source never answers", async () => {
    const client = new AgentUserClient({ getToken: () => assert.fail("nothing is asked for") });
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
    for (const source of [silent, new ReadableStream({})]) {
      const controller = new AbortController();
      const run = client.applyRoster(source, { signal: controller.signal });
      controller.abort("enough");
      const error = await run.result.catch((error) => error);
      assert.deepEqual([error.name, error.cause], ["AbortError", "enough"]);
      assert.ok(!error.message.includes("roster"), error.message);
    }
    const left = client.planRoster(silent);
    left.cancel();
    await assert.rejects(left.result, { name: "AbortError" });
  });

  test("that can't be read to its end fails with the source's error", async () => {
    const client = new AgentUserClient({ getToken: () => assert.fail("nothing is asked for") });
    async function* broken() {
      yield row(1);
      throw new RangeError("the disk is gone");
    }
    await assert.rejects(client.applyRoster(broken()).result, { name: "RangeError", message: "the disk is gone" });
  });

  test("is a stream of bytes, or rows that come one by one", async (context) => {
    const { client } = await connected(context);
    const stream = client.applyRoster(new Blob([roster(2)]).stream());
    assert.deepEqual((await reports(stream)).map(({ outcome }) => outcome), ["created", "created"]);
    const file = Readable.from([roster(2).slice(0, 40), roster(2).slice(40)].map((text) => Buffer.from(text)));
    assert.deepEqual((await reports(client.applyRoster(file))).map(({ outcome }) => outcome), ["unchanged", "unchanged"]);
    async function* rows() {
      yield* JSON.parse(roster(3));
    }
    const outcomes = (await reports(client.applyRoster(rows()))).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes.sort(), ["created", "unchanged", "unchanged"]);
  });
});
