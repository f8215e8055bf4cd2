// The page of a sponsor who is not an administrator, against the simulator.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { SCOPE, signedInBy, tokenOf } from "./sponsor.mjs";
import { faults, launch, open, simulator, tabTo } from "./support.mjs";

const LIST = "Agents that you sponsor";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Opens the page for a person, who sponsors the agent identity of ada, too. */
async function mine(test, { user = "human2@contoso.com", scope = SCOPE, ...view } = {}) {
  const graph = await simulator(test, { tenant: "troubled", ...signedInBy(scope) });
  const { users } = await graph.look("state");
  const human = users.find(({ userPrincipalName }) => userPrincipalName === "human2@contoso.com").id;
  const sponsor = { "@odata.id": `${graph.endpoint}/v1.0/users/${human}` };
  const { identityParentId } = await (await graph.call("GET", "/users/ada@contoso.com?$select=identityParentId")).json();
  assert.equal((await graph.call("POST", `/servicePrincipals/${identityParentId}/microsoft.graph.agentIdentity/sponsors/$ref`, sponsor)).status, 204);
  const token = await tokenOf(graph, user);
  const opened = await open(test, browser, { ...graph, token }, { hash: "#/mine", ...view });
  return { graph, ...opened };
}

/** The paths that the page has requested from Graph, each once. */
async function requested(page, { endpoint }) {
  const all = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  return [...new Set(all.filter((url) => url.startsWith(`${endpoint}/`)).map((url) => new URL(url).pathname))];
}

const others = (console) => console.filter((line) => !/^Failed to load resource/.test(line));

test("a sponsor sees what they sponsor by one request", async (context) => {
  const { page, graph, console } = await mine(context);
  await page.getByRole("list", { name: LIST }).waitFor();
  assert.deepEqual(await requested(page, graph), ["/v1.0/me/sponsorOf"]);
  const { users } = await graph.look("state");
  const me = users.find(({ userPrincipalName }) => userPrincipalName === "human2@contoso.com").id;
  const expected = users.filter(({ sponsors, deleted }) => sponsors.includes(me) && !deleted).map(({ userPrincipalName }) => userPrincipalName);
  assert.ok(expected.length > 3);
  const shown = await page.locator(".agents .who span:not(.mark)").allInnerTexts();
  assert.deepEqual(shown.toSorted(), expected.toSorted());
  assert.deepEqual(others(console), []);
});

test("a sponsor without a role causes requests about what they sponsor alone", async (context) => {
  const { page, graph, console } = await mine(context);
  await page.getByRole("button", { name: "Read the next lifecycle actions" }).click();
  const problem = page.locator(".problem", { hasText: "The next lifecycle actions could not be read." });
  await problem.getByText("Details").click();
  await problem.getByText(/AgentIdentity\.Read\.All|LifecyclePolicies-AgentId\.Read\.All/).first().waitFor();
  await page.getByRole("button", { name: "Attest the agent identity of ada" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Attest", exact: true }).click();
  await page.getByRole("dialog").locator(".problem").waitFor();
  const about = /^\/v1\.0\/(me\/sponsorOf|servicePrincipals\/|servicePrincipals\(appId=|identityGovernance\/lifecycleWorkflows\/lifecyclePolicies)/;
  assert.deepEqual((await requested(page, graph)).filter((path) => !about.test(path)), []);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Ask for a hand-over" }).click();
  await page.getByRole("dialog").getByLabel("The one who follows").fill("human3@contoso.com");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("Nothing has been changed.").waitFor();
  assert.deepEqual((await requested(page, graph)).filter((path) => path.endsWith("/microsoft.graph.agentUser")), [], "all agent users are not listed");
  assert.equal((await graph.look("stats")).writes, 1, "the sponsor of the test alone");
  assert.deepEqual(others(console), []);
});

test("the next lifecycle actions are shown where they may be read, and what is due comes first", async (context) => {
  const { page } = await mine(context, { scope: `${SCOPE} AgentIdentity.Read.All LifecyclePolicies-AgentId.Read.All` });
  await page.getByRole("list", { name: LIST }).waitFor();
  assert.equal(await page.locator(".agents dt", { hasText: "Next lifecycle action" }).count(), 0);
  await page.getByRole("button", { name: "Read the next lifecycle actions" }).click();
  await page.locator(".agents .mark.due").first().waitFor();
  const first = page.locator(".agents [role=listitem]").first();
  assert.match(await first.innerText(), /attestation\.due[^]*To be attested[^]*(disable|delete|notif)/i);
  assert.ok((await page.locator(".agents dd", { hasText: "Not read" }).count()) > 0, "those whose agent identity is gone");
});

test("only an agent identity that is sponsored itself can be attested", async (context) => {
  const { page } = await mine(context);
  await page.getByRole("list", { name: LIST }).waitFor();
  assert.equal(await page.getByRole("button", { name: /^Attest the agent identity of/ }).count(), 1);
  assert.match(await page.locator(".agents [role=listitem]", { hasText: "grace" }).innerText(), /You do not sponsor its agent identity/);
});

test("an agent identity is shown where its agent user is not sponsored, and others are counted", async (context) => {
  const { page } = await mine(context, { user: "human1@contoso.com" });
  const row = page.locator(".agents [role=listitem]", { hasText: "Agent 5" }).first();
  assert.match(await row.innerText(), /Agent identity/);
  await page.getByText("You sponsor 5 other objects").waitFor();
});

test("an application is told to sign in as a person", async (context) => {
  const graph = await simulator(context, {});
  const { page } = await open(context, browser, graph, { hash: "#/mine" });
  await page.getByRole("heading", { name: "This connection is not that of a person" }).waitFor();
});

test("a hand-over is planned for an administrator, and nothing is changed", async (context) => {
  const { page, graph, console } = await mine(context);
  const before = await graph.look("state");
  await page.getByRole("button", { name: "Ask for a hand-over" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("The one who follows").fill("human3@contoso.com");
  await dialog.getByRole("button", { name: "Make the plan" }).click();
  await dialog.getByText("Nothing has been changed.").waitFor();
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save the plan" }).click();
  const file = await download;
  const plan = JSON.parse(await readFile(await file.path(), "utf8"));
  assert.equal(plan.verb, "handover");
  assert.ok(plan.changes.some(({ userPrincipalName }) => userPrincipalName === "ada@contoso.com"));
  await dialog.getByText(`agentuser apply ${file.suggestedFilename()} --approved ${plan.digest}`).waitFor();
  assert.deepEqual(await graph.look("state"), before);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.textContent === "Ask for a hand-over");
  assert.deepEqual(others(console), []);
});

test("one who follows and does not exist is told with cause and fix", async (context) => {
  const { page } = await mine(context);
  await page.getByRole("button", { name: "Ask for a hand-over" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("The one who follows").fill("nobody@contoso.com");
  await page.keyboard.press("Enter");
  await dialog.getByText(/nobody@contoso\.com/).first().waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Save the plan" }).count(), 0);
});

test("attesting is refused in Graph's words without the permission, and done with it", async (context) => {
  const { page } = await mine(context);
  const attest = async (page) => {
    await page.getByRole("button", { name: "Attest the agent identity of ada" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Attest", exact: true }).click();
  };
  await attest(page);
  await page.getByRole("dialog").locator(".problem").getByText("Details").click();
  await page.getByRole("dialog").getByText("AgentIdentity.ReadWrite.All").first().waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  const allowed = await mine(context, { scope: `${SCOPE} AgentIdentity.ReadWrite.All` });
  await attest(allowed.page);
  await allowed.page.getByRole("dialog").getByText("The agent identity is attested.").waitFor();
});

test("a person who sponsors nothing is told so", async (context) => {
  const { page } = await mine(context, { user: "human3@contoso.com" });
  await page.getByRole("heading", { name: "You sponsor no agent" }).waitFor();
});

test("without the permission for it the page names it", async (context) => {
  const { page } = await mine(context, { scope: "Mail.Read" });
  const problem = page.locator(".problem", { hasText: "Your agents could not be read." });
  await problem.getByText("Details").click();
  await problem.getByText("User.Read").first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Refresh" }).isEnabled(), true);
});

test("the keyboard alone is enough to attest and to ask for a hand-over", async (context) => {
  const { page, console } = await mine(context, { scope: `${SCOPE} AgentIdentity.ReadWrite.All` });
  const dialog = page.getByRole("dialog");
  await tabTo(page, page.getByRole("button", { name: "Attest the agent identity of ada" }));
  await page.keyboard.press("Enter");
  await tabTo(page, dialog.getByRole("button", { name: "Attest", exact: true }));
  await page.keyboard.press("Enter");
  await dialog.getByText("The agent identity is attested.").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await tabTo(page, page.getByRole("button", { name: "Ask for a hand-over" }));
  await page.keyboard.press("Enter");
  await tabTo(page, dialog.getByLabel("The one who follows"));
  await page.keyboard.type("human3@contoso.com");
  await page.keyboard.press("Enter");
  await dialog.getByText("Nothing has been changed.").waitFor();
  assert.deepEqual(others(console), []);
});

test("axe finds nothing", async (context) => {
  const { page } = await mine(context);
  await page.getByRole("list", { name: LIST }).waitFor();
  assert.deepEqual(await faults(page), [], "the list");
  await page.getByRole("button", { name: "Attest the agent identity of ada" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).waitFor();
  assert.deepEqual(await faults(page), [], "attesting");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Ask for a hand-over" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("The one who follows").fill("human3@contoso.com");
  assert.deepEqual(await faults(page), [], "asking");
  await page.keyboard.press("Enter");
  await dialog.getByText("Nothing has been changed.").waitFor();
  assert.deepEqual(await faults(page), [], "the plan");
});

test("of 5,000 agents a part is drawn, one is found, and the last is reached by scrolling", async (context) => {
  const graph = await simulator(context, { tenant: "troubled", ...signedInBy(SCOPE) });
  const token = await tokenOf(graph, "human2@contoso.com");
  const { page, console } = await open(context, browser, { ...graph, token }, { hash: "#/settings" });
  const id = (kind, n) => `${kind}d00000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  const value = Array.from({ length: 5_000 }, (_, at) => {
    const n = String(at + 1).padStart(4, "0");
    return { "@odata.type": "#microsoft.graph.agentUser", id: id("ae", at), displayName: `Many ${n}`, userPrincipalName: `many${n}@contoso.com`, identityParentId: id("a1", at), accountEnabled: true };
  });
  await page.route("**/v1.0/me/sponsorOf**", (route) => route.fulfill({ json: { value }, headers: { "Access-Control-Allow-Origin": "*" } }));
  await page.evaluate(() => (location.hash = "#/mine"));
  const items = page.getByRole("list", { name: LIST }).getByRole("listitem");
  await page.getByText("Many 0001", { exact: true }).waitFor();
  assert.ok((await items.count()) < 300, `${await items.count()} are drawn`);
  assert.equal(await items.first().getAttribute("aria-setsize"), "5000");
  const main = page.locator("main");
  // Blocks that were not drawn yet have about their height: the end is reached in a few steps.
  while (!(await page.getByText("Many 5000", { exact: true }).isVisible())) await main.evaluate((element) => (element.scrollTop = element.scrollHeight));
  assert.ok((await items.count()) < 300, `${await items.count()} are drawn`);
  await page.getByRole("searchbox").fill("many4321@");
  await page.getByText("1 of 5,000").waitFor();
  assert.equal(await items.count(), 1);
  await page.getByRole("searchbox").fill("nobody");
  await page.getByRole("heading", { name: "No agent user matches" }).waitFor();
  assert.deepEqual(others(console), []);
});
