// The sign-in of a person by MSAL, against the simulator's sign-in: in a window, with the page that it comes back to.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OF_EXAMPLES, planned } from "./states-roster.mjs";
import { choose, configured, opened, revoke, signIn } from "./signing.mjs";
import { launch, violations } from "./support.mjs";

let browser;
before(async () => {
  // The simulator's certificate is its own.
  browser = await launch("--ignore-certificate-errors");
});
after(() => browser.close());

const listed = (page) => page.locator(".heading .count", { hasText: "12 agent users" }).waitFor();

test("a person signs in, sees the list, and signs out", async (context) => {
  const { page, console } = await configured(context, browser);
  await signIn(page);
  await page.locator(".heading .count", { hasText: "12 agent users" }).waitFor();
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.ok(!stored.includes("secret") && !/eyJ/.test(stored), `a token is stored: ${stored}`);
  assert.deepEqual(console, []);
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
});

test("a hidden frame that does not answer leads to the window", async (context) => {
  const { graph, page } = await configured(context, browser);
  await page.clock.install();
  await signIn(page);
  await listed(page);
  await revoke(graph, page);
  const asked = new Promise((resolve) => void page.route("**/oauth2/v2.0/authorize**", (route) => resolve(route.fulfill({ contentType: "text/html", body: "" }))));
  await page.getByRole("button", { name: "Refresh" }).click();
  await asked;
  await page.clock.fastForward("00:30");
  await choose(await opened(page, "Sign in again"));
  await listed(page);
});

test("all that waits for the person goes on after one window", async (context) => {
  const { graph, page } = await configured(context, browser);
  await signIn(page);
  await listed(page);
  await revoke(graph, page);
  // The list's worker has a client of its own, beside that of the page.
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("Microsoft Entra wants you to sign in again.").waitFor();
  await page.getByRole("link", { name: "My agents" }).click();
  await page.getByRole("heading", { level: 1, name: "My agents" }).waitFor();
  // A window that was closed is not the last one.
  await (await opened(page, "Sign in again")).close();
  await choose(await opened(page, "Sign in again"));
  await page.getByText("Microsoft Entra wants you to sign in again.").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Agent users", exact: true }).last().click();
  await listed(page);
});

test("a sign-in may take minutes, can be given up, and fails in words", async (context) => {
  const { page, console } = await configured(context, browser);
  await page.clock.install();
  await opened(page, "Sign in");
  await page.getByRole("button", { name: "Cancel" }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Cancel" }).click();
  await opened(page, "Sign in");
  await page.clock.fastForward("14:00");
  await page.getByText("Signing in…").waitFor();
  await page.clock.fastForward("02:00");
  await page.getByText("The window of the sign-in was not answered in time.").waitFor();
  await signIn(page);
  await listed(page);
  assert.deepEqual(console, []);
});

async function signOut(page) {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
}

test("a sign-out ends the list and what it reads", async (context) => {
  const { page } = await configured(context, browser);
  await signIn(page);
  await listed(page);
  const [worker] = page.workers();
  const ended = worker.waitForEvent("close");
  await signOut(page);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await ended;
});

test("a sign-out asks before it stops changes, and then none is made", async (context) => {
  const { graph, page } = await configured(context, browser, { ...OF_EXAMPLES, agentUsers: undefined, speed: 1, latencyMs: [300, 300] });
  await signIn(page);
  await page.getByRole("link", { name: "Roster" }).click();
  await planned(page);
  await page.getByRole("button", { name: /^Make [\d,]+ changes/ }).click();
  const dialog = page.getByRole("alertdialog", { name: "Changes are under way" });
  await signOut(page);
  await dialog.waitFor();
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  await signOut(page);
  await dialog.getByRole("button", { name: "Stop and sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const sent = [];
  page.on("request", (request) => request.method() !== "GET" && request.url().startsWith(`${graph.endpoint}/v1.0`) && sent.push(request.url()));
  await signIn(page);
  await page.getByRole("link", { name: "Agent users", exact: true }).last().click();
  await page.locator(".heading .count", { hasText: /^\d+ agent users?$/ }).waitFor();
  assert.deepEqual(sent, []);
});
