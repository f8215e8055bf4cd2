// The page of rosters against the simulator: a file, its errors, its plan, its run, and what is left.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { example, give, OF_EXAMPLES, planned as plan } from "./states-roster.mjs";
import { answers, large, launch, open, simulator } from "./support.mjs";

const GOOD = example("roster.csv");
const BAD = example("roster-bad.csv");

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function opened(test, options = {}, view = {}) {
  const graph = await simulator(test, { ...OF_EXAMPLES, ...options });
  const seen = await open(test, browser, graph, { hash: "#/roster", ...view });
  await seen.page.getByRole("button", { name: "Choose a file" }).waitFor();
  return { graph, ...seen };
}

const click = (page, name) => page.getByRole("button", { name }).click();
const chip = (page, text) => page.locator(".chips li", { hasText: new RegExp(`^${text}$`) });
const gridRow = (page, name) => page.getByRole("row", { name });

/** The agent users that the example declares and the simulator has. */
async function declared(graph) {
  const parents = new Set(GOOD.toString("utf8").match(/^[0-9a-f-]{36}/gm));
  const { users } = await graph.look("state");
  return users.filter(({ identityParentId }) => parents.has(identityParentId));
}

async function saved(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), click(page, name)]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
}

test("every error of a file is in its cell, with its words and what to do", async (context) => {
  const { page, graph, console } = await opened(context);
  await give(page, BAD, "bad.csv");
  await page.getByText("42 errors in the file.").first().waitFor();
  const cell = page.getByRole("gridcell", { name: /A value is required/ }).first();
  assert.equal(await cell.getAttribute("aria-invalid"), "true");
  assert.equal(await cell.getAttribute("aria-colindex"), "4", "userPrincipalName is the third column of the file");
  assert.match(await page.getByRole("columnheader", { name: /jobTitel/ }).textContent(), /There is no column/);
  // The first two errors are in the header.
  await click(page, "Next error");
  await click(page, "Next error");
  await page.getByText("3 of 42: Row 3, userPrincipalName").waitFor();
  await page.locator(".error-note", { hasText: "A value is required. Give userPrincipalName a value." }).waitFor();
  await click(page, "Previous error");
  await page.getByText("2 of 42: Row 1, jobTitel").waitFor();
  const { name, text } = await saved(page, "Save the errors");
  assert.equal(name, "bad-errors.csv");
  assert.equal(text.trim().split("\r\n").filter((line) => /^\uFEFF?\d|^,|^row/.test(line)).length >= 42, true, text);
  await page.getByRole("switch").uncheck();
  await page.getByRole("grid").and(page.locator("[aria-rowcount]")).waitFor();
  assert.ok(Number(await page.getByRole("grid").getAttribute("aria-rowcount")) > 38, "rows without errors are shown, too");
  assert.equal((await graph.look("stats")).writes, 0);
  assert.deepEqual(console, []);
});

test("what only the tenant shows is in its cell, too", async (context) => {
  const { page } = await opened(context);
  await give(page, "identityParentId,displayName,userPrincipalName\na1d00000-0000-4000-8000-000000000001,One,one@elsewhere.example\n");
  await page.getByText("1 error in the file.").first().waitFor();
  assert.equal(await page.getByRole("gridcell", { name: /one@elsewhere\.example/ }).getAttribute("aria-invalid"), "true");
});

/** The same row, wrong in one column, as programs write it. */
const FORMS = {
  "sep=; of Excel, and a blank line": "sep=;\r\nidentityParentId;displayName;userPrincipalName;usageLocation\r\n\r\na1d00000-0000-4000-8000-000000000001;One;one@contoso.com;USA\r\n",
  "UTF-16 with tabs": Buffer.from("\uFEFFidentityParentId\tdisplayName\tuserPrincipalName\tusageLocation\n\na1d00000-0000-4000-8000-000000000001\tOne\tone@contoso.com\tUSA\n", "utf16le"),
  "a cell of two lines before it": 'identityParentId,displayName,userPrincipalName,usageLocation,streetAddress\na1d00000-0000-4000-8000-000000000002,Two,two@contoso.com,US,"a\nb"\na1d00000-0000-4000-8000-000000000001,One,one@contoso.com,USA,x\n',
  "the columns of the portal": "version:v1.0,,,\nidentityParentId,Name [displayName] Required,User name [userPrincipalName] Required,Usage location [usageLocation]\n\na1d00000-0000-4000-8000-000000000001,One,one@contoso.com,USA\n",
  "JSON": JSON.stringify([{ identityParentId: "a1d00000-0000-4000-8000-000000000002", displayName: "Two", userPrincipalName: "two@contoso.com", usageLocation: "US" }, { identityParentId: "a1d00000-0000-4000-8000-000000000001", displayName: "One", userPrincipalName: "one@contoso.com", usageLocation: "USA" }]),
  "JSON lines": '{"identityParentId":"a1d00000-0000-4000-8000-000000000001","displayName":"One","userPrincipalName":"one@contoso.com","usageLocation":"USA"}\n{"identityParentId":"a1d00000-0000-4000-8000-000000000002","displayName":"Two","userPrincipalName":"two@contoso.com","usageLocation":"US"}\n',
};

test("the cell of an error is found in files of other programs", async (context) => {
  const { page } = await opened(context);
  for (const [form, file] of Object.entries(FORMS)) {
    await give(page, file);
    const cell = page.getByRole("gridcell", { name: /^USA/ });
    await cell.waitFor();
    assert.equal(await cell.getAttribute("aria-invalid"), "true", form);
    assert.equal(await cell.getAttribute("aria-colindex"), "5", form);
    await gridRow(page, /one@contoso\.com/).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Choose a file" }).waitFor();
  }
});

test("a file that is damaged is refused as a whole, with the reason", async (context) => {
  const { page } = await opened(context);
  await give(page, 'identityParentId,displayName\na1d00000-0000-4000-8000-000000000001,"One\n');
  await page.getByText("The file can't be used.").waitFor();
  await page.getByRole("button", { name: "Choose the corrected file" }).waitFor();
});

test("approved rows are made and no others; the same file then has what is left, down to nothing", async (context) => {
  const { page, graph, console } = await opened(context);
  await plan(page);
  await chip(page, "New 24").waitFor();
  await gridRow(page, /AGENT_365 24 25 1/).waitFor();
  assert.equal((await graph.look("stats")).writes, 0, "the plan has written");
  // Two rows are left out: one by the keyboard, one by the mouse.
  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByText("1 approved row names a manager whose own row is left out.").waitFor();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await gridRow(page, /sales\.saopaulo/).getByRole("gridcell").first().click();
  await page.getByRole("button", { name: /in 22 rows/ }).waitFor();
  await gridRow(page, /AGENT_365 22 25 3/).waitFor();
  await click(page, /^Make \d+ changes/);
  await page.getByText("The changes are made.").waitFor();
  await chip(page, "Created 22").waitFor();
  await chip(page, "Left out 2").waitFor();
  assert.equal((await declared(graph)).length, 22);
  const { name, text } = await saved(page, "Save the results (CSV)");
  assert.equal(name, "roster-results.csv");
  assert.equal(text.match(/,created,/g)?.length, 22, text);
  assert.equal(JSON.parse((await saved(page, "Save the results (JSON)")).text).length, 22);
  // A result that was not saved is not lost by one click.
  await click(page, "Another file");
  await page.getByText("The results of this run are forgotten.").waitFor();
  await click(page, "Another file");
  await plan(page);
  await chip(page, "New 2").waitFor();
  await chip(page, "As wanted 22").waitFor();
  await click(page, /^Make \d+ changes/);
  await chip(page, "Created 2").waitFor();
  assert.equal((await declared(graph)).length, 24);
  await click(page, "Another file");
  await click(page, "Another file");
  await plan(page);
  await page.getByText("Nothing is left to change").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Make/ }).count(), 0);
  assert.deepEqual(console, []);
});

test("a roster is planned and applied in its worker, and its plan is saved from there", async (context) => {
  const { page, graph, console } = await opened(context);
  await plan(page);
  const { name, text } = await saved(page, "Save the plan");
  assert.equal(name, "roster-plan.json");
  assert.equal(JSON.parse(text).digest, await page.locator(".digest code").innerText());
  await click(page, /^Make \d+ changes/);
  await page.getByText("The changes are made.").waitFor();
  assert.equal((await declared(graph)).length, 24);
  // The window knows its own requests alone.
  const asked = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
  assert.deepEqual(asked.filter((path) => /\/(\$batch|users|servicePrincipals)/.test(path)), []);
  assert.deepEqual(console, []);
});

test("a file that is larger than a roster may be is not read, and the limit is said", async (context) => {
  const { page, console } = await opened(context);
  await page.locator("input[type=file]").setInputFiles(large(context, 64 * 2 ** 20 + 1));
  await page.locator(".problem").getByText("The file has 64 MB, and no more than 64 MB are read. Check that it is the right one.").waitFor();
  await page.getByRole("button", { name: "Choose a file" }).waitFor();
  assert.deepEqual(console, []);
});

test("a run that is stopped says how far each row came, and goes on with the same file", async (context) => {
  const { page, graph } = await opened(context);
  await plan(page);
  await answers(graph, 3_000);
  await click(page, /^Make \d+ changes/);
  await page.locator("[aria-label='Rows by stage'] li").first().waitFor();
  await click(page, "Stop");
  await answers(graph, 0);
  await page.getByText("The changes were stopped.").first().waitFor();
  await chip(page, "Stopped \\d+").waitFor();
  await click(page, "Plan what is left");
  await click(page, /^Make \d+ changes/);
  await page.getByText("The changes are made.").waitFor();
  assert.equal((await declared(graph)).length, 24);
});

test("a storm of 429 and lost answers: waits are shown, and each agent user is made once", async (context) => {
  const storm = [1, 2, 3, 4, 5, 6].map((nth) => ({ method: "POST", path: "/users/microsoft.graph.agentUser", nth, fault: "throttled", retryAfterSeconds: 3 }));
  const lost = [8, 9, 12].map((nth) => ({ method: "POST", path: "/users/microsoft.graph.agentUser", nth, fault: "lostAnswer" }));
  const { page, graph, console } = await opened(context, { speed: 1 });
  await plan(page);
  await graph.script([...storm, ...lost]);
  await click(page, /^Make \d+ changes/);
  await page.getByText(/Microsoft Graph asks to wait: next try in/).first().waitFor();
  await page.getByText("The changes are made.").waitFor();
  const made = await declared(graph);
  assert.equal(made.length, 24);
  assert.equal(new Set(made.map(({ identityParentId }) => identityParentId)).size, 24, "a parent has two");
  // The browser says what of the network failed; the page says nothing.
  assert.deepEqual(console.filter((text) => !text.startsWith("Failed to load resource")), []);
});

test("a row that is not as it was planned is left alone and says so; planned anew, the plan says that it can't be made", async (context) => {
  const { page, graph } = await opened(context);
  await plan(page);
  // Another client is faster, for one of the parents.
  const [, identityParentId] = /^([0-9a-f-]{36}),.*finance\.payroll/m.exec(GOOD.toString("utf8"));
  const other = { accountEnabled: true, displayName: "Other", mailNickname: "other", userPrincipalName: "other@contoso.com", identityParentId };
  const headers = { Authorization: `Bearer ${graph.token}`, "Content-Type": "application/json" };
  const { status } = await fetch(`${graph.endpoint}/v1.0/users/microsoft.graph.agentUser`, { method: "POST", headers, body: JSON.stringify(other) });
  assert.equal(status, 201);
  await click(page, /^Make \d+ changes/);
  await page.getByText("Not every change could be made.").waitFor();
  await chip(page, "Failed 1").waitFor();
  await page.getByLabel("Show", { exact: true }).selectOption("failed");
  await page.getByRole("region", { name: "The chosen row" }).getByText("Details").click();
  await page.getByText("What to do").waitFor();
  await click(page, "Plan what is left");
  await chip(page, "As wanted 23").waitFor();
  await chip(page, "Can't be made 1").waitFor();
  await page.getByText("1 row can't be made so.").waitFor();
  await gridRow(page, /already has the agent user other@contoso\.com/).waitFor();
  assert.equal(await page.getByRole("button", { name: /^Make/ }).count(), 0);
  assert.equal((await declared(graph)).length, 24);
});

test("a permission that is missing is named, and nothing is lost", async (context) => {
  const { page } = await opened(context, { permissions: ["User.ReadBasic.All", "AgentIdentity.Read.All"] });
  await give(page, GOOD);
  await page.getByText("verified domains could not be read").waitFor();
  await page.getByText(/Its rows need \d+ permissions/).click();
  await page.getByText(/AgentIdUser\.ReadWrite\.All/).waitFor();
  await click(page, "Show the changes");
  await page.getByText("The changes could not be planned.").waitFor();
  await page.getByText("Details").first().click();
  await page.getByText(/LicenseAssignment\.Read\.All/).first().waitFor();
  await page.getByRole("button", { name: "Plan again" }).waitFor();
});

test("closing the window is asked about while changes are made, and at no other time; other pages may be looked at", async (context) => {
  const { page, graph } = await opened(context);
  const asked = [];
  page.on("dialog", async (dialog) => {
    asked.push(dialog.type());
    await dialog.dismiss();
  });
  await plan(page);
  await answers(graph, 3_000);
  await click(page, /^Make \d+ changes/);
  await page.getByText("Leave this window open.").waitFor();
  const [dialog] = await Promise.all([page.waitForEvent("dialog"), page.close({ runBeforeUnload: true })]);
  assert.equal(dialog.type(), "beforeunload");
  await answers(graph, 0);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  await page.getByRole("link", { name: "Roster" }).click();
  await page.getByText("The changes are made.").waitFor();
  assert.equal((await declared(graph)).length, 24);
  asked.length = 0;
  await page.close({ runBeforeUnload: true });
  if (!page.isClosed()) await page.waitForEvent("close");
  assert.deepEqual(asked, []);
});

test("the keyboard alone is enough", async (context) => {
  const { page, graph } = await opened(context);
  const press = async (name) => {
    await page.getByRole("button", { name }).waitFor();
    for (let tabs = 0; tabs < 40; tabs++) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => (document.activeElement?.tagName === "BUTTON" ? document.activeElement.textContent : ""));
      if (name.test(focused)) return page.keyboard.press("Enter");
    }
    throw new Error(`${name} can't be reached by Tab.`);
  };
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press(/^Choose a file$/)]);
  await chooser.setFiles({ name: "roster.csv", mimeType: "text/csv", buffer: GOOD });
  await press(/^Show the changes$/);
  await page.locator(".digest").waitFor();
  await press(/^Make \d+ changes/);
  await page.getByText("The changes are made.").waitFor();
  assert.equal((await declared(graph)).length, 24);
});

test("of 10,000 rows those in view are drawn, and the keyboard reaches the last one", async (context) => {
  const { page } = await opened(context);
  const rows = Array.from({ length: 10_000 }, (_, at) => `b2d00000-0000-4000-8000-${String(at).padStart(12, "0")},Agent ${at},agent${at}@contoso.com,${at === 9_998 ? "USA" : "US"}`);
  const file = ["identityParentId,displayName,userPrincipalName,usageLocation", ...rows].join("\n");
  await give(page, file);
  await page.getByText("1 error in the file.").first().waitFor();
  await page.getByRole("switch").uncheck();
  const grid = page.getByRole("grid");
  assert.equal(await grid.getAttribute("aria-rowcount"), "10001");
  assert.ok((await page.getByRole("row").count()) < 60, "all rows are drawn");
  await grid.focus();
  await page.keyboard.press("Control+End");
  await gridRow(page, /agent9999@contoso\.com/).waitFor();
  await click(page, "Next error");
  await gridRow(page, /agent9998@contoso\.com.*USA/).waitFor();
  await give(page, file.replace(",USA", ",US"));
  await page.getByText("10,000 agent users declared").first().waitFor();
  assert.ok((await page.getByRole("row").count()) < 60, "all rows are drawn");
});

test("the page answers while 100,000 rows are read and judged", async (context) => {
  const { page, console } = await opened(context);
  const rows = Array.from({ length: 100_000 }, (_, at) => `b2d00000-0000-4000-8000-${String(at).padStart(12, "0")},Agent ${at},agent${at}@contoso.com,US`);
  await page.evaluate(() => {
    globalThis.longest = 0;
    const watch = new PerformanceObserver((list) => (globalThis.longest = Math.max(globalThis.longest, ...list.getEntries().map(({ duration }) => duration))));
    watch.observe({ type: "longtask" });
  });
  // The browser gives the page a file of this size in pieces, which is no reading of the page's own.
  const folder = mkdtempSync(join(tmpdir(), "agentuser-roster-"));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "large.csv"), ["identityParentId,displayName,userPrincipalName,usageLocation", ...rows].join("\n"));
  await page.locator("input[type=file]").setInputFiles(join(folder, "large.csv"));
  const reading = page.getByText("Reading the file…");
  await reading.waitFor();
  const began = await page.evaluate(() => performance.now());
  await page.getByRole("button", { name: "Colors" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await page.waitForFunction(() => getComputedStyle(document.querySelector(".app")).backgroundColor !== "rgb(255, 255, 255)");
  assert.equal(await reading.count(), 1, "the file was read before the page answered");
  await page.getByText("100,000 agent users declared").first().waitFor();
  const [longest, ended] = await page.evaluate(() => [globalThis.longest, performance.now()]);
  assert.ok(longest < (ended - began) / 4, `one task took ${longest} of ${ended - began} ms`);
  assert.deepEqual(console, []);
});
