// The configuration, what the page asks of whom, and bad days of the network.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { headers, policy } from "../serve/headers.mjs";
import { listed } from "./states.mjs";
import { launch, open, serve, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page with this config.json. */
async function configured(context, config) {
  const { origin } = await serve(context, { config });
  const page = await browser.newPage();
  context.after(() => page.close());
  await page.goto(origin);
  return page;
}

for (const [name, config, said] of [
  ["an unknown member", { client: "x" }, '"client" is not a member of it.'],
  ["an id that is not one", { clientId: "contoso" }, '"clientId" must be an id'],
  ["a cloud that is not one", { cloud: "moon" }, '"cloud" must be global, usgov, usgovdod or china'],
  ["a Graph without https", { graphEndpoint: "http://graph.example" }, '"graphEndpoint" must be an address that begins with https://'],
  ["a simulator elsewhere", { simulator: { endpoint: "https://graph.example", token: "x" } }, '"simulator.endpoint" must be the address of a simulator on this computer'],
]) {
  test(`a configuration with ${name} is refused with its name`, async (context) => {
    const page = await configured(context, config);
    await page.getByText(said).waitFor();
  });
}

test("a configured page asks to sign in, and has asked nobody else for anything", async (context) => {
  const { origin } = await serve(context, { config: { clientId: "5ea00000-0000-4000-8000-0000000000ad", tenantId: "contoso.com" } });
  const page = await browser.newPage();
  context.after(() => page.close());
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await page.goto(origin);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.deepEqual([...new Set(asked)], [origin]);
});

test("only the page's own server and Graph are asked", async (context) => {
  const graph = await simulator(context, { agentUsers: 30, identities: 40 });
  const { page, origin } = await open(context, browser, graph, { hash: "#/settings" });
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await page.goto(`${origin}/#/users`);
  await listed(page);
  assert.deepEqual(new Set(asked.filter((other) => other !== "null")), new Set([origin, graph.endpoint]));
});

test("the policy allows no inline script and no eval, and Chromium keeps it", async (context) => {
  const text = policy();
  assert.ok(text.startsWith("default-src 'none'; ") && !text.includes("unsafe-inline") && !text.includes("'unsafe-eval'"), text);
  assert.match(text, /connect-src 'self' https:\/\/graph\.microsoft\.com https:\/\/login\.microsoftonline\.com;/);
  assert.equal(headers()["X-Content-Type-Options"], "nosniff");
  const graph = await simulator(context, { agentUsers: 3, identities: 9 });
  const { page } = await open(context, browser, graph);
  await listed(page);
  const refused = await page.evaluate(async () => {
    const script = document.createElement("script");
    const texts = [];
    try {
      script.textContent = "globalThis.ran = true";
      document.head.append(script);
    } catch (error) {
      texts.push(error.name);
    }
    await fetch("https://example.com/").catch((error) => texts.push(error.name));
    return [globalThis.ran, ...texts];
  });
  assert.deepEqual(refused, [undefined, "TypeError", "TypeError"]);
});

test("nginx keeps its table of types, and knows assets in any folder", async () => {
  const text = await readFile(new URL("../serve/hosts/nginx.conf", import.meta.url), "utf8");
  assert.doesNotMatch(text, /^\s*types\b/m);
  assert.match(text, /^location ~ \/assets\/ \{$/m);
});

test("a client that could not be made is made by another try, in the same document", async (context) => {
  const graph = await simulator(context, { agentUsers: 30, identities: 40 });
  const { origin } = await serve(context, { config: { simulator: { endpoint: graph.endpoint, token: graph.token } }, endpoints: [graph.endpoint] });
  const page = await browser.newPage();
  context.after(() => page.close());
  let isBroken = true;
  await page.route("**/*.wasm", (route) => (isBroken ? route.abort() : route.continue()));
  await page.goto(`${origin}/#/create`);
  await page.getByText("This page could not be shown.").waitFor();
  await page.evaluate(() => (globalThis.isFormer = true));
  isBroken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("textbox", { name: "Display name" }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.isFormer), true);
});

test("code of a page that did not load is loaded by another try", async (context) => {
  const graph = await simulator(context, { agentUsers: 30, identities: 40 });
  const { page } = await open(context, browser, graph, { hash: "#/settings" });
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  let isBroken = true;
  await page.route("**/assets/page-*.js", (route) => (isBroken ? route.abort() : route.continue()));
  await page.evaluate(() => (location.hash = "#/create"));
  await page.getByText("This page could not be shown.").waitFor();
  isBroken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("textbox", { name: "Display name" }).waitFor();
});

test("a worker that does not load is told of, and loaded by another try", async (context) => {
  const graph = await simulator(context, { agentUsers: 30, identities: 40 });
  const { page } = await open(context, browser, graph, { hash: "#/settings" });
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  let isBroken = true;
  await page.route("**/assets/worker-*.js", (route) => (isBroken ? route.abort() : route.continue()));
  const tried = async (title, count) => {
    isBroken = true;
    const problem = page.locator(".problem", { hasText: title });
    await problem.getByText("A part of this page did not load.").waitFor();
    isBroken = false;
    await problem.getByRole("button", { name: "Try again" }).click();
    await page.locator(".heading .count", { hasText: count }).waitFor();
  };
  await page.evaluate(() => (location.hash = "#/users"));
  await tried("The list is incomplete.", "30 agent users");
  isBroken = true;
  await page.evaluate(() => (location.hash = "#/demo/users"));
  await tried("The simulated tenant could not be started.", "1,980 agent users");
});

/** A page with the demo, and what makes requests of a kind fail until it is called. */
async function broken(context, pattern) {
  const { origin } = await serve(context, { config: {} });
  const page = await browser.newPage();
  context.after(() => page.close());
  let isBroken = true;
  await page.route(pattern, (route) => (isBroken ? route.abort() : route.continue()));
  await page.goto(`${origin}/#demo`);
  return { page, mend: () => (isBroken = false) };
}

test("code of the demo that did not load is loaded by another try", async (context) => {
  const { page, mend } = await broken(context, "**/assets/demo-*.js");
  await page.getByText("The simulated tenant could not be started.").waitFor();
  mend();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".heading .count", { hasText: "1,980 agent users" }).waitFor();
});

test("the bar of the demo that did not load is loaded by another try, and the page is there meanwhile", async (context) => {
  const { page, mend } = await broken(context, "**/assets/bar-*.js");
  await page.locator(".heading .count", { hasText: "1,980 agent users" }).waitFor();
  await page.locator(".problem").getByText("The bar of the demo could not be shown.").waitFor();
  mend();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("region", { name: "Simulated tenant" }).waitFor();
});

test("a list that Graph throttles says how long it waits, and goes on", async (context) => {
  const throttled = (nth, retryAfterSeconds) => ({ method: "GET", path: "/users/microsoft.graph.agentUser", nth, fault: "throttled", retryAfterSeconds });
  const graph = await simulator(context, { agentUsers: 150, identities: 160, speed: 1, latencyMs: [0, 0], faults: { script: [throttled(1, 9)] } });
  const { page, console } = await open(context, browser, graph);
  await page.getByText(/Microsoft Graph asks to wait: next try in \d sec/).first().waitFor();
  await listed(page);
  assert.match(await page.locator(".count").textContent(), /^150 /);
  assert.deepEqual(console, []);
});

test("rows show as they come, while others are still read", async (context) => {
  const graph = await simulator(context, { agentUsers: 3500, identities: 3510, latencyMs: [0, 0] });
  const { page } = await open(context, browser, graph, { hash: "#/settings" });
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  const held = [];
  let pages = 0;
  // The third page comes once the rows of the others were seen.
  await page.context().route("**/users/microsoft.graph.agentUser?*", (route) => (++pages === 3 ? held.push(route) : route.continue()));
  await page.evaluate(() => (location.hash = "#/users"));
  await page.locator(".count", { hasText: /^Reading… [1-9][\d,]* so far$/ }).waitFor();
  await page.locator(".rows .cell a").first().waitFor();
  await page.getByRole("progressbar").waitFor();
  assert.equal(held.length, 1);
  await held[0].continue();
  await listed(page);
});
