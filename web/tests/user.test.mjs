// The page of one agent user against the simulator: what an admin does with it, and what happens when requests fail.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, launch, open, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const TENANT = { agentUsers: 40, identities: 60, seed: 4 };

/** The agent users of the simulator. */
async function agentUsers(graph) {
  return (await graph.look("state")).users.filter(({ identityParentId }) => typeof identityParentId === "string");
}

/** The page of an agent user whose parts are read. */
async function read(test, options = {}, view = {}, name = undefined) {
  const graph = await simulator(test, { ...TENANT, ...options });
  const users = await agentUsers(graph);
  const user = users.find(({ userPrincipalName }) => userPrincipalName === name) ?? users[3];
  const opened = await open(test, browser, graph, { hash: `#/users/${user.id}`, ...view });
  const settled = () => opened.page.waitForFunction(() => document.querySelector(".card") !== null && document.querySelector(".card[aria-busy=true]") === null);
  const now = async () => (await agentUsers(graph)).find(({ id }) => id === user.id);
  return { graph, user, now, settled, ...opened };
}

/** Makes the change that a dialog shows, and closes it. */
async function make(page) {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Make \d+ changes?$/ }).click();
  await dialog.getByText("The changes are made.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
}

test("each part of the page is read, and the chain has its links", async (context) => {
  const { page, user, settled, console } = await read(context);
  await page.getByRole("heading", { level: 1, name: user.displayName }).waitFor();
  await settled();
  for (const part of ["Chain", "Properties", "Readiness", "Manager and sponsors", "Next lifecycle action", "Licenses", "Groups", "Access", "Findings"]) {
    await page.getByRole("region", { name: part, exact: true }).waitFor();
  }
  const chain = page.getByRole("region", { name: "Chain" });
  await chain.getByText("Everything that this agent user rests on is there and enabled.").waitFor();
  assert.equal(await chain.getByText("Enabled", { exact: true }).count(), 4);
  await page.getByText("Default agent attestation policy").waitFor();
  assert.equal(await page.locator(".card .problem").count(), 0);
  assert.deepEqual(console, []);
});

test("the rest of the page stays while the rules of the form are loaded", async (context) => {
  const { page, user, settled } = await read(context, {}, { width: 1600, height: 1000 });
  await settled();
  const held = [];
  await page.route("**/assets/texts-*.json", (route) => held.push(route), { times: 1 });
  const properties = page.getByRole("region", { name: "Properties", exact: true });
  const heading = page.getByRole("heading", { level: 1, name: user.displayName });
  const asked = page.waitForRequest("**/assets/texts-*.json");
  await properties.getByRole("button", { name: "Edit" }).click();
  await asked;
  await properties.getByText("Loading…").waitFor();
  assert.ok(await heading.isVisible());
  await held[0].continue();
  await properties.getByRole("textbox", { name: "Display name" }).waitFor();
  // Parts side by side take the whole width.
  const [chain, licenses] = await Promise.all(["chain", "licenses"].map((id) => page.locator(`#${id}`).boundingBox()));
  assert.ok(Math.abs(chain.x + chain.width - licenses.x - licenses.width) < 2, "beside the parts is room for another column");
});

test("only edited members are sent, after they were shown", async (context) => {
  const { page, graph, now, settled, console } = await read(context);
  await settled();
  const before = (await graph.look("stats")).writes;
  const properties = page.getByRole("region", { name: "Properties" });
  await properties.getByRole("button", { name: "Edit" }).click();
  const review = properties.getByRole("button", { name: "Show the changes" });
  await properties.getByLabel("Job title").fill("a".repeat(130));
  await properties.getByText("The value has 130 characters; at most 128 are allowed.").waitFor();
  assert.equal(await review.getAttribute("aria-disabled"), "true");
  await properties.getByLabel("Job title").fill("Agent");
  await properties.getByLabel("Department").fill("Sales");
  await properties.getByText("2 properties edited").waitFor();
  await review.click();
  const changes = page.getByRole("dialog").locator(".change-list li");
  await changes.nth(1).waitFor();
  assert.deepEqual((await changes.allTextContents()).toSorted(), ["department becomes Sales", "jobTitle becomes Agent"]);
  assert.equal((await graph.look("stats")).writes, before, "the dry run has written");
  await make(page);
  await properties.getByText("Sales", { exact: true }).waitFor();
  assert.equal((await now()).others.department, "Sales");
  const writes = (await graph.look("writes")).filter((write) => JSON.stringify(write).includes("Sales"));
  assert.equal(writes.length, 1);
  assert.doesNotMatch(JSON.stringify(writes), /displayName/);
  assert.deepEqual(console, []);
});

test("manager, sponsors, groups and licenses are changed with the keyboard alone", async (context) => {
  const groups = [{ name: "Sales Agents" }];
  const { page, now, settled, console } = await read(context, { groups });
  await settled();
  const press = async (region, name) => {
    await page.getByRole("region", { name: region }).getByRole("button", { name, exact: true }).first().focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
  };
  const enter = async (text) => {
    await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Make 1 change" }).waitFor();
    await make(page);
    await settled();
  };
  await press("Manager and sponsors", "Set");
  await enter("human1@contoso.com");
  await page.waitForFunction(() => document.activeElement?.textContent === "Change");
  await press("Manager and sponsors", "Add");
  await enter("human2@contoso.com");
  await press("Groups", "Add");
  await enter("Sales Agents");
  await page.getByRole("region", { name: "Groups" }).getByText("Sales Agents").waitFor();
  await press("Licenses", "Change");
  await page.getByRole("checkbox", { name: /^AGENT_365/ }).focus();
  await page.keyboard.press("Space");
  await page.getByText("Service plans: 4 of 4 on").click();
  await page.getByRole("checkbox", { name: "TEAMS1" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Show the changes" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Make 1 change" }).waitFor();
  await make(page);
  await page.getByRole("region", { name: "Licenses" }).getByText("Service plans: 3 of 4 on").waitFor();
  const user = await now();
  assert.match(user.manager, /1$/);
  assert.equal(user.sponsors.length, 1);
  assert.equal(user.licenses.length, 1);
  // The mailbox comes with the license, and is waited for by looking. Teams is off.
  const readiness = page.getByRole("region", { name: "Readiness" });
  await readiness.locator("li.done", { hasText: "Mailbox" }).getByText(/^Ready: /).waitFor();
  await readiness.locator("li.failed", { hasText: "Teams" }).getByText(/its service plan is switched off/).waitFor();
  assert.deepEqual(console, []);
});

test("a refusal keeps what was typed, with Graph's own words", async (context) => {
  const { page, graph, settled, now } = await read(context);
  await settled();
  const properties = page.getByRole("region", { name: "Properties" });
  await properties.getByRole("button", { name: "Edit" }).click();
  await properties.getByLabel("Department").fill("Sales");
  await graph.script([{ method: "PATCH", path: "/users/", fault: "answer", status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation.", executed: false }]);
  await properties.getByRole("button", { name: "Show the changes" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make 1 change" }).click();
  await dialog.getByText("The changes could not be made.").waitFor();
  await dialog.getByText("Details").click();
  await dialog.getByText("Authorization_RequestDenied: Insufficient privileges to complete the operation.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  assert.notEqual((await now()).others.department, "Sales");
  assert.equal(await properties.getByLabel("Department").inputValue(), "Sales");
});

test("a lost answer is not a failure", async (context) => {
  const { page, graph, settled, now } = await read(context);
  await settled();
  await graph.script([{ method: "PATCH", path: "/users/", fault: "lostAnswer" }]);
  await page.getByRole("button", { name: "Disable" }).click();
  await make(page);
  await page.locator(".user-heading .status.disabled").waitFor();
  assert.equal((await now()).accountEnabled, false);
  // The core sends a change again that may not have arrived: that changes nothing more.
  const { faults, writes, writesWithoutChange } = await graph.look("stats");
  assert.deepEqual([faults, writes - writesWithoutChange], [{ LostAnswer: 1 }, 1]);
});

test("a part that may not be read names its permission, and the others are shown", async (context) => {
  const permissions = ["User.Read.All", "AgentIdentity.Read.All", "Directory.Read.All"];
  const { page, settled } = await read(context, { permissions });
  await settled();
  await page.getByRole("region", { name: "Next lifecycle action" }).getByText("LifecyclePolicies-AgentId.Read.All").first().waitFor();
  await page.getByRole("region", { name: "Properties" }).getByText("User principal name").waitFor();
  await page.getByRole("region", { name: "Groups" }).getByText("In no group").waitFor();
});

test("a storm of 429 is waited out, and the page says so", async (context) => {
  const script = Array.from({ length: 12 }, (_, at) => ({ method: "GET", path: "/users/", nth: at + 1, fault: "throttled", retryAfterSeconds: 2 }));
  const { page, settled, user } = await read(context, { faults: { script } });
  await page.getByText(/^Microsoft Graph asks to wait/).first().waitFor();
  await page.getByRole("heading", { level: 1, name: user.displayName }).waitFor();
  await settled();
  assert.equal(await page.locator(".card .problem").count(), 0);
});

test("findings stay as they were read until they are asked for again, whatever is changed, and are those of the page of audits", async (context) => {
  const { page, settled, console } = await read(context);
  await settled();
  const findings = page.getByRole("region", { name: "Findings" });
  let asked = new Set();
  page.on("request", (request) => request.method() === "GET" && asked.add(request.url()));
  await page.getByRole("button", { name: "Refresh" }).click();
  await settled();
  // The page asks for some of what an audit asks for, too.
  const usual = asked;
  asked = new Set();
  await page.getByRole("button", { name: "Check this agent user" }).click();
  await findings.getByText("It has no sponsor: nobody is answerable for it.").waitFor();
  await settled();
  const ofAudit = [...asked].filter((url) => !usual.has(url) && url.includes("/v1.0/"));
  assert.ok(ofAudit.length > 2, String(ofAudit));
  asked = new Set();
  const audited = () => ofAudit.filter((url) => asked.has(url));
  await page.getByRole("button", { name: "Disable" }).click();
  await make(page);
  await findings.getByText("Changes were made since the tenant was read.").waitFor();
  await settled();
  await findings.getByText("It has no sponsor: nobody is answerable for it.").waitFor();
  assert.deepEqual(audited(), []);
  assert.deepEqual(await faults(page), []);
  await page.getByRole("link", { name: "Audit", exact: true }).click();
  await page.locator("#findings").waitFor();
  await page.getByText("Changes were made since the tenant was read.").waitFor();
  assert.deepEqual(audited(), []);
  await page.goBack();
  await settled();
  await page.getByRole("button", { name: "Read again: Findings" }).click();
  await findings.getByText("Changes were made since the tenant was read.").waitFor({ state: "detached" });
  await settled();
  assert.deepEqual(console, []);
});

test("attesting, findings, retiring and restoring", async (context) => {
  const { page, graph, settled, now, user, console } = await read(context);
  await settled();
  await page.getByRole("button", { name: "Check this agent user" }).click();
  await page.getByRole("region", { name: "Findings" }).getByText("It has no sponsor: nobody is answerable for it.").waitFor();
  await page.getByRole("button", { name: "Attest" }).click();
  await make(page);
  assert.ok((await graph.look("writes")).some((write) => JSON.stringify(write).includes("/attest")));
  await page.getByRole("button", { name: "Retire" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Show the changes" }).click();
  await make(page);
  await page.getByText("In the recycle bin").waitFor();
  assert.equal((await now()).deleted, true);
  await page.getByRole("button", { name: "Restore" }).click();
  await make(page);
  await page.getByRole("heading", { level: 1, name: user.displayName }).waitFor();
  assert.equal((await now()).deleted, false);
  assert.deepEqual(console, []);
});

test("an id of nothing says so", async (context) => {
  const graph = await simulator(context, TENANT);
  const { page } = await open(context, browser, graph, { hash: "#/users/00000000-0000-4000-8000-000000000000" });
  await page.getByRole("heading", { name: "There is no such agent user" }).waitFor();
});

const REFUSED = { fault: "answer", status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation." };

test("a recycle bin that may not be read is not taken for an empty one", async (context) => {
  const graph = await simulator(context, TENANT);
  await graph.script([{ method: "GET", path: "/directory/deletedItems", times: 9, ...REFUSED }]);
  const { page } = await open(context, browser, graph, { hash: "#/users/00000000-0000-4000-8000-000000000000" });
  await page.getByRole("heading", { name: "This agent user does not exist, or it is in the recycle bin" }).waitFor();
  await page.locator(".problem", { hasText: "The recycle bin could not be read." }).waitFor();
});

test("a group is added where groups may not be read", async (context) => {
  const graph = await simulator(context, TENANT);
  await graph.script([{ method: "GET", path: "/memberOf", times: 99, ...REFUSED }]);
  const [, , , user] = await agentUsers(graph);
  const { page } = await open(context, browser, graph, { hash: `#/users/${user.id}` });
  const groups = page.getByRole("region", { name: "Groups" });
  await groups.locator(".problem").waitFor();
  await groups.getByRole("button", { name: "Add" }).click();
  await page.getByRole("dialog").getByRole("textbox").waitFor();
});

test("an id that the browser does not copy is not said to be copied", async (context) => {
  const { page, settled, console } = await read(context);
  await settled();
  await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error("no"))));
  await page.getByRole("button", { name: /^Copy:/ }).first().click();
  await page.locator(".copy", { hasText: "The browser did not allow it to be copied." }).waitFor();
  assert.deepEqual(console, []);
});
