// A token that ends while changes are made: the page gets another one by itself where it can, else the person is asked, and what
// was under way goes on without doing anything twice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choose, configured, opened, revoke, signIn } from "./signing.mjs";
import { OF_EXAMPLES, planned } from "./states-roster.mjs";
import { faults, launch } from "./support.mjs";

let browser;
before(async () => {
  // The simulator's certificate is its own.
  browser = await launch("--ignore-certificate-errors");
});
after(() => browser.close());

const ROSTER = { ...OF_EXAMPLES, agentUsers: undefined, speed: 1 };
const MANY = { agentUsers: 400, identities: 410, speed: 1 };
const ASKED = "Microsoft Entra wants you to sign in again.";

/** A page where a person is signed in, with the tokens that it has sent to Graph. */
async function signedIn(context, options) {
  const { graph, page } = await configured(context, browser, options);
  const tokens = new Set();
  page.on("request", async (request) => {
    const token = request.url().startsWith(`${graph.endpoint}/v1.0`) ? (await request.allHeaders().catch(() => ({}))).authorization?.slice("Bearer ".length) : undefined;
    if (token !== undefined) tokens.add(token);
  });
  const ask = async (method, what, data) => {
    const response = await page.request.fetch(`${graph.endpoint}/simulator/${what}`, { method, ...(data === undefined ? {} : { data }) });
    assert.ok(response.ok(), `${what}: ${response.status()}`);
    const text = await response.text();
    return text === "" ? undefined : JSON.parse(text);
  };
  await signIn(page);
  await page.locator(".heading .count", { hasText: /^[\d,]+ agent users?$/ }).waitFor();
  return { graph, page, tokens, ask };
}

/** Makes what is shown, so slowly that it is under way when this returns: some changes are made, and others are not. */
async function begun({ page, ask }, make) {
  const writes = async () => (await ask("GET", "stats")).writes;
  const before = await writes();
  await ask("POST", "network", { latencyMs: [700, 700] });
  await make.click();
  await page.waitForResponse((response) => response.request().method() === "POST" && response.url().includes("/v1.0"));
  while ((await writes()) === before) await page.waitForResponse((response) => response.url().includes("/v1.0"));
}

/** Looks that nothing was done twice. */
async function once(ask) {
  const { createdMoreThanOncePerParent, writesWithoutChange } = await ask("GET", "stats");
  assert.deepEqual([createdMoreThanOncePerParent, writesWithoutChange], [{}, 0]);
}

async function rosterPlanned(page) {
  await page.getByRole("link", { name: "Roster" }).click();
  await planned(page);
  return page.getByRole("button", { name: /^Make [\d,]+ changes/ });
}

async function disablePlanned(page) {
  await page.getByRole("checkbox", { name: "Select all" }).check();
  await page.locator(".commands").getByRole("button", { name: "Disable" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Show the changes" }).click();
  return page.getByRole("dialog").getByRole("button", { name: "Make 400 changes" });
}

const disabled = async (ask) => (await ask("GET", "state")).users.filter(({ identityParentId, accountEnabled }) => identityParentId && accountEnabled === false).length;
const created = async (ask) => (await ask("GET", "stats")).agentUsersCreated;

for (const [name, options, plan, isDone] of [
  ["a roster", ROSTER, rosterPlanned, async (ask) => assert.equal(await created(ask), 24)],
  ["a change of many", MANY, disablePlanned, async (ask) => assert.equal(await disabled(ask), 400)],
]) {
  test(`${name} goes on by itself where its token is renewed without the person`, async (context) => {
    const { page, tokens, ask } = await signedIn(context, options);
    await begun({ page, ask }, await plan(page));
    assert.equal(tokens.size, 1);
    await ask("POST", "revoke", { token: [...tokens][0] });
    await ask("POST", "network", { latencyMs: [0, 0] });
    await page.locator(".fui-MessageBar", { hasText: "The changes are made." }).waitFor();
    assert.equal(await page.getByText(ASKED).count(), 0);
    // The list, which follows the changes, gets one for itself.
    assert.ok(tokens.size > 1, "the token was not renewed while changes were made");
    await isDone(ask);
    await once(ask);
  });

  test(`${name} waits for the person whose sessions have ended, and then goes on`, async (context) => {
    const { graph, page, ask } = await signedIn(context, options);
    await begun({ page, ask }, await plan(page));
    await revoke(graph, page);
    await ask("POST", "network", { latencyMs: [0, 0] });
    await page.getByRole("button", { name: "Sign in again" }).waitFor();
    assert.deepEqual(await faults(page), []);
    await choose(await opened(page, "Sign in again"));
    await page.locator(".fui-MessageBar", { hasText: "The changes are made." }).waitFor();
    await page.getByText(ASKED).first().waitFor({ state: "detached" });
    await isDone(ask);
    await once(ask);
  });
}
