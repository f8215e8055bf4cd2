// The parts of the package that a page loads: each when it is needed and not before.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { simulator } from "../node/support/simulator.mjs";
import { open } from "./support.mjs";

let browser;
// The example's page, which `open` shows first, may still ask for the package when the listener begins.
let asked = [];
before(async () => {
  browser = await open();
  browser.page.on("request", (request) => {
    const [, file] = /\/dist\/(.+\.(?:wasm|json))$/.exec(request.url()) ?? [];
    if (file !== undefined) asked.push(file);
  });
});
after(() => browser.close());
beforeEach(async () => {
  // A page without the package: the example's own import loads all of it.
  await browser.page.goto(`${browser.origin}/agentuser/package.json`);
  asked = [];
});

/** Calls a function of the page with the package and a client of a tenant. */
async function inPage(context, run) {
  const { endpoint, token } = await simulator(context, { latencyMs: [0, 0], agentUsers: 3 });
  return browser.page.evaluate(
    async ([code, graphEndpoint, token]) => {
      const agentuser = await import("/agentuser/dist/index.js");
      const client = new agentuser.AgentUserClient({ graphEndpoint, getToken: () => token });
      const failed = ({ message, problem }) => ({ ...problem, message });
      return (0, eval)(`(${code})`)({ ...agentuser, client, failed });
    },
    [String(run), endpoint, token],
  );
}

test("listing and showing one takes the first module alone", async (context) => {
  const shown = await inPage(context, async ({ client }) => {
    const [first] = await client.list().toArray();
    await Promise.all([client.skus(), client.listDeleted().toArray()]);
    return (await client.get(first.id)).id === first.id;
  });
  assert.ok(shown);
  assert.deepEqual(asked, ["agentuser_bg.wasm"]);
});

test("the first other operation loads the second module, once", async (context) => {
  await inPage(context, async ({ client }) => {
    const [{ id }] = await client.list().toArray();
    await Promise.all([client.groups(id), client.sponsors(id)]);
    await client.manager(id);
  });
  assert.deepEqual(asked, ["agentuser_bg.wasm", "agentuser_second.wasm"]);
});

test("functions that do not wait say what to await, and answer after it", async (context) => {
  const [before, after] = await inPage(context, async ({ derive, initAll }) => {
    const name = () => derive("Zoë").mailNickname;
    const before = await Promise.resolve().then(name).catch(({ message }) => message);
    await initAll();
    return [before, name()];
  });
  assert.match(before, /Await initAll\(\) first/);
  assert.equal(after, "zoe");
});

test("a second module that is not there is an error with a fix, and is tried again", async (context) => {
  const { page } = browser;
  const answers = [(route) => route.fulfill({ status: 404 }), (route) => route.abort(), (route) => route.continue()];
  await page.route("**/agentuser_second.wasm", (route) => answers.shift()(route));
  context.after(() => page.unroute("**/agentuser_second.wasm"));
  const said = await inPage(context, async ({ client, failed }) => {
    const [{ id }] = await client.list().toArray();
    const groups = () => client.groups(id).then(Array.isArray, failed);
    return [await groups(), await groups(), await groups()];
  });
  for (const { code, field, fix } of said.slice(0, 2)) {
    assert.deepEqual([code, field], ["Unreachable", "second"]);
    assert.match(fix, /Content-Security-Policy/);
  }
  assert.equal(said[2], true);
});

test("the first error loads the texts; without them, the code and Graph's words are shown", async (context) => {
  const { page } = browser;
  const answers = [(route) => route.abort(), (route) => route.continue()];
  await page.route("**/texts.json", (route) => answers.shift()(route));
  context.after(() => page.unroute("**/texts.json"));
  const [bare, whole] = await inPage(context, async ({ client, failed }) => {
    const get = () => client.get("00000000-0000-0000-0000-00000000dead").catch(failed);
    return [await get(), await get()];
  });
  assert.deepEqual(asked, ["agentuser_bg.wasm", "texts.json", "texts.json"]);
  assert.equal(bare.code, "NotFound");
  assert.ok(bare.message.endsWith(bare.graphMessage), bare.message);
  assert.equal(bare.cause, "The texts of problems could not be loaded.");
  assert.equal(whole.code, "NotFound");
  assert.ok(!/could not be loaded|errors\.md/.test(whole.cause + whole.fix), JSON.stringify(whole));
});

test("an error of the first module's rules has what the second module proposes", async (context) => {
  const { violations } = await inPage(context, async ({ client, failed }) => client.get("zoë agent@contoso.com").catch(failed));
  assert.match(violations.map(({ fix }) => fix).join(" "), /zoe\.agent@contoso\.com/);
});
