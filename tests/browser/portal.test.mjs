import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { identity, roster, simulator } from "../node/support/simulator.mjs";
import { browser, executable, serve } from "./support/browser.mjs";

const FOLDERS = ["tests/browser", "tests/node", "tests/vectors", "examples/browser"];
const missing = executable === undefined;

test("a browser is here", { skip: missing && process.env.CI !== "true" ? "SKIPPED: no Chromium was found" : false }, () => {
  assert.ok(executable, "no Chromium was found");
});

describe("in a browser", { skip: missing }, () => {
  let chromium;
  let server;
  before(async () => {
    server = await serve(FOLDERS);
    chromium = await browser();
  });
  after(async () => {
    await chromium?.close();
    await server?.stop();
  });

  /** A page of these tests; whatever it throws fails the test. */
  async function opened(context, path = "tests/browser/portal.html") {
    const page = await chromium.newPage({ viewport: { width: 1100, height: 900 } });
    const errors = [];
    page.on("pageerror", (error) => errors.push(error));
    context.after(async () => {
      await page.close();
      assert.deepEqual(errors, []);
    });
    await page.goto(`${server.origin}/${path}`);
    // The module is there once the script that waits for it has run.
    await page.waitForFunction(() => document.readyState === "complete");
    return page;
  }

  async function connected(context, options) {
    const graph = await simulator(context, options);
    const page = await opened(context);
    await page.fill("[name=endpoint]", graph.endpoint);
    await page.fill("[name=token]", graph.token);
    await page.click("#connect button");
    await value(page, "connection", /^connected: .*contoso\.com/);
    return { graph, page };
  }

  /** Waits until an output says so, and gives what it says. */
  async function value(page, id, pattern) {
    const found = await page.waitForFunction(
      ([where, source]) => {
        const text = document.getElementById(where).textContent;
        return new RegExp(source).test(text) && text;
      },
      [id, pattern.source],
      { timeout: 120_000 },
    );
    return found.jsonValue();
  }

  function rows(page) {
    return page.$$eval("#rows tr", (lines) => lines.map((line) => [...line.cells].map(({ textContent }) => textContent)));
  }

  async function apply(page, text) {
    await page.setInputFiles("[name=roster]", { name: "roster.json", mimeType: "text/plain", buffer: Buffer.from(text) });
    await page.click("#many button");
  }

  test("a form is validated while somebody types, and its agent user created", async (context) => {
    const { graph, page } = await connected(context);
    await page.fill("[name=identityParentId]", "not an id");
    assert.match(await page.textContent("#fix"), /id/i);
    await page.fill("[name=identityParentId]", identity(1));
    assert.equal(await page.textContent("#fix"), "");
    await page.fill("[name=displayName]", "Zoë Müller");
    assert.equal(await page.inputValue("[name=userPrincipalName]"), "zoe.muller@contoso.com");
    await page.fill("[name=userPrincipalName]", "zoe%@contoso.com");
    assert.match(await page.textContent("#fix"), /'%'.*not allowed/);
    await page.fill("[name=userPrincipalName]", "zoe@fabrikam.example");
    assert.match(await page.textContent("#fix"), /verified|domain/i);
    await page.fill("[name=userPrincipalName]", "zoe.muller@contoso.com");
    await page.click("#one button");
    assert.match(await value(page, "created", /is there/), /^zoe\.muller@contoso\.com/);
    assert.equal((await graph.look("stats")).agentUsersCreated, 1);
  });

  test("a roster is applied with progress, across origins and without the headers that CORS hides", async (context) => {
    const { graph, page } = await connected(context, {
      faults: {
        script: [
          { method: "GET", path: "/servicePrincipals/", fault: "throttled", retryAfterSeconds: 1 },
          { method: "POST", path: "/users/microsoft.graph.agentUser", nth: 2, fault: "lostAnswer" },
        ],
      },
    });
    await apply(page, readFileSync(new URL("../../examples/roster.csv", import.meta.url)));
    // Chromium itself sends a request again whose connection closed: then the agent user is there when it is asked for.
    assert.match(await value(page, "summary", /rows/), /^24 rows, 2[34] created, 0 failed$/);
    assert.match(await page.textContent("#state"), /^waiting: /);
    assert.deepEqual(await page.$eval("#progress", ({ value: at, max }) => [at, max]), [24, 24]);
    assert.equal((await rows(page)).length, 24);
    if (process.env.AGENTUSER_SCREENSHOTS) await page.screenshot({ path: `${process.env.AGENTUSER_SCREENSHOTS}/roster.png` });
    const stats = await graph.look("stats");
    assert.deepEqual([stats.agentUsersCreated, stats.createdMoreThanOncePerParent], [24, {}]);

    await apply(page, readFileSync(new URL("../../examples/roster.csv", import.meta.url)));
    assert.equal(await value(page, "summary", /rows/), "24 rows, 0 created, 0 failed");
  });

  test("a roster with errors shows them all, and sends nothing", async (context) => {
    const { graph, page } = await connected(context);
    await apply(page, readFileSync(new URL("../../examples/roster-bad.csv", import.meta.url)));
    assert.match(await value(page, "summary", /errors/), /roster has \d+ errors/);
    const shown = await rows(page);
    assert.ok(shown.length > 10 && shown.every(([, , , fix]) => fix), JSON.stringify(shown));
    if (process.env.AGENTUSER_SCREENSHOTS) await page.screenshot({ path: `${process.env.AGENTUSER_SCREENSHOTS}/errors.png` });
    assert.deepEqual(await graph.look("writes"), []);
  });

  test("a roster is cancelled in the middle, and finished by running it again", async (context) => {
    const { graph, page } = await connected(context, { identities: 60, latencyMs: [20, 40] });
    await apply(page, roster(60));
    await page.waitForFunction(() => document.getElementById("progress").value >= 3);
    await page.click("#cancel");
    const summary = await value(page, "summary", /rows/);
    assert.match(summary, /60 rows, \d+ created, [1-9]\d* cancelled/);
    assert.equal((await rows(page)).length, 60);
    if (process.env.AGENTUSER_SCREENSHOTS) await page.screenshot({ path: `${process.env.AGENTUSER_SCREENSHOTS}/cancelled.png` });
    await apply(page, roster(60));
    assert.match(await value(page, "summary", /rows/), /^60 rows, \d+ created, 0 failed$/);
    const stats = await graph.look("stats");
    assert.deepEqual([stats.agentUsersCreated, stats.createdMoreThanOncePerParent], [60, {}]);
  });

  test("the shared cases come to what they come to everywhere", async (context) => {
    const page = await opened(context);
    const files = readdirSync(new URL("../vectors/", import.meta.url)).filter((name) => name.endsWith(".json"));
    const outcomes = await page.evaluate(async (names) => {
      const agentuser = await import("agentuser");
      const { run } = await import("/tests/node/support/vectors.mjs");
      const all = [];
      for (const name of names) {
        const { cases } = await (await fetch(`/tests/vectors/${name}`)).json();
        for (const one of cases) all.push({ name: `${name}: ${one.name}`, ...(await run(agentuser, one)) });
      }
      return all;
    }, files);
    assert.ok(outcomes.length > 80, String(outcomes.length));
    for (const { name, came, expected } of outcomes) assert.deepEqual(came, expected, name);
  });

  test("the module can be loaded later, and from elsewhere", async (context) => {
    const page = await opened(context, "agentuser/package.json");
    const [before, after] = await page.evaluate(async () => {
      const { derive, init } = await import("/agentuser/dist/init.js");
      const name = () => derive("Zoë").mailNickname;
      let before;
      try {
        before = name();
      } catch (error) {
        before = error.message;
      }
      await init(fetch("/agentuser/wasm/agentuser_bg.wasm"));
      return [before, name()];
    });
    assert.match(before, /call init\(\) first/);
    assert.equal(after, "zoe");
  });
});
