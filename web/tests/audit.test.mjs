// The page of audits against the simulator: run, narrowed, compared, mended, saved and opened again.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { faults, large, launch, open, serve, simulator, tabTo } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A page whose audit has ended. */
async function audited(test, options, { look, ...view } = {}) {
  const graph = await simulator(test, options);
  await look?.(graph);
  const opened = await open(test, browser, graph, { hash: "#/audit", ...view });
  await opened.page.getByRole("button", { name: "Run the audit" }).click();
  await opened.page.locator("#findings").waitFor();
  return { graph, ...opened };
}

const users = async (graph) => (await graph.look("state")).users;
const user = async (graph, local) => (await users(graph)).find(({ userPrincipalName }) => userPrincipalName.startsWith(`${local}@`));
const rule = (page, name) => page.locator(`section.rule:has(#rule-${name})`);
const total = (page, title) => page.locator(".total", { hasText: title }).locator("b").innerText();

/** Chooses a file where the page asks for one. */
async function give(page, button, name, text) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button }).click();
  await (await chooser).setFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
}

/** The file that the page saves. */
async function saved(page, act) {
  const download = page.waitForEvent("download");
  await act();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

async function exported(page, form) {
  await page.getByRole("button", { name: "Export" }).click();
  return saved(page, () => page.getByRole("menuitem", { name: form, exact: form !== "Snapshot" }).click());
}

/** Chromium's own messages about answers that are errors. */
const others = (console) => console.filter((line) => !/^Failed to load resource/.test(line));

test("every planted finding is shown from the worst on, and leads to its agent user", async (context) => {
  let before;
  const look = async (graph) => (before = await graph.look("state"));
  const { page, graph, console } = await audited(context, { tenant: "troubled" }, { look });
  assert.deepEqual([await total(page, "High"), await total(page, "Medium"), await total(page, "Low"), await total(page, "Info")], ["12", "14", "7", "1"]);
  const shown = await page.locator("section.rule .severity").allInnerTexts();
  assert.deepEqual(shown, shown.toSorted((a, b) => ["High", "Medium", "Low", "Info"].indexOf(a) - ["High", "Medium", "Low", "Info"].indexOf(b)));
  const gone = await user(graph, "parent.gone");
  assert.equal(await page.getByRole("link", { name: "parent.gone@contoso.com" }).getAttribute("href"), `#/users/${gone.id}`);
  await page.getByRole("button", { name: /Low/ }).click();
  await page.locator("section.rule .severity.high").first().waitFor({ state: "detached" });
  assert.equal(await page.locator("li.finding .who").count(), 7);
  await page.getByRole("searchbox").fill("USAGE");
  await page.locator("h2", { hasText: "1 of 34" }).waitFor();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await page.getByLabel("Rule", { exact: true }).selectOption("idle");
  await page.locator("h2", { hasText: "1 of 34" }).waitFor();
  assert.deepEqual((await graph.look("state")).users, before.users, "the audit has changed something");
  assert.deepEqual(console, []);
});

test("the findings that are chosen are mended by a plan, and no others", async (context) => {
  // Two agent users are disabled and licensed: one is chosen.
  const licenses = [1, 2].map((n) => ({ user: `agent${n + 24}@contoso.com`, sku: "AGENT_365" }));
  const disable = async (graph) => {
    for (const { user } of licenses) {
      const init = { method: "PATCH", headers: { Authorization: `Bearer ${graph.token}`, "Content-Type": "application/json" }, body: '{"accountEnabled":false}' };
      const answer = await fetch(`${graph.endpoint}/v1.0/users/${user}`, init);
      assert.ok(answer.ok, String(answer.status));
    }
  };
  const { page, graph, console } = await audited(context, { agentUsers: 4, licenses }, { look: disable });
  const { writes } = await graph.look("stats");
  const found = rule(page, "disabled-and-licensed");
  await found.getByRole("checkbox", { name: "Select the finding about agent26@contoso.com" }).check();
  await page.getByRole("button", { name: "Plan the fix" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 agent user to change").waitFor();
  assert.deepEqual(await dialog.locator("tbody th").allInnerTexts(), ["agent26@contoso.com"]);
  assert.match(await dialog.locator(".digest code").innerText(), /^[0-9a-f]{64}$/);
  assert.equal((await graph.look("stats")).writes, writes, "the plan has written");
  await dialog.getByRole("button", { name: "Make 1 change" }).click();
  await dialog.getByText("The changes are made.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  // The tenant is looked at again by itself, once.
  await found.getByRole("checkbox", { name: "Select the finding about agent26@contoso.com" }).waitFor({ state: "detached" });
  await found.getByRole("checkbox", { name: "Select the finding about agent25@contoso.com" }).waitFor();
  const left = (await users(graph)).filter(({ accountEnabled, licenses }) => accountEnabled === false && licenses.length > 0);
  assert.deepEqual(left.map(({ userPrincipalName }) => userPrincipalName), ["agent25@contoso.com"]);
  assert.deepEqual(console, []);
});

test("a report is saved, and the next audit is compared with it", async (context) => {
  const { page, console } = await audited(context, { tenant: "troubled" });
  const { name, text } = await exported(page, "JSON");
  assert.match(name, /^agent-users-audit-\d{4}-\d\d-\d\d\.json$/);
  assert.equal(JSON.parse(text).findings.length, 34);
  for (const [form, start] of [["HTML page", "<!doctype html>"], ["CSV", "rule,severity"], ["SARIF", "{"]]) {
    assert.ok((await exported(page, form)).text.toLowerCase().startsWith(start), form);
  }
  await rule(page, "parent-gone").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Plan the fix" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make 1 change" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.locator(".audit-progress").waitFor({ state: "detached" });
  await give(page, "Compare with a file", "before.json", text);
  // A deleted agent user is a finding of its own, of the recycle bin.
  await page.getByText("Compared with before.json: 1 new, 33 unchanged, 1 gone.").waitFor();
  assert.match(await page.locator("section:has(#gone)").innerText(), /parent\.gone@contoso\.com/);
  await page.getByLabel("Since the older audit").selectOption("new");
  assert.deepEqual(await page.locator("section.rule li.finding .who").allInnerTexts(), ["parent.gone@contoso.com"]);
  await give(page, "Open a file", "other.json", "{}");
  await page.locator(".problem", { hasText: "The file other.json could not be used." }).waitFor();
  assert.equal(await page.locator("section.rule li.finding").count(), 1, "a file that can't be read takes the findings away");
  assert.deepEqual(console, []);
});

test("files that are larger than audits are read have their limit said, and what is shown stays", async (context) => {
  const { page, console } = await audited(context, { tenant: "troubled" });
  for (const [button, bytes, most] of [["Open a file", 2 ** 29 + 1, "512 MB"], ["Compare with a file", 2 ** 29 + 1, "512 MB"], ["Take accepted findings from a file", 2 ** 24 + 1, "16 MB"]]) {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: button }).click();
    await (await chooser).setFiles(large(context, bytes));
    await page.locator(".problem").getByText(`and no more than ${most} are read.`).waitFor();
    assert.equal(await total(page, "High"), "12");
  }
  assert.deepEqual(console, []);
});

test("accepted findings stand apart with their reason and date, and are not planned", async (context) => {
  const { page, console } = await audited(context, { tenant: "troubled" });
  const entry = { rule: "parent-gone", whom: "parent.gone@contoso.com", reason: "Is deleted in May", by: "ada@contoso.com", until: "2999-05-31" };
  await give(page, "Take accepted findings from a file", "accepted.json", JSON.stringify([entry]));
  const section = page.locator("section:has(#accepted)");
  await section.getByText("Accepted by ada@contoso.com until May 31, 2999: Is deleted in May").waitFor();
  assert.equal(await rule(page, "parent-gone").count(), 0);
  assert.equal(await section.getByRole("checkbox").count(), 0);
  await page.getByRole("button", { name: "Take none as accepted" }).click();
  await rule(page, "parent-gone").waitFor();
  assert.deepEqual(console, []);
});

test("rules that could not be checked name the permission that is missing", async (context) => {
  const { page, console } = await audited(context, { tenant: "troubled", permissions: ["User.Read.All", "AgentIdentity.Read.All"] });
  const section = page.locator("section:has(#not-checked)");
  assert.ok(Number(await total(page, "Not checked")) > 5);
  const one = section.locator("li", { hasText: "leave-date" });
  assert.match(await one.innerText(), /35 not checked/);
  assert.match(await one.innerText(), /Permission that would allow it: User-LifeCycleInfo\.Read\.All/);
  assert.deepEqual(others(console), []);
});

test("without the permission to list agent users the page names it, and offers to try again", async (context) => {
  const graph = await simulator(context, { tenant: "troubled", permissions: ["AgentIdentity.Read.All"] });
  const { page } = await open(context, browser, graph, { hash: "#/audit" });
  await page.getByRole("button", { name: "Run the audit" }).click();
  const problem = page.locator(".problem", { hasText: "The audit did not come to its end." });
  await problem.getByText("Details").click();
  await problem.getByText("User.ReadBasic.All").first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Run the audit" }).isEnabled(), true);
});

test("a report opens without a connection, and a snapshot is judged without one", async (context) => {
  const { page } = await audited(context, { tenant: "troubled" });
  const report = await exported(page, "CSV").then(() => exported(page, "JSON"));
  const snapshot = await exported(page, "Snapshot");
  const config = { clientId: "5ea00000-0000-4000-8000-000000000001", tenantId: "contoso.com" };
  const { origin } = await serve(context, { config });
  const offline = await browser.newPage();
  context.after(() => offline.close());
  const asked = [];
  offline.on("request", (request) => asked.push(new URL(request.url()).origin));
  await offline.goto(`${origin}/#/audit`);
  await offline.getByText("An audit needs a connection to a tenant.").waitFor();
  await give(offline, "Open a file", report.name, report.text);
  await offline.getByText("This is a report").waitFor();
  assert.equal(await total(offline, "High"), "12");
  assert.equal(await offline.getByRole("button", { name: "Compare with a file" }).isEnabled(), false);
  await give(offline, "Open a file", snapshot.name, snapshot.text);
  await offline.getByText("This is a report").waitFor({ state: "detached" });
  assert.equal(await total(offline, "High"), "12");
  await rule(offline, "parent-gone").getByRole("checkbox").check();
  await offline.getByText("Connect to the tenant to mend findings.").waitFor();
  assert.deepEqual([...new Set(asked)].filter((one) => one.startsWith("http")), [origin]);
});

test("a storm of 429, lost answers and a refusal leave each finding with its end", async (context) => {
  const { page, graph, console } = await audited(context, { tenant: "troubled" }, {
    look: (graph) => graph.script([{ method: "GET", path: "/servicePrincipals/microsoft.graph.agentIdentity", fault: "throttled", retryAfterSeconds: 5, times: 6 }]),
  });
  assert.equal(await total(page, "High"), "12");
  for (const name of ["parent-gone", "parent-not-identity", "leave-date"]) await rule(page, name).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Plan the fix" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("to change").first().waitFor();
  const { id } = await user(graph, "parent.not.identity");
  const left = await user(graph, "left.already");
  await graph.script([
    { method: "PATCH", path: left.id, fault: "lostAnswer" },
    { method: "PATCH", path: id, fault: "answer", status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation.", times: 9 },
    { method: "DELETE", path: id, fault: "answer", status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation.", times: 9 },
  ]);
  await dialog.getByRole("button", { name: /^Make \d changes$/ }).click();
  await dialog.getByText("Not every change could be made.").waitFor();
  assert.equal(await dialog.locator(".outcome.failed").count(), 1);
  assert.equal(await dialog.locator(".outcome.changed").count(), 2);
  assert.equal((await user(graph, "left.already")).accountEnabled, false);
  await dialog.locator("tr", { hasText: "parent.not.identity" }).getByText("Details").click();
  await dialog.getByText("Authorization_RequestDenied: Insufficient privileges to complete the operation.").first().waitFor();
  assert.deepEqual(others(console), []);
});

test("an audit is stopped, and what an earlier one found stays", async (context) => {
  const { page, graph, console } = await audited(context, { tenant: "troubled" });
  await graph.script([{ method: "GET", path: "/users/microsoft.graph.agentUser", fault: "throttled", retryAfterSeconds: 300, times: 9 }]);
  await page.getByRole("button", { name: "Run it again" }).click();
  await page.getByText("Microsoft Graph asks to wait").first().waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator(".fui-MessageBar", { hasText: "The audit was stopped." }).waitFor();
  assert.equal(await total(page, "High"), "12");
  await page.getByRole("link", { name: "My agents" }).click();
  await page.getByRole("heading", { level: 1, name: "My agents" }).waitFor();
  await page.goBack();
  await page.locator("#findings").waitFor();
  assert.equal(await total(page, "High"), "12");
  assert.deepEqual(others(console), []);
});

test("findings are found, chosen and planned by the keyboard alone", async (context) => {
  const graph = await simulator(context, { tenant: "troubled" });
  const { page, console } = await open(context, browser, graph, { hash: "#/audit" });
  const to = (wanted) => tabTo(page, wanted);
  const run = page.getByRole("button", { name: "Run the audit" });
  await to(run);
  await page.keyboard.press("Enter");
  await page.locator("#findings").waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "findings");
  await to(page.getByRole("checkbox", { name: "Select the finding about parent.gone@contoso.com" }));
  await page.keyboard.press("Space");
  await to(page.getByRole("button", { name: "Plan the fix" }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 agent user to change").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.textContent === "Plan the fix");
  assert.deepEqual(console, []);
});

test("axe finds nothing in any state", async (context) => {
  const graph = await simulator(context, { tenant: "troubled", permissions: ["User.Read.All", "AgentIdentity.Read.All", "AgentIdentityBlueprint.Read.All", "AgentIdUser.ReadWrite.All"] });
  const { page } = await open(context, browser, graph, { hash: "#/audit" });
  await page.getByRole("button", { name: "Run the audit" }).waitFor();
  assert.deepEqual(await faults(page), [], "before the audit");
  await graph.script([{ method: "GET", path: "/users/microsoft.graph.agentUser", fault: "throttled", retryAfterSeconds: 300, times: 1 }]);
  await page.getByRole("button", { name: "Run the audit" }).click();
  await page.getByText("Microsoft Graph asks to wait").first().waitFor();
  assert.deepEqual(await faults(page), [], "during the audit");
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator(".fui-MessageBar", { hasText: "The audit was stopped." }).waitFor();
  await page.getByRole("button", { name: "Run the audit" }).click();
  await page.locator("#findings").waitFor();
  await page.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  await page.getByRole("checkbox").first().check();
  assert.deepEqual(await faults(page), [], "the findings");
  await page.getByRole("searchbox").fill("nothing is called so");
  assert.deepEqual(await faults(page), [], "no match");
  await page.getByRole("button", { name: "Plan the fix" }).click();
  await page.getByRole("dialog").getByText("Digest").waitFor();
  assert.deepEqual(await faults(page), [], "the plan");
});
