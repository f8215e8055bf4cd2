// The demo: a tenant that is simulated inside the page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listed } from "./states.mjs";
import { faults, launch, open, serve, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page with this configuration, at this address. */
async function visit(test, config, hash) {
  const { origin } = await serve(test, { config });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", reducedMotion: "reduce" });
  test.after(() => context.close());
  const page = await context.newPage();
  const messages = [];
  const requests = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`${origin}/${hash}`);
  return { page, origin, console: messages, requests };
}

const bar = (page) => page.getByRole("region", { name: "Simulated tenant" });
const counts = (page, text) => page.locator(".heading .count", { hasText: new RegExp(`^${text}$`) }).waitFor();
/** The sentence about the requests, with numbers as numbers. */
const numbers = async (page) => (await page.locator(".demo-counts").innerText()).match(/\d[\d,]*/g).map((text) => Number(text.replaceAll(",", "")));

test("a page without a configuration is a demo, and nothing leaves it", async (context) => {
  const { page, origin, console, requests } = await visit(context, {}, "");
  await counts(page, "1,980 agent users");
  assert.equal(await page.evaluate(() => location.hash), "#/demo/");
  await bar(page).getByText("Nothing leaves your browser").waitFor();
  // Links stay in the demo.
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  assert.equal(await page.evaluate(() => location.hash), "#/demo/settings");
  await bar(page).waitFor();
  assert.deepEqual(requests.filter((url) => !url.startsWith(origin)), []);
  assert.deepEqual(console, []);
});

test("a change is made in the demo", async (context) => {
  const { page, console } = await visit(context, {}, "#demo");
  await counts(page, "1,980 agent users");
  await page.getByRole("searchbox").fill("agent1777@");
  await counts(page, "1 of 1,980");
  await page.getByRole("checkbox", { name: "Select all" }).check();
  await page.getByRole("button", { name: "Disable" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Show the changes" }).click();
  await dialog.getByRole("button", { name: "Make 1 change" }).click();
  await dialog.getByText("The changes are made.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.locator(".rows .status.disabled").waitFor();
  assert.deepEqual(console, []);
});

test("its network and its clock are changed while it runs", async (context) => {
  const { page, console } = await visit(context, {}, "#demo");
  await counts(page, "1,980 agent users");
  const control = page.getByRole("button", { name: "Network and clock" });
  assert.equal(await control.getAttribute("aria-expanded"), "false");
  await control.click();
  const clock = () => page.locator(".demo-clock").innerText();
  const before = Date.parse(await clock());
  await page.getByRole("button", { name: "A day later" }).click();
  await page.waitForFunction((was) => Date.parse(document.querySelector(".demo-clock").textContent) >= was + 86_340_000, before);
  await page.getByRole("button", { name: "Throttle the next 4" }).click();
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.waitForFunction(() => /throttled 4,/.test(document.querySelector(".demo-counts").textContent));
  // The waits double, and the list still comes to its end while one looks.
  await counts(page, "1,980 agent users");
  await page.getByRole("combobox", { name: "Requests that go wrong" }).selectOption("300");
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.waitForFunction(() => !document.querySelector(".demo-counts").textContent.includes("failed otherwise 0."));
  const [requests, , throttled, broken] = await numbers(page);
  assert.ok(throttled >= 4 && broken > 0 && requests >= throttled + broken, `${requests} requests, ${throttled} throttled, ${broken} broken`);
  assert.deepEqual(console, []);
});

test("a page with an app registration goes to the demo and back to its sign-in", async (context) => {
  const config = { clientId: "5ea00000-0000-4000-8000-000000000001", tenantId: "contoso.com" };
  const { page, console, requests } = await visit(context, config, "#/users");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.deepEqual(requests.filter((url) => url.includes("simulator")), []);
  await page.getByRole("link", { name: "Try this page with a simulated tenant" }).click();
  await counts(page, "1,980 agent users");
  await page.goBack();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  assert.equal(await bar(page).count(), 0);
  assert.deepEqual(console, []);
});

const REGISTERED = { clientId: "5ea00000-0000-4000-8000-000000000001", tenantId: "contoso.com" };

test("a link leaves the demo, and its clock no longer races; a page without a registration has no such link", async (context) => {
  const { page, console } = await visit(context, REGISTERED, "#/demo/settings");
  await page.getByRole("button", { name: "Network and clock" }).click();
  await page.getByRole("switch", { name: "A day each second" }).check();
  await bar(page).getByRole("link", { name: "Leave the demo" }).click();
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  await bar(page).waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => location.hash), "#/settings");
  await page.goBack();
  await page.getByRole("button", { name: "Network and clock" }).click();
  assert.equal(await page.getByRole("switch", { name: "A day each second" }).isChecked(), false);
  assert.deepEqual(console, []);
  const other = await visit(context, {}, "#/demo/settings");
  await bar(other.page).waitFor();
  assert.equal(await other.page.getByRole("link", { name: "Leave the demo" }).count(), 0);
});

test("a configuration that comes after the demo was entered does not end it, and is there once it is left", async (context) => {
  const { origin } = await serve(context, { config: REGISTERED });
  const page = await browser.newPage({ locale: "en-US" });
  context.after(() => page.close());
  const asked = new Promise((resolve) => void page.route("**/config.json", resolve));
  await page.goto(`${origin}/#/users`);
  const route = await asked;
  await page.evaluate(() => (location.hash = "#demo"));
  await counts(page, "1,980 agent users");
  await route.continue();
  await page.getByRole("link", { name: "Leave the demo" }).waitFor();
  await counts(page, "1,980 agent users");
  await page.goBack();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
});

test("nothing that was begun in the demo is gone on with in the tenant", async (context) => {
  const graph = await simulator(context, { agentUsers: 30, identities: 40 });
  const { page, console } = await open(context, browser, graph, { hash: "#/demo/create" });
  const name = page.getByRole("textbox", { name: "Display name" });
  await name.fill("Of the demo");
  await page.evaluate(() => (location.hash = "#/create"));
  await bar(page).waitFor({ state: "detached" });
  await name.waitFor();
  assert.equal(await name.inputValue(), "");
  await page.evaluate(() => (location.hash = "#/users"));
  await listed(page);
  await page.getByRole("checkbox", { name: "Select all" }).check();
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("dialog").waitFor();
  await page.evaluate(() => (location.hash = "#/demo/users"));
  await counts(page, "1,980 agent users");
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.deepEqual(console, []);
});

test("an audit is not among its changes, and a change is", async (context) => {
  const { page, console } = await visit(context, {}, "#/demo/audit");
  await page.getByRole("button", { name: "Network and clock" }).click();
  await page.getByRole("button", { name: "Run the audit" }).click();
  await page.locator("#findings").waitFor();
  await page.waitForFunction(() => /^So far: requests [1-9]\d+, changes 0,/.test(document.querySelector(".demo-counts").textContent));
  await page.locator("section.rule:has(#rule-parent-gone)").getByRole("checkbox", { name: /^Select the finding/ }).first().check();
  await page.getByRole("button", { name: "Plan the fix" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make 1 change" }).click();
  await page.getByRole("dialog").getByText("The changes are made.").waitFor();
  await page.waitForFunction(() => /, changes 1,/.test(document.querySelector(".demo-counts").textContent));
  assert.deepEqual(console, []);
});

test("its settings say what its token allows, and name no address that nothing is sent to", async (context) => {
  const { page, console } = await visit(context, {}, "#/demo/settings");
  await page.getByText("Everything that this page does is allowed by the token.").waitFor();
  await page.getByText("human3@contoso.com").waitFor();
  assert.deepEqual(await page.locator(".verdict").evaluateAll((all) => [...new Set(all.map(({ textContent }) => textContent))]), ["Allowed"]);
  assert.equal(await page.getByText("graph.microsoft.com").count(), 0);
  assert.deepEqual(console, []);
});

test("axe finds nothing in it", async (context) => {
  const { page, console } = await visit(context, {}, "#demo");
  await counts(page, "1,980 agent users");
  await page.getByRole("button", { name: "Network and clock" }).click();
  await page.locator(".demo-counts").waitFor();
  assert.deepEqual(await faults(page), []);
  assert.deepEqual(console, []);
});
