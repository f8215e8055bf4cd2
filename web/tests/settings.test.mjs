// The settings against the simulator: what the token allows, and how the page looks.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asLittle, checked, LITTLE } from "./states-settings.mjs";
import { launch, open, simulator, violations } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("a permission that is missing is shown with what it switches off", async (context) => {
  const graph = await simulator(context, LITTLE);
  const { page, console } = await open(context, browser, await asLittle(graph), { hash: "#/settings" });
  await checked(page);
  const missing = page.getByRole("row", { name: /^AgentIdUser\.ReadWrite\.All/ }).first();
  assert.match(await missing.textContent(), /Create agent users.*Apply rosters/);
  const task = (name) => page.getByRole("row", { name: new RegExp(`^${name}`) });
  assert.match(await task("Create agent users").textContent(), /Not allowed/);
  assert.match(await task("List agent users").textContent(), /Allowed/);
  await page.getByText("2 permissions").click();
  await page.getByRole("listitem").filter({ hasText: /^User\.Read\.All$/ }).waitFor();
  assert.equal((await graph.look("stats")).writes, 0);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(console, []);
});

test("a token that may do everything but change permissions lacks that alone", async (context) => {
  const { page } = await open(context, browser, await simulator(context, { agentUsers: 3 }), { hash: "#/settings" });
  await checked(page);
  const lacking = await page.getByRole("row").filter({ hasText: "Not allowed" }).getByRole("rowheader").allInnerTexts();
  assert.deepEqual(lacking, ["Revoke delegated permissions", "Take app roles away", "Change what agent identities inherit"]);
});

test("the colors are chosen by the keyboard, and stay after a reload", async (context) => {
  const { page } = await open(context, browser, await simulator(context, { agentUsers: 3 }), { hash: "#/settings" });
  await page.getByRole("radio", { name: "As this device" }).focus();
  await page.keyboard.press("ArrowLeft");
  const dark = () => page.waitForFunction(() => getComputedStyle(document.querySelector(".app")).backgroundColor !== "rgb(255, 255, 255)");
  await dark();
  await page.reload();
  await page.getByRole("radio", { name: "Dark" }).waitFor();
  await dark();
  assert.ok(await page.getByRole("radio", { name: "Dark" }).isChecked());
});
