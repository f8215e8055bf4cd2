// Changes of many agent users go on while other pages are shown, and their results stay until they are dismissed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { listed } from "./states.mjs";
import { filled } from "./states-create.mjs";
import { OF_EXAMPLES, planned } from "./states-roster.mjs";
import { answers, launch, open, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const status = (page) => page.getByRole("region", { name: "Changes under way" });
const go = (page, name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

/** A page on which agent users are being disabled, so slowly that there is time to look. */
async function disabling(test, options = {}) {
  const graph = await simulator(test, { agentUsers: 60, identities: 70, seed: 4, speed: 1, ...options });
  const opened = await open(test, browser, graph, { hash: "#/settings" });
  const { page } = opened;
  await heading(page, "Settings");
  await go(page, "Agent users");
  await listed(page);
  await page.getByRole("checkbox", { name: "Select all" }).check();
  await page.locator(".commands").getByRole("button", { name: "Disable" }).click();
  const dialog = page.getByRole("dialog", { name: "Disable 60 agent users" });
  await dialog.getByRole("button", { name: "Show the changes" }).click();
  await dialog.getByRole("button", { name: "Make 60 changes" }).waitFor();
  await answers(graph, 3_000);
  await dialog.getByRole("button", { name: "Make 60 changes" }).click();
  await dialog.getByText("Making the changes…").waitFor();
  return { graph, dialog, ...opened };
}

/** How many agent users are disabled. */
async function disabled(graph) {
  const { users } = await graph.look("state");
  return users.filter(({ identityParentId, accountEnabled }) => identityParentId && accountEnabled === false).length;
}

test("a run goes on when one goes back, holds the window, and shows its results on any page", async (context) => {
  const { page, graph, dialog, console } = await disabling(context);
  const asked = [];
  page.on("dialog", async (one) => {
    asked.push(one.type());
    await one.dismiss();
  });
  await page.goBack();
  await heading(page, "Settings");
  await dialog.waitFor({ state: "detached" });
  await status(page).getByText("Disable 60 agent users").waitFor();
  await status(page).getByRole("progressbar").waitFor();
  await Promise.all([page.waitForEvent("dialog"), page.close({ runBeforeUnload: true })]);
  assert.deepEqual(asked, ["beforeunload"]);
  await answers(graph, 0);
  await status(page).getByText("The changes are made.").waitFor();
  assert.equal(await disabled(graph), 60);
  await go(page, "Audit");
  await heading(page, "Audit");
  await status(page).getByRole("button", { name: "Show: Disable 60 agent users" }).click();
  assert.equal(await dialog.locator(".outcome.changed").count(), 60);
  await page.goBack();
  await status(page).getByText("The changes are made.").waitFor();
  await status(page).getByRole("button", { name: "Dismiss: Disable 60 agent users" }).click();
  await status(page).waitFor({ state: "detached" });
  // The list has followed, whose dialog was gone when the run ended.
  await go(page, "Agent users");
  await page.locator(".rows .status.disabled").nth(9).waitFor();
  assert.deepEqual(console, []);
});

test("the dialog of a run is closed and opened again while it goes on, by the keyboard", async (context) => {
  const { page, graph, dialog, console } = await disabling(context);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.textContent === "Disable");
  await status(page).getByRole("button", { name: "Show: Disable 60 agent users" }).focus();
  await page.keyboard.press("Enter");
  await dialog.getByText("Making the changes…").waitFor();
  await status(page).waitFor({ state: "detached" });
  await dialog.getByRole("button", { name: "Go on in the background" }).click();
  await dialog.waitFor({ state: "detached" });
  await answers(graph, 0);
  await page.locator(".unseen[role=status]", { hasText: "The changes are made." }).waitFor();
  await status(page).getByRole("button", { name: "Show: Disable 60 agent users" }).click();
  await dialog.getByRole("button", { name: "Close" }).click();
  await status(page).waitFor({ state: "detached" });
  assert.equal(await disabled(graph), 60);
  assert.deepEqual(console, []);
});

test("a run is stopped from any page, and says how far each came", async (context) => {
  const { page, graph, dialog } = await disabling(context);
  await page.goBack();
  await status(page).getByRole("button", { name: "Stop: Disable 60 agent users" }).click();
  await answers(graph, 0);
  await status(page).getByText("The changes were stopped.").waitFor();
  await status(page).getByRole("button", { name: "Show: Disable 60 agent users" }).click();
  const made = await dialog.locator(".outcome.changed").count();
  assert.equal(await disabled(graph), made);
  assert.ok(made < 60, `${made} of 60`);
});

test("two runs go on side by side, and each has its line", async (context) => {
  const { page, graph } = await disabling(context);
  await page.getByRole("dialog").getByRole("button", { name: "Go on in the background" }).click();
  await answers(graph, 0);
  await page.locator("#row-0").click();
  await page.locator("#row-1").click();
  await page.locator(".commands").getByRole("button", { name: "Retire" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Show the changes" }).click();
  await dialog.getByRole("button", { name: /^Make / }).waitFor();
  await page.goBack();
  await heading(page, "Settings");
  await status(page).getByText("Ready. Nothing has been changed yet.").waitFor();
  assert.equal(await status(page).getByRole("listitem").count(), 2);
});

test("a roster that is applied has a line on other pages, which leads back to it", async (context) => {
  const graph = await simulator(context, { ...OF_EXAMPLES, speed: 1 });
  const { page, console } = await open(context, browser, graph, { hash: "#/roster" });
  await planned(page);
  await answers(graph, 1_500);
  await page.getByRole("button", { name: /^Make [\d,]+ changes/ }).click();
  await page.getByText("Leave this window open.").waitFor();
  assert.equal(await status(page).count(), 0);
  await go(page, "My agents");
  await status(page).getByText("Roster roster.csv").waitFor();
  await status(page).getByRole("progressbar").waitFor();
  await answers(graph, 0);
  await status(page).getByText("The changes are made.").waitFor();
  await status(page).getByRole("button", { name: "Show: Roster roster.csv" }).click();
  await page.locator(".chips li", { hasText: "Created 24" }).waitFor();
  assert.equal(await status(page).count(), 0);
  assert.deepEqual(console, []);
});

test("a run of the demo has no line in the tenant", async (context) => {
  const { page } = await disabling(context);
  await page.evaluate(() => (location.hash = "#/demo/settings"));
  await page.getByRole("region", { name: "Simulated tenant" }).waitFor();
  assert.equal(await status(page).count(), 0);
  await page.evaluate(() => (location.hash = "#/settings"));
  await status(page).getByText("Disable 60 agent users").waitFor();
});

/** A page on which one agent user is being disabled, so slowly that there is time to look. */
async function disablingOne(test) {
  const graph = await simulator(test, { agentUsers: 20, identities: 30, seed: 4, speed: 1 });
  const opened = await open(test, browser, graph, { hash: "#/settings" });
  const { page } = opened;
  await heading(page, "Settings");
  await go(page, "Agent users");
  await listed(page);
  await page.locator("#row-2 a").click();
  await page.locator(".commands").getByRole("button", { name: "Disable" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make 1 change" }).waitFor();
  await answers(graph, 2_000);
  await dialog.getByRole("button", { name: "Make 1 change" }).click();
  await dialog.getByText("Making the changes…").waitFor();
  return { graph, dialog, ...opened };
}

test("a change of one agent user and its result are there after Back, until they are dismissed", async (context) => {
  const { page, graph, dialog, console } = await disablingOne(context);
  await page.goBack();
  await dialog.waitFor({ state: "detached" });
  await status(page).getByText("Disable the agent user").waitFor();
  await answers(graph, 0);
  await status(page).getByText("The changes are made.").waitFor();
  await status(page).getByRole("button", { name: "Show: Disable the agent user" }).click();
  await dialog.getByText("disable the account").waitFor();
  assert.equal(await dialog.locator(".outcome.changed").count(), 1);
  await page.goBack();
  await status(page).getByRole("button", { name: "Dismiss: Disable the agent user" }).click();
  await status(page).waitFor({ state: "detached" });
  assert.equal(await disabled(graph), 1);
  assert.deepEqual(console, []);
});

test("a result that is seen is not kept", async (context) => {
  const { page, graph, dialog } = await disablingOne(context);
  await answers(graph, 0);
  await dialog.getByText("The changes are made.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.locator(".facts-line .status.disabled").waitFor();
  assert.equal(await status(page).count(), 0);
});

test("a change goes on in the background, and its page follows", async (context) => {
  const { page, graph, dialog, console } = await disablingOne(context);
  await dialog.getByRole("button", { name: "Go on in the background" }).click();
  await dialog.waitFor({ state: "detached" });
  await status(page).getByText("Disable the agent user").waitFor();
  await answers(graph, 0);
  await page.locator(".facts-line .status.disabled").waitFor();
  await status(page).getByText("The changes are made.").waitFor();
  assert.deepEqual(console, []);
});

test("a creation and its result are there after Back, until they are dismissed", async (context) => {
  const graph = await simulator(context, { agentUsers: 10, identities: 40, seed: 4, speed: 1 });
  const { page, console } = await open(context, browser, graph, { hash: "#/settings" });
  await heading(page, "Settings");
  await go(page, "Create");
  await filled(page);
  await page.getByRole("button", { name: "Show the changes" }).click();
  await page.getByRole("dialog").getByText(/^create /).waitFor();
  await answers(graph, 1_500);
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.getByText("Creating Sales Agent").waitFor();
  await page.goBack();
  await status(page).getByText("Create Sales Agent").waitFor();
  await answers(graph, 0);
  await status(page).getByText("The changes are made.").waitFor();
  await status(page).getByRole("button", { name: "Show: Create Sales Agent" }).click();
  await page.getByText("Sales Agent is created.").waitFor();
  await page.getByRole("link", { name: "Open the agent user" }).waitFor();
  await page.goBack();
  await status(page).getByRole("button", { name: "Dismiss: Create Sales Agent" }).click();
  await go(page, "Create");
  await page.getByRole("button", { name: "Show the changes" }).waitFor();
  assert.equal(await page.getByText("Sales Agent is created.").count(), 0);
  const { users } = await graph.look("state");
  assert.equal(users.filter(({ displayName }) => displayName === "Sales Agent").length, 1);
  assert.deepEqual(console, []);
});

test("what was typed for a new agent user is there after Back", async (context) => {
  const graph = await simulator(context, { agentUsers: 10, identities: 40, seed: 4 });
  const { page } = await open(context, browser, graph, { hash: "#/create" });
  await filled(page);
  await go(page, "Settings");
  await heading(page, "Settings");
  await page.goBack();
  assert.equal(await page.getByLabel("Display name").inputValue(), "Sales Agent");
});
