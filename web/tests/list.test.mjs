// The page of agent users against the simulator: what an admin does with it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const TENANT = { agentUsers: 250, identities: 260, seed: 4 };

/** A page whose list is read to its end. */
async function read(test, options, view) {
  const graph = await simulator(test, options);
  const opened = await open(test, browser, graph, view);
  await opened.page.getByRole("heading", { level: 1 }).waitFor();
  await opened.page.waitForFunction(() => document.querySelector("[role=progressbar]") === null && document.querySelector(".grid, .empty h2") !== null);
  return { graph, ...opened };
}

/** Waits until the page says so many rows. */
const counts = (page, text) => page.locator(".heading .count", { hasText: new RegExp(`^${text}$`) }).waitFor();

/** The agent users of the simulator, in no order. */
async function agentUsers(graph) {
  return (await graph.look("state")).users.filter(({ identityParentId, deletedDateTime }) => typeof identityParentId === "string" && !deletedDateTime);
}

test("the list is read to its end, and searched as one types", async (context) => {
  const { page, graph, console, requests } = await read(context, TENANT);
  await counts(page, "250 agent users");
  const parts = requests.flatMap((url) => /(\w+)-[\w-]+\.wasm$/.exec(url)?.[1] ?? []);
  assert.deepEqual([...new Set(parts)], ["agentuser_bg"], "the list takes more than the package's first module");
  const grid = page.getByRole("grid", { name: "Agent users" });
  assert.equal(await grid.getAttribute("aria-rowcount"), "251");
  assert.ok((await page.getByRole("row").count()) < 80, "all rows are drawn");
  const [, one] = await agentUsers(graph);
  await page.getByRole("searchbox").fill(one.userPrincipalName.toUpperCase());
  await counts(page, "1 of 250");
  await page.getByRole("row", { name: one.userPrincipalName }).waitFor();
  await page.getByRole("searchbox").fill("nobody of that name");
  await page.getByRole("heading", { name: "No agent user matches" }).waitFor();
  await page.locator(".empty button").click();
  await counts(page, "250 agent users");
  assert.deepEqual(console, []);
});

test("agent users are disabled by a plan that is shown first, and the list shows it", async (context) => {
  const { page, graph, console } = await read(context, TENANT);
  // The names end with numbers, of which some tens have this digit at their end.
  await page.getByRole("searchbox").fill("7@");
  const shown = (await agentUsers(graph)).filter(({ userPrincipalName }) => userPrincipalName.includes("7@")).length;
  assert.ok(shown > 10, String(shown));
  await counts(page, `${shown} of 250`);
  await page.getByRole("checkbox", { name: "Select all" }).check();
  const before = (await graph.look("stats")).writes;
  await page.getByRole("button", { name: "Disable" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Show the changes" }).click();
  await dialog.getByText(`${shown} agent users to change`).waitFor();
  assert.equal((await graph.look("stats")).writes, before, "the plan has written");
  await dialog.getByRole("button", { name: `Make ${shown} changes` }).click();
  await dialog.getByText("The changes are made.").waitFor();
  assert.equal(await dialog.locator(".outcome.changed").count(), shown);
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.locator(".rows .status.disabled").nth(9).waitFor();
  assert.equal((await agentUsers(graph)).filter(({ accountEnabled }) => accountEnabled === false).length, shown);
  assert.deepEqual(console, []);
});

test("a search and a filter outlive that the list is read again", async (context) => {
  const { page, console } = await read(context, { tenant: "troubled" });
  await choose(page, "Domain", /^contoso\.com/);
  await page.locator(".filters").getByRole("button", { name: "Sponsors" }).click();
  await page.getByRole("menuitem", { name: "Read sponsors and lifecycle actions" }).click();
  await page.getByRole("menuitemradio", { name: "Without a sponsor" }).click();
  await page.getByRole("searchbox").fill("no.sp");
  await counts(page, "1 of 35");
  const again = page.waitForRequest((request) => request.url().includes("/users/microsoft.graph.agentUser?"));
  await page.getByRole("button", { name: "Refresh" }).click();
  await again;
  await counts(page, "1 of 35");
  await page.getByRole("row", { name: "no.sponsor@contoso.com" }).waitFor();
  assert.equal(await page.getByRole("searchbox").inputValue(), "no.sp");
  await page.getByRole("button", { name: "Domain: contoso.com" }).waitFor();
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await counts(page, "35 agent users");
  assert.deepEqual(console, []);
});

/** Chooses a value in the menu of a filter. */
async function choose(page, filter, value) {
  await page.locator(".filters").getByRole("button", { name: filter }).click();
  await page.getByRole("menuitemradio", { name: value }).click();
}

test("filters: what the list tells at once, and what is read for them", async (context) => {
  const { page, graph, console } = await read(context, { tenant: "troubled" });
  const agents = await agentUsers(graph);
  // The simulator's state has those in the recycle bin, too.
  const [all] = (await page.locator(".heading .count").textContent()).split(" ");
  const disabled = agents.filter(({ accountEnabled }) => !accountEnabled).length;
  await choose(page, "Status", "Disabled");
  await counts(page, `${disabled} of ${all}`);
  await choose(page, "Status", "Any");
  const elsewhere = agents.filter(({ userPrincipalName }) => userPrincipalName.endsWith("@fabrikam.com")).length;
  assert.ok(elsewhere > 0);
  await choose(page, "Domain", "fabrikam.com");
  await counts(page, `${elsewhere} of ${all}`);
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await choose(page, "Licenses", "AGENT_MESSAGING");
  await counts(page, `2 of ${all}`);
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await page.locator(".filters").getByRole("button", { name: "Sponsors" }).click();
  await page.getByRole("menuitem", { name: "Read sponsors and lifecycle actions" }).click();
  await page.getByRole("menuitemradio", { name: "Without a sponsor" }).click();
  await page.getByRole("row", { name: "no.sponsor@contoso.com" }).waitFor();
  assert.equal(await page.getByRole("row", { name: "sponsor.disabled@contoso.com" }).count(), 0);
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await choose(page, "Next action", /^Disable/);
  await page.locator(".heading .count", { hasText: / of / }).waitFor();
  assert.ok((await page.getByRole("row").count()) > 1);
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await page.locator(".filters").getByRole("button", { name: "Blueprint" }).click();
  await page.getByRole("menuitem", { name: "Read the agent identities" }).click();
  await page.getByRole("menuitemradio").nth(1).click();
  await page.locator(".heading .count", { hasText: / of / }).waitFor();
  assert.deepEqual(console, []);
});

test("columns are chosen and kept, and rows are sorted by them", async (context) => {
  const { page, graph } = await read(context, { tenant: "troubled" });
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Object id" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "Object id" }).getByRole("button").click();
  const ids = (await agentUsers(graph)).map(({ id }) => id).sort();
  const first = page.locator("#row-0 .cell").last();
  await page.locator("#row-0 .cell", { hasText: ids[0] }).waitFor();
  await page.getByRole("columnheader", { name: "Object id" }).getByRole("button").click();
  await page.locator("#row-0 .cell", { hasText: ids.at(-1) }).waitFor();
  assert.equal(await first.textContent(), ids.at(-1));
  await page.reload();
  await page.getByRole("columnheader", { name: "Object id" }).waitFor();
});

test("the selected agent users, or all that are shown, are exported", async (context) => {
  const { page } = await read(context, TENANT);
  const save = async (format) => {
    await page.getByRole("button", { name: "Export" }).click();
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: format, exact: true }).click()]);
    const parts = [];
    for await (const part of await file.createReadStream()) parts.push(part);
    return { name: file.suggestedFilename(), text: Buffer.concat(parts).toString() };
  };
  const all = await save("JSON");
  assert.deepEqual([all.name, JSON.parse(all.text).length], ["agent-users.json", 250]);
  await page.locator("#row-1").click();
  const name = await page.locator("#row-1 .cell").nth(1).textContent();
  const one = await save("CSV");
  assert.equal(one.name, "agent-users.csv");
  assert.deepEqual([one.text.trim().split("\n").length, one.text.includes(name)], [2, true]);
  // A simulated agent user is not in the portal.
  assert.equal(await page.getByRole("button", { name: "View in Entra" }).isDisabled(), true);
});

test("an export that fails is said", async (context) => {
  const { page, console } = await read(context, { agentUsers: 5, identities: 9 });
  await page.evaluate(() => (URL.createObjectURL = () => { throw new Error("The disk is full."); }));
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "CSV", exact: true }).click();
  const note = page.locator(".problem", { hasText: "The list could not be exported." });
  await note.getByText("The disk is full.").waitFor();
  await page.locator(".unseen[role=status]", { hasText: "The list could not be exported." }).waitFor();
  assert.deepEqual(console, []);
});

test("the box of all is checked where all that is shown is selected, and ranges begin anew with a query", async (context) => {
  const { page } = await read(context, { agentUsers: 20, identities: 30, seed: 4 });
  const all = page.getByRole("checkbox", { name: "Select all" });
  await page.locator("#row-8").click();
  await page.locator("#row-9").click();
  const hidden = await page.locator("#row-9 .cell").nth(1).textContent();
  const other = await page.locator("#row-2 .cell").nth(1).textContent();
  await page.getByRole("searchbox").fill(other);
  await counts(page, "1 of 20, 2 selected");
  assert.equal(await all.isChecked(), false, hidden);
  await page.getByRole("searchbox").fill("@");
  await counts(page, "20 agent users, 2 selected");
  // The range begins where it ends: the place before the query counts no longer.
  await page.locator("#row-3").click({ modifiers: ["Shift"] });
  await counts(page, "20 agent users, 3 selected");
  await all.check();
  await counts(page, "20 agent users, 20 selected");
  assert.equal(await all.isChecked(), true);
});

/** Takes an action on what is selected, from the plan to its end. */
async function act(page, action, fill = async () => {}) {
  await page.locator(".commands").getByRole("button", { name: action, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Show the changes" }).waitFor();
  await fill(dialog);
  await dialog.getByRole("button", { name: "Show the changes" }).click();
  await dialog.getByRole("button", { name: /^Make / }).click();
  await dialog.getByText("The changes are made.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
}

test("an agent user is retired, leaves the list, and is restored from the recycle bin", async (context) => {
  const { page, graph, console } = await read(context, { agentUsers: 20, identities: 30 });
  const name = await page.locator("#row-2 .cell").nth(1).textContent();
  await page.locator("#row-2").click();
  await act(page, "Retire");
  await counts(page, "19 agent users");
  await page.getByRole("link", { name: "Recycle bin" }).click();
  await page.getByRole("row", { name }).click();
  await act(page, "Restore");
  await page.locator(".heading").getByRole("link", { name: "Agent users" }).click();
  await page.getByRole("row", { name }).waitFor();
  assert.ok((await agentUsers(graph)).some(({ userPrincipalName }) => userPrincipalName === name));
  assert.deepEqual(console, []);
});

test("of a list that ended early, an action takes those that are selected and no others", async (context) => {
  const graph = await simulator(context, { agentUsers: 90, identities: 100, seed: 4 });
  const refused = { fault: "answer", status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation." };
  await graph.script([{ method: "GET", path: "/users/microsoft.graph.agentUser", nth: 3, ...refused }]);
  const { page } = await open(context, browser, graph, { hash: "#/settings" });
  // Small pages come faster than the page is told of them: it is not told of the second one before the third is refused.
  await page.context().route(/\$top=999/, (route) => route.continue({ url: route.request().url().replace("$top=999", "$top=30") }));
  await page.evaluate(() => (location.hash = "#/users"));
  await page.getByText("Insufficient privileges to complete the operation.").first().waitFor();
  await page.locator(".unseen[role=status]", { hasText: "The list is incomplete." }).waitFor();
  await page.getByRole("searchbox").fill("@");
  await counts(page, "60 agent users");
  await page.getByRole("columnheader", { name: "User principal name" }).getByRole("button").click();
  await page.getByRole("columnheader", { name: "User principal name" }).getByRole("button").click();
  await page.getByRole("columnheader", { name: "User principal name" }).and(page.locator("[aria-sort=descending]")).waitFor();
  await page.locator("#row-0").click();
  await page.locator(".heading .count", { hasText: "1 selected" }).waitFor();
  const name = await page.locator("[role=row][aria-selected=true] .cell").nth(1).textContent();
  await act(page, "Disable");
  const disabled = (await agentUsers(graph)).filter(({ accountEnabled }) => accountEnabled === false).map(({ userPrincipalName }) => userPrincipalName);
  assert.deepEqual(disabled, [name]);
});

test("changes of which one fails are not said to be made", async (context) => {
  const { page, graph } = await read(context, { agentUsers: 5, identities: 9 });
  await graph.script([{ method: "PATCH", path: "/users/", fault: "answer", status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation.", executed: false }]);
  await page.getByRole("checkbox", { name: "Select all" }).check();
  await page.locator(".commands").getByRole("button", { name: "Disable" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Show the changes" }).click();
  await dialog.getByRole("button", { name: /^Make / }).click();
  await dialog.getByText("Not every change could be made.").waitFor();
  await page.locator(".unseen[role=status]", { hasText: "Not every change could be made." }).waitFor();
});

test("licenses are given", async (context) => {
  const { page } = await read(context, { tenant: "troubled" });
  await page.getByRole("searchbox").fill("no.manager");
  await counts(page, "1 of 35");
  await page.locator("#row-0").click();
  await act(page, "Licenses", async (dialog) => {
    await dialog.getByRole("combobox", { name: "Add" }).click();
    await page.getByRole("menuitemcheckbox", { name: /^AGENT_365_NEW/ }).click();
    await page.keyboard.press("Escape");
  });
  await page.locator("#row-0", { hasText: "AGENT_365_NEW" }).waitFor();
});

test("a hand-over of the selected agent users touches no others", async (context) => {
  const { page, graph } = await read(context, { agentUsers: 6, identities: 10 });
  const { users } = await graph.look("state");
  const [leaver, follower] = users.filter(({ identityParentId }) => !identityParentId).map(({ id }) => id);
  const agents = await agentUsers(graph);
  for (const { id } of agents) {
    const body = { "@odata.id": `${graph.endpoint}/v1.0/users/${leaver}` };
    assert.equal((await graph.call("PUT", `/users/${id}/manager/$ref`, body)).status, 204);
  }
  await page.locator("#row-0").click();
  await page.locator("#row-3").click();
  await act(page, "Hand over", async (dialog) => {
    await dialog.getByLabel("From (who leaves)").fill(leaver);
    await dialog.getByLabel("To (who follows)").fill(follower);
  });
  const managers = await Promise.all(agents.map(async ({ id }) => (await (await graph.call("GET", `/users/${id}/manager`)).json()).id));
  assert.deepEqual([managers.filter((id) => id === follower).length, managers.filter((id) => id === leaver).length], [2, agents.length - 2]);
});

test("a form whose licenses are still read, or could not be, is seen by screen readers and is closed by its button", async (context) => {
  const { page } = await read(context, TENANT);
  await page.getByRole("checkbox", { name: "Select all" }).check();
  const act = (name) => page.locator(".commands").getByRole("button", { name, exact: true }).click();
  const dialog = page.getByRole("dialog");
  const cancel = async () => {
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "detached" });
  };
  await act("Enable");
  await dialog.waitFor();
  await cancel();
  const held = [];
  await page.route("**/subscribedSkus*", (route) => held.push(route), { times: 1 });
  await act("Licenses");
  await dialog.getByText("Loading…").waitFor();
  // The page behind a dialog is hidden from screen readers a little later, and the dialog is not.
  await page.locator("#root[aria-hidden=true]").waitFor({ state: "attached" });
  assert.equal(await page.locator("[role=dialog]").getAttribute("aria-hidden"), null);
  await cancel();
  const refusal = { status: 403, json: { error: { code: "Authorization_RequestDenied", message: "No." } }, headers: { "Access-Control-Allow-Origin": "*" } };
  await Promise.all(held.map((route) => route.fulfill(refusal)));
  await act("Licenses");
  await dialog.getByText("The licenses of the tenant could not be read.").waitFor();
  await dialog.getByRole("button", { name: "Try again" }).click();
  await dialog.getByText("Choose licenses").first().waitFor();
  await cancel();
});
