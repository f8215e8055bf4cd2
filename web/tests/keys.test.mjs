// The pages by the keyboard alone: the list, one agent user, and a new one. Those of rosters, audits and settings are in their own tests.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listed } from "./states.mjs";
import { filled } from "./states-create.mjs";
import { settled } from "./states-user.mjs";
import { launch, open, simulator, tabTo } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Presses keys one after the other. */
async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

/** Waits until the keyboard is on a row. */
const active = (page, place) => page.locator(`[role=grid][aria-activedescendant=row-${place}]`).waitFor();
const selected = (page, count) => page.locator(".count", { hasText: count === 0 ? /agent users$/ : new RegExp(`, ${count} selected$`) }).waitFor();

test("rows are reached, selected in ranges, and opened", async (context) => {
  const graph = await simulator(context, { agentUsers: 300, identities: 310 });
  const { page, console } = await open(context, browser, graph);
  await listed(page);
  await tabTo(page, page.getByRole("grid"));
  await press(page, "ArrowDown");
  await active(page, 0);
  await press(page, "ArrowDown", "Space", "Shift+ArrowDown", "Shift+ArrowDown");
  await selected(page, 3);
  assert.equal(await page.locator("#row-3").getAttribute("aria-selected"), "true");
  await press(page, "End");
  await active(page, 299);
  await page.locator("#row-299").getByRole("link").waitFor();
  await press(page, "Home", "Space", "Shift+PageDown");
  await page.locator(".count", { hasText: /, \d\d selected$/ }).waitFor();
  await press(page, "Control+a");
  await selected(page, 300);
  await press(page, "Escape");
  await selected(page, 0);
  await press(page, "Home", "Enter");
  await page.waitForURL(/#\/users\/[0-9a-f-]{36}$/);
  assert.deepEqual(console, []);
});

test("a change is planned and made, and the focus comes back", async (context) => {
  const graph = await simulator(context, { agentUsers: 40, identities: 50 });
  const { page } = await open(context, browser, graph);
  await listed(page);
  await tabTo(page, page.getByRole("grid"));
  await press(page, "ArrowDown", "Space", "Shift+ArrowDown");
  await selected(page, 2);
  await page.locator(".commands").getByRole("button", { name: "Disable" }).focus();
  await press(page, "Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Show the changes" }).waitFor();
  await tabTo(page, dialog.locator(".fui-DialogActions button").last());
  await press(page, "Enter");
  await dialog.getByRole("button", { name: "Make 2 changes" }).waitFor();
  await tabTo(page, dialog.locator(".fui-DialogActions button").last());
  await press(page, "Enter");
  await dialog.getByText("The changes are made.").waitFor();
  await press(page, "Escape");
  await dialog.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.textContent === "Disable");
});

test("the live region says what is shown", async (context) => {
  const graph = await simulator(context, { agentUsers: 40, identities: 50 });
  const { page } = await open(context, browser, graph);
  const said = page.locator(".unseen[role=status]");
  await said.getByText("All read: 40 agent users.").waitFor();
  await page.getByRole("searchbox").fill("nobody of that name");
  await said.getByText("0 agent users shown.").waitFor();
  await page.getByRole("searchbox").fill("");
  await page.getByRole("columnheader", { name: "Name", exact: true }).getByRole("button").click();
  await said.getByText("Sorted by Name, ascending.").waitFor();
  await page.locator("[role=columnheader][aria-sort=ascending]").waitFor();
});

test("a property of one agent user is changed, and the focus is on its page again", async (context) => {
  const graph = await simulator(context, { agentUsers: 5, identities: 9 });
  const { page, console } = await open(context, browser, graph, { hash: "#/users" });
  await listed(page);
  await tabTo(page, page.getByRole("grid"));
  await press(page, "ArrowDown", "Enter");
  await settled(page);
  const part = page.getByRole("region", { name: "Properties", exact: true });
  await tabTo(page, part.getByRole("button", { name: "Edit" }));
  await press(page, "Enter");
  await tabTo(page, page.getByLabel("Department"));
  await page.keyboard.type("Sales");
  await tabTo(page, page.getByRole("button", { name: "Show the changes" }));
  await press(page, "Enter");
  const dialog = page.getByRole("dialog");
  await tabTo(page, dialog.getByRole("button", { name: "Make 1 change" }));
  await press(page, "Enter");
  await dialog.getByText("The changes are made.").waitFor();
  await press(page, "Escape");
  await dialog.waitFor({ state: "detached" });
  await part.getByText("Sales").waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "main");
  assert.deepEqual(console, []);
});

test("an agent user is created", async (context) => {
  const graph = await simulator(context, { agentUsers: 10, identities: 40, seed: 4 });
  const { page, console } = await open(context, browser, graph, { hash: "#/create" });
  await filled(page);
  await tabTo(page, page.getByRole("button", { name: "Show the changes" }));
  await press(page, "Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/^create /).waitFor();
  await tabTo(page, dialog.getByRole("button", { name: "Create" }));
  await press(page, "Enter");
  await tabTo(page, page.getByRole("link", { name: "Open the agent user" }));
  await press(page, "Enter");
  await page.getByRole("heading", { level: 1, name: "Sales Agent" }).waitFor();
  assert.deepEqual(console, []);
});
