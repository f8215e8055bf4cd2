// The words of the page about mending each finding, and whether they lead to the place that mends it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, launch, open, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const rule = (page, name) => page.locator(`section.rule:has(#rule-${name})`);

/** Audits the tenant: for the first time, or again. */
async function audit(page) {
  await page.getByRole("button", { name: /^Run (the audit|it again)$/ }).click();
  await page.locator(".audit-progress").waitFor({ state: "detached" });
  await page.locator("#findings").waitFor();
}

async function audited(test, options = { tenant: "troubled" }) {
  const graph = await simulator(test, options);
  const opened = await open(test, browser, graph, { hash: "#/audit" });
  await audit(opened.page);
  return { graph, ...opened };
}

/** Makes the change that a dialog shows, and closes it. */
async function make(page) {
  const dialog = page.getByRole("dialog").last();
  const show = dialog.getByRole("button", { name: "Show the changes" });
  const making = dialog.getByRole("button", { name: /^Make \d+ changes?$/ });
  await show.or(making).first().waitFor();
  if (await show.isVisible()) await show.click();
  await making.click();
  await dialog.getByText("The changes are made.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.getByText("The changes are made.").waitFor({ state: "detached" });
}

test("each rule says in words of the page what mends it, and leads there", async (context) => {
  const { page, console } = await audited(context);
  const rules = await page.locator("section.rule").evaluateAll((all) =>
    all.map((one) => ({
      name: one.querySelector("h3").id.replace("rule-", ""),
      words: [...one.querySelectorAll(".why")].map(({ textContent }) => textContent).join(" "),
      shown: one.innerText,
      ways: [...one.querySelectorAll("li.finding")].map((finding) => finding.querySelectorAll(".ways :is(a, button)").length),
      links: [...one.querySelectorAll(".ways a")].map((link) => link.getAttribute("href")),
    })),
  );
  assert.ok(rules.length >= 28, `${rules.length} rules`);
  for (const { name, words, shown, ways } of rules) {
    assert.ok(words.length > 10 && !words.includes("no words"), `${name}: ${words}`);
    assert.doesNotMatch(shown, /agentuser [a-z]|--\w/, name);
    assert.ok(ways.every((count) => count > 0), `${name} has a finding without a way`);
  }
  const parts = new Map(rules.flatMap(({ name, links }) => links.filter((link) => link.includes("part=")).map((link) => [name, link])));
  assert.ok(parts.size >= 18, [...parts.keys()].join());
  for (const [name, link] of parts) {
    const part = new URLSearchParams(link.split("?")[1]).get("part");
    await page.locator(`section.rule:has(#rule-${name}) .ways a`).first().click();
    await page.waitForFunction((id) => document.activeElement?.id === id, part);
    await page.goBack();
    await page.locator("#findings").waitFor();
  }
  assert.deepEqual(console, []);
});

/** The steps of a person in the part of the page to which a finding leads. */
const MENDS = {
  "no-sponsor": async (page) => {
    await page.locator("#people").getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("human1@contoso.com");
    await make(page);
  },
  "no-manager": async (page) => {
    await page.locator("#people").getByRole("button", { name: "Set" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("human1@contoso.com");
    await make(page);
  },
  "no-usage-location": async (page) => {
    await page.locator("#details").getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Usage location").fill("US");
    await page.locator("#details").getByRole("button", { name: "Show the changes" }).click();
    await make(page);
  },
  "role-group": async (page) => {
    await page.locator("#groups").getByRole("button", { name: /^Remove from / }).first().click();
    await make(page);
  },
  "blocked-permission": async (page) => {
    await page.locator("#permissions").getByRole("button", { name: /^(Revoke|Take away): .*ReadWrite/ }).first().click();
    await make(page);
  },
  "grant-for-all": async (page) => {
    await page.locator("#permissions li", { hasText: "for all users" }).getByRole("button").first().click();
    await make(page);
  },
};

test("what a finding leads to mends it", async (context) => {
  const { page, console } = await audited(context);
  for (const [name, mend] of Object.entries(MENDS)) {
    await rule(page, name).locator(".ways a").first().click();
    await mend(page);
    await page.goBack();
    await page.locator("#findings").waitFor();
    await page.getByText("Changes were made since the tenant was read.").waitFor();
  }
  const counts = () => page.locator("section.rule").evaluateAll((all) => Object.fromEntries(all.map((one) => [one.querySelector("h3").id.replace("rule-", ""), one.querySelectorAll("li.finding").length])));
  const before = await counts();
  await audit(page);
  const left = await counts();
  for (const name of Object.keys(MENDS)) assert.equal(left[name] ?? 0, before[name] - 1, name);
  assert.deepEqual(console, []);
});

test("what the agent identities of a blueprint inherit is ended beside its finding", async (context) => {
  const { page, console } = await audited(context);
  await rule(page, "all-inherited").getByRole("button", { name: /^Its permissions: / }).first().click();
  const dialog = page.getByRole("dialog").first();
  await dialog.getByText(/inherit all delegated permissions/).waitFor();
  assert.deepEqual(await faults(page), []);
  await dialog.getByRole("button", { name: /^Inherit none: / }).click();
  await make(page);
  await dialog.getByText(/inherit no delegated permissions and no app roles/).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByText("Changes were made since the tenant was read.").waitFor();
  await audit(page);
  assert.equal(await rule(page, "all-inherited").count(), 0);
  assert.deepEqual(console, []);
});

test("one finding is planned and mended by its own button, and its command can be copied", async (context) => {
  const { page, graph, console } = await audited(context);
  const found = rule(page, "parent-gone").locator("li.finding").first();
  await found.getByText("Details").click();
  await found.getByRole("button", { name: "Copy: Command for a terminal" }).waitFor();
  await found.getByRole("button", { name: /^Plan this fix/ }).click();
  await page.getByRole("dialog").getByText("1 agent user to change").waitFor();
  await make(page);
  await rule(page, "parent-gone").waitFor({ state: "detached" });
  const { users } = await graph.look("state");
  assert.equal(users.find(({ userPrincipalName }) => userPrincipalName.startsWith("parent.gone@")).deleted, true);
  assert.deepEqual(console, []);
});

test("the page of an agent user says what mends its findings, and leads to its own parts", async (context) => {
  const graph = await simulator(context, { tenant: "troubled" });
  const { users } = await graph.look("state");
  const { id } = users.find(({ userPrincipalName }) => userPrincipalName.startsWith("no.manager@"));
  const { page, console } = await open(context, browser, graph, { hash: `#/users/${id}` });
  await page.getByRole("button", { name: "Check this agent user" }).click();
  const findings = page.locator("#findings");
  await findings.getByText("Set a manager.").waitFor();
  assert.doesNotMatch(await findings.innerText(), /agentuser [a-z]/);
  await findings.getByRole("button", { name: "Its manager and sponsors" }).click();
  await page.waitForFunction(() => document.activeElement?.id === "people");
  assert.deepEqual(console, []);
});
