// Lists that are kept while other pages are shown follow what those pages change, without being read anew by hand.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { filled } from "./states-create.mjs";
import { OF_EXAMPLES, planned } from "./states-roster.mjs";
import { launch, open, serve, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const counts = (page, text) => page.locator(".heading .count", { hasText: new RegExp(`^${text}$`) }).waitFor();
const go = (page, hash) => page.evaluate((hash) => (location.hash = hash), hash);

/** A list that is read to its end. */
async function listed(test, options, text, view = {}) {
  const graph = await simulator(test, options);
  const opened = await open(test, browser, graph, { hash: "#/users", ...view });
  await counts(opened.page, text);
  return { graph, ...opened };
}

/** Makes the change that a dialog shows, and closes it. */
async function make(page) {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Make / }).click();
  await dialog.getByText("The changes are made.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
}

test("a change on the page of one agent user shows in the list, and its retirement in both lists", async (context) => {
  const { page, console } = await listed(context, { agentUsers: 20, identities: 30 }, "20 agent users");
  const name = await page.locator("#row-2 .cell").nth(1).textContent();
  await go(page, "#/users?view=deleted");
  await page.getByRole("heading", { name: "No agent user is in the recycle bin." }).waitFor();
  await go(page, "#/users");
  await page.locator("#row-2 a").click();
  await page.getByRole("button", { name: "Disable" }).click();
  await make(page);
  await page.getByRole("link", { name: "Agent users" }).first().click();
  await page.getByRole("row", { name }).locator(".status.disabled").waitFor();
  await page.getByRole("row", { name }).getByRole("link").click();
  await page.getByRole("button", { name: "Retire" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Show the changes" }).click();
  await make(page);
  await page.getByText("In the recycle bin").waitFor();
  await go(page, "#/users");
  await counts(page, "19 agent users");
  await go(page, "#/users?view=deleted");
  await page.getByRole("row", { name }).waitFor();
  assert.deepEqual(console, []);
});

test("an agent user that is restored from the recycle bin leaves it and is in the list", async (context) => {
  const { page } = await listed(context, { agentUsers: 20, identities: 30 }, "20 agent users");
  const name = await page.locator("#row-2 .cell").nth(1).textContent();
  const act = async (action) => {
    await page.getByRole("row", { name }).click();
    await page.locator(".commands").getByRole("button", { name: action, exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Show the changes" }).click();
    await make(page);
  };
  await act("Retire");
  await counts(page, "19 agent users");
  await page.getByRole("link", { name: "Recycle bin" }).click();
  await act("Restore");
  await page.getByRole("row", { name }).waitFor({ state: "detached" });
  await page.locator(".heading").getByRole("link", { name: "Agent users" }).click();
  await counts(page, "20 agent users");
  await page.getByRole("row", { name }).waitFor();
});

test("an agent user that is created is in the list", async (context) => {
  const { page, console } = await listed(context, { agentUsers: 10, identities: 40, seed: 4 }, "10 agent users");
  await go(page, "#/create");
  await filled(page);
  await page.getByRole("button", { name: "Show the changes" }).click();
  await page.getByRole("dialog").getByText(/^create /).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "Open the agent user" }).waitFor();
  await go(page, "#/users");
  await counts(page, "11 agent users");
  await page.getByRole("row", { name: "sales.agent@contoso.com" }).waitFor();
  assert.deepEqual(console, []);
});

test("the list lives on while it is shown and a run ends", async (context) => {
  const graph = await simulator(context, { ...OF_EXAMPLES, latencyMs: [50, 100] });
  const { page, console } = await open(context, browser, graph, { hash: "#/users" });
  await counts(page, "1 agent user");
  await go(page, "#/roster");
  await planned(page);
  await page.getByRole("button", { name: /^Make \d+ changes/ }).click();
  await page.locator("[aria-label='Rows by stage'] li").first().waitFor();
  await go(page, "#/users");
  await counts(page, "25 agent users");
  await page.getByRole("searchbox").fill("finance");
  await page.locator(".heading .count", { hasText: /^\d+ of 25$/ }).waitFor();
  assert.deepEqual(console, []);
});

test("the list of the demo lives on while it is shown and its agent user changes", async (context) => {
  const { origin } = await serve(context, {});
  const page = await (await browser.newContext()).newPage();
  context.after(() => page.context().close());
  await page.goto(`${origin}/#/demo/users`);
  await counts(page, "1,980 agent users");
  await page.getByRole("searchbox").fill("agent1777@");
  await counts(page, "1 of 1,980");
  await page.locator("#row-0 a").click();
  await page.getByRole("button", { name: "Disable" }).click();
  await make(page);
  await page.goBack();
  await page.locator("#row-0 .status.disabled").waitFor();
});

test("a change of one agent user goes on when its page is left, and the list shows it", async (context) => {
  const { page, graph, console } = await listed(context, { agentUsers: 20, identities: 30, speed: 1 }, "20 agent users");
  const name = await page.locator("#row-2 .cell").nth(1).textContent();
  await page.locator("#row-2 a").click();
  await page.getByRole("button", { name: "Disable" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make 1 change" }).waitFor();
  await graph.order({ order: "network", body: { latencyMs: [2_000, 2_000] } });
  await dialog.getByRole("button", { name: "Make 1 change" }).click();
  await dialog.getByText("Making the changes…").waitFor();
  await page.goBack();
  await dialog.waitFor({ state: "detached" });
  await Promise.all([page.waitForEvent("dialog").then((asked) => asked.dismiss()), page.close({ runBeforeUnload: true })]);
  await graph.order({ order: "network", body: { latencyMs: [0, 0] } });
  await page.getByRole("row", { name }).locator(".status.disabled").waitFor();
  assert.deepEqual(console, []);
});
