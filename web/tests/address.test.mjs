// Addresses: deep links, a reload, Back and Forward, and two tabs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const counts = (page, text) => page.locator(".heading .count", { hasText: text }).waitFor();
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const hash = (page) => page.evaluate(() => location.hash);

test("search, filters and order of the list are in the address, and outlive a reload", async (context) => {
  const graph = await simulator(context, { tenant: "troubled" });
  const { page, console } = await open(context, browser, graph, { hash: "#/users" });
  await counts(page, "35 agent users");
  await page.getByRole("searchbox").fill("left");
  await page.locator(".filters").getByRole("button", { name: "Domain" }).click();
  await page.getByRole("menuitemradio", { name: /^contoso\.com/ }).click();
  await page.getByRole("columnheader", { name: "User principal name" }).getByRole("button").click();
  await page.waitForFunction(() => location.hash === "#/users?q=left&domain=contoso.com&sort=userPrincipalName");
  const shown = page.locator(".heading .count", { hasText: / of 35$/ });
  await shown.waitFor();
  await page.reload();
  await shown.waitFor();
  assert.equal(await page.getByRole("searchbox").inputValue(), "left");
  await page.getByRole("button", { name: "Domain: contoso.com" }).waitFor();
  assert.equal(await page.getByRole("columnheader", { name: "User principal name" }).getAttribute("aria-sort"), "ascending");
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await page.waitForFunction(() => location.hash === "#/users?sort=userPrincipalName");
  assert.deepEqual(console, []);
});

test("an address with a filter is followed in a list that is open, and read what it needs", async (context) => {
  const graph = await simulator(context, { tenant: "troubled" });
  const { page, console } = await open(context, browser, graph, { hash: "#/users?sponsor=" });
  await page.getByRole("row", { name: "no.sponsor@contoso.com" }).waitFor();
  await page.getByRole("button", { name: "Sponsors: Without a sponsor" }).waitFor();
  await page.evaluate(() => (location.hash = "#/users?q=idle"));
  await counts(page, "1 of 35");
  assert.deepEqual(console, []);
});

test("Back and Forward lead through pages, with the search, the place in the list and the findings as they were", async (context) => {
  const graph = await simulator(context, { tenant: "troubled" });
  const { page, console } = await open(context, browser, graph);
  await counts(page, "35 agent users");
  await page.getByRole("searchbox").fill("no.sponsor");
  await counts(page, "1 of 35");
  await page.locator("#row-0 a").click();
  await page.locator(".user-heading h1").waitFor();
  const user = await hash(page);
  await page.getByRole("navigation").getByRole("link", { name: "Audit" }).click();
  await page.getByRole("button", { name: "Run the audit" }).click();
  await page.locator("#findings").waitFor();
  await page.goBack();
  await page.locator(".user-heading h1").waitFor();
  assert.equal(await hash(page), user);
  await page.goBack();
  await counts(page, "1 of 35");
  assert.equal(await page.getByRole("searchbox").inputValue(), "no.sponsor");
  await page.goForward();
  await page.locator(".user-heading h1").waitFor();
  await page.goForward();
  await page.locator("#findings").waitFor();
  assert.deepEqual(console, []);
});

test("each page is there after a reload of its address, and names its document", async (context) => {
  const graph = await simulator(context, { tenant: "troubled" });
  const { page, console } = await open(context, browser, graph, { hash: "#/settings" });
  for (const [address, name] of [["create", "Create"], ["roster", "Roster"], ["audit", "Audit"], ["mine", "My agents"], ["settings", "Settings"], ["users?view=deleted", "Recycle bin"]]) {
    await page.evaluate((to) => (location.hash = to), `#/${address}`);
    await heading(page, name);
    await page.reload();
    await heading(page, name);
    assert.ok((await page.title()).endsWith("- Agent users"), await page.title());
  }
  assert.deepEqual(console, []);
});

test("two tabs have a list each, and neither disturbs the other", async (context) => {
  const graph = await simulator(context, { tenant: "troubled" });
  const { page, origin, console } = await open(context, browser, graph);
  await counts(page, "35 agent users");
  const other = await page.context().newPage();
  await other.goto(`${origin}/#/users?q=idle`);
  await counts(other, "1 of 35");
  await counts(page, "35 agent users");
  await page.getByRole("button", { name: "Colors" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await other.reload();
  await counts(other, "1 of 35");
  assert.notEqual(await other.evaluate(() => getComputedStyle(document.querySelector(".app")).backgroundColor), "rgb(255, 255, 255)");
  assert.deepEqual(console, []);
});
