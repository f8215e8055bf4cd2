// The built package on an admin page: another origin than Graph's, which sees the headers that Graph exposes.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import { flows } from "../node/support/flow_files.mjs";
import { identity, roster, row, simulator } from "../node/support/simulator.mjs";
import { apply, open, path, said } from "./support.mjs";

let browser;
before(async () => {
  browser = await open();
  await browser.page.exposeFunction("simulator", (name, argument) => browser.graph[name](argument));
});
after(() => browser.close());
beforeEach(async () => {
  await browser.page.reload();
  // The page's own script waits for all of the package.
  await browser.page.evaluate(async () => void (await import("agentuser/all")));
  browser.errors.length = 0;
});

/** A roster as a file for the file input. */
function file(text) {
  return { name: "roster.json", mimeType: "application/json", buffer: Buffer.from(text) };
}

describe("a page", () => {
  test("checks a name as it is typed", async () => {
    const { page } = browser;
    await page.fill("#upn", "sales agent@contoso.com");
    assert.match(await page.textContent("#hint"), /contains ' '.*Use only/);
    assert.equal(await page.getAttribute("#upn", "aria-invalid"), "true");
    await page.fill("#upn", "sales.agent@contoso.com");
    assert.equal(await page.textContent("#hint"), "");
    assert.equal(await page.getAttribute("#upn", "aria-invalid"), "false");
    assert.deepEqual(browser.errors, []);
  });

  test("applies a roster with progress, and again changes nothing", async (context) => {
    const graph = await simulator(context, { faults: { perMille: 50, brisk: true }, seed: 3 });
    const { page } = browser;
    await apply(page, graph.endpoint, graph.token, path("examples/roster.csv"));
    const lines = await said(page);
    assert.equal(lines.at(-1), "24 rows, 0 failed");
    // A browser repeats a request by itself when its connection broke: such a row may say `unchanged`.
    assert.equal(lines.filter((line) => /^row \d+ \S+ (created|changed|unchanged)$/.test(line)).length, 24);
    assert.deepEqual(await page.evaluate(() => [bar.value, bar.max]), [24, 24]);
    const stats = await graph.look("stats");
    assert.equal(stats.agentUsersCreated, 24);
    assert.deepEqual(stats.createdMoreThanOncePerParent, {});
    assert.ok(Object.keys(stats.faults).length > 0, "nothing went wrong on the way");
    await page.evaluate(() => delete document.body.dataset.ended);
    await page.click("#apply");
    assert.equal((await said(page)).filter((line) => line.endsWith(" unchanged")).length, 24);
    assert.deepEqual(browser.errors, []);
  });

  test("shows how long Graph asks to wait, and cancels while it waits", async (context) => {
    const throttled = (nth) => ({ method: "GET", path: "/organization", nth, fault: "throttled", retryAfterSeconds: 300 });
    const script = Array.from({ length: 20 }, (_, index) => throttled(index + 1));
    const graph = await simulator(context, { speed: 1, faults: { script } });
    const { page } = browser;
    await apply(page, graph.endpoint, graph.token, file(roster(3)));
    await page.waitForFunction(() => /^Graph asks to wait (299|300) s\.$/.test(waiting.textContent));
    await page.click("#cancel");
    const lines = await said(page);
    assert.match(lines.at(-1), /^AbortError|^Cancelled/);
    assert.equal((await graph.look("stats")).agentUsersCreated, 0);
  });

  test("cancels in the middle, and the same again finishes the rest", async (context) => {
    // Batches finish many rows at a time: a row that has to wait is still under way at the cancellation.
    const script = [
      { method: "GET", path: `/servicePrincipals/${identity(60)}`, fault: "throttled", retryAfterSeconds: 300 },
    ];
    const graph = await simulator(context, { identities: 60, latencyMs: [20, 40], speed: 1, faults: { script } });
    const { page } = browser;
    await apply(page, graph.endpoint, graph.token, file(roster(60)));
    await page.waitForFunction(() => bar.max === 60 && bar.value >= 3);
    await page.click("#cancel");
    const lines = await said(page);
    assert.ok(lines.some((line) => line.endsWith(" created")) && lines.some((line) => line.endsWith(" cancelled")), lines);
    assert.match(lines.at(-1), /^Cancelled: /);
    await page.evaluate(() => delete document.body.dataset.ended);
    await page.click("#apply");
    assert.equal((await said(page)).at(-1), "60 rows, 0 failed");
    const stats = await graph.look("stats");
    assert.deepEqual([stats.agentUsersCreated, stats.createdMoreThanOncePerParent], [60, {}]);
  });

  test("says every error of a roster before anything is written", async (context) => {
    const graph = await simulator(context);
    await apply(browser.page, graph.endpoint, graph.token, path("examples/roster-bad.csv"));
    assert.match((await said(browser.page)).at(-1), /^RosterInvalid: The roster has \d+ errors/);
    assert.equal((await graph.look("stats")).writes, 0);
  });
});

test("the modules can be loaded later, and from elsewhere", async () => {
  const { page, origin } = browser;
  // A page without the package: its own import would load the module.
  await page.goto(`${origin}/agentuser/package.json`);
  const said = await page.evaluate(async () => {
    const { derive, init, initAll } = await import("/agentuser/dist/init.js");
    const name = () => derive("Zoë").mailNickname;
    const before = await Promise.resolve().then(name).catch(({ message }) => message);
    await init(fetch("/agentuser/dist/agentuser_bg.wasm"));
    await initAll({ second: fetch("/agentuser/dist/agentuser_second.wasm"), texts: fetch("/agentuser/dist/texts.json") });
    return [before, name()];
  });
  await page.goto(`${origin}/examples/roster.html`);
  assert.match(said[0], /call init\(\) first/);
  assert.equal(said[1], "zoe");
});

describe("the shared cases", () => {
  const folder = new URL("../vectors/", import.meta.url);
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    test(name, async () => {
      const all = JSON.parse(readFileSync(new URL(name, folder), "utf8")).cases;
      const cases = all.filter((one) => one.notIn?.npm === undefined);
      const came = await browser.page.evaluate(async (cases) => {
        const agentuser = await import("agentuser/all");
        const { run } = await import("/tests/node/support/vectors.mjs");
        return Promise.all(cases.map((one) => run(agentuser, one)));
      }, cases);
      came.forEach(({ came, expected }, at) => assert.deepEqual(came, expected, cases[at].name));
    });
  }
});

describe("flows", () => {
  for (const [name, flow] of flows("browser")) {
    test(`${name}: ${flow.title}`, async (context) => {
      const graph = await simulator(context, { token: "admin", latencyMs: [0, 0], speed: 1, ...flow.simulator });
      // A page may not look into the simulator or change it: Node does.
      browser.graph = graph;
      await browser.page.evaluate(async ([flow, endpoint, token]) => {
        const agentuser = await import("agentuser/all");
        const { play } = await import("/tests/node/support/flows.mjs");
        const call = (name) => (argument) => window.simulator(name, argument);
        const acts = { revoke: call("revoke"), order: call("order"), stop: call("stop") };
        await play(agentuser, flow, { endpoint, token, look: call("look"), ...acts });
      }, [flow, graph.endpoint, graph.token]);
      assert.deepEqual(browser.errors, []);
    });
  }
});
