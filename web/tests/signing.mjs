// The sign-in of a person by MSAL, against the simulator's sign-in: what tests of it share.
import assert from "node:assert/strict";
import { serve, simulator } from "./support.mjs";

const CLIENT = "5ea00000-0000-4000-8000-0000000000ad";

/** The scopes that an administrator has consented to. */
const SCOPE = "AgentIdUser.ReadWrite.All AgentIdentity.Read.All LicenseAssignment.Read.All User.Read.All";

/** A page that is configured for the simulator's sign-in. */
export async function configured(context, browser, options = {}) {
  const application = { clientId: CLIENT, pageRedirectUris: ["http://127.0.0.1/redirect.html"] };
  const people = [{ userPrincipalName: "ada@contoso.com", admin: true }];
  const consent = [{ client: CLIENT, scope: SCOPE }];
  const signIn = { applications: [application], people, consent };
  const graph = await simulator(context, { tls: true, agentUsers: 12, identities: 20, signIn, ...options });
  const { tid } = JSON.parse(Buffer.from(graph.token.split(".")[1], "base64url"));
  const config = { clientId: CLIENT, tenantId: tid, graphEndpoint: graph.endpoint, loginEndpoint: graph.endpoint };
  const { origin } = await serve(context, { config, endpoints: [graph.endpoint] });
  const window = await browser.newContext({ ignoreHTTPSErrors: true });
  context.after(() => window.close());
  const page = await window.newPage();
  const messages = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  await page.goto(origin);
  return { graph, page, console: messages };
}

/** Clicks on a button, and gives the window that opens. */
export async function opened(page, button) {
  const [window] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: button }).click()]);
  await window.getByRole("combobox").waitFor();
  return window;
}

/** Chooses the person in the window of the sign-in. */
export async function choose(window) {
  await window.getByRole("combobox").selectOption("ada@contoso.com");
  await window.getByRole("button", { name: "Sign in and consent" }).click();
}

/** Clicks on "Sign in" and chooses the person. */
export async function signIn(page) {
  await choose(await opened(page, "Sign in"));
}

/** Ends the sessions of the person: Graph refuses their tokens from now on. */
export async function revoke(graph, page) {
  const { users } = await (await page.request.get(`${graph.endpoint}/simulator/state`)).json();
  const ada = users.find(({ userPrincipalName }) => userPrincipalName === "ada@contoso.com");
  const headers = { Authorization: `Bearer ${graph.token}` };
  const revoked = await page.request.post(`${graph.endpoint}/v1.0/users/${ada.id}/revokeSignInSessions`, { headers });
  assert.equal(revoked.status(), 200, await revoked.text());
}
