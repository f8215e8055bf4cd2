// The main job of each page in bad weather, and in the demo.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { JOBS } from "./jobs.mjs";
import { launch, open, serve, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

// The demo's person, too: one who sponsors a few agent users.
const TOKEN = "sponsor";
const TENANT = { tenant: "planted", seed: 17, tokens: [{ token: TOKEN, user: "human3@contoso.com" }] };
/** A slow line, as Chromium makes one: milliseconds, and bytes in a second. It leaves out requests of workers, which Graph answers late. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 400_000, uploadThroughput: 200_000 };
/** The first requests of each method are throttled. */
const STORM = ["GET", "POST", "PATCH", "DELETE"].map((method) => ({ method, path: "/", times: 3, fault: "throttled", retryAfterSeconds: 1 }));

const others = (console) => console.filter((line) => !line.startsWith("Failed to load resource"));

/** The tenant. Like in the demo, what was changed is seen at once. */
async function planted(context, options) {
  const graph = await simulator(context, { ...TENANT, ...options });
  await graph.order({ order: "network", body: { lagMs: 0 } });
  return { ...graph, token: TOKEN };
}

/** Does a job. Where that fails, the error has what the page shows. */
async function doneBy(page, act) {
  try {
    await act(page);
  } catch (error) {
    error.message += `\nThe page shows: ${await page.locator("body").innerText()}`;
    throw error;
  }
}

/** Looks at the simulator: the job is done. */
async function done(graph, isDone) {
  assert.ok(isDone((await graph.look("state")).users, await graph.look("writes")), "the job is not done");
  assert.deepEqual((await graph.look("stats")).createdMoreThanOncePerParent, {});
}

describe("on a slow network", { concurrency: 2 }, () => {
  for (const { name, place, act, isDone } of JOBS) {
    test(name, async (context) => {
      const graph = await planted(context, { speed: 1, latencyMs: [100, 300] });
      const { page, console } = await open(context, browser, graph, { hash: "#/nowhere" });
      // The line becomes slow while no request is under way.
      await page.waitForLoadState("networkidle");
      const protocol = await page.context().newCDPSession(page);
      await protocol.send("Network.emulateNetworkConditions", SLOW);
      await page.evaluate((hash) => (location.hash = hash), `#/${place}`);
      await doneBy(page, act);
      await done(graph, isDone);
      assert.deepEqual(console, []);
    });
  }
});

describe("in a storm of 429", { concurrency: 2 }, () => {
  for (const { name, place, act, isDone } of JOBS) {
    test(name, async (context) => {
      const graph = await planted(context, { faults: { script: STORM } });
      const { page, console } = await open(context, browser, graph, { hash: `#/${place}` });
      await doneBy(page, act);
      await done(graph, isDone);
      assert.ok((await graph.look("stats")).faults.Throttled > 0, "nothing was throttled");
      assert.deepEqual(others(console), []);
    });
  }
});

describe("in the demo", { concurrency: 2 }, () => {
  for (const { name, place, act } of JOBS) {
    test(name, async (context) => {
      const { origin } = await serve(context, {});
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "en-US", reducedMotion: "reduce" });
      context.after(() => page.close());
      const messages = [];
      page.on("console", (message) => messages.push(message.text()));
      page.on("pageerror", (error) => messages.push(String(error)));
      await page.goto(`${origin}/#/demo/${place}`);
      await page.getByRole("region", { name: "Simulated tenant" }).waitFor();
      await doneBy(page, act);
      assert.deepEqual(messages, []);
    });
  }
});
