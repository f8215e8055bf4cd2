// The page that creates an agent user, against the simulator: what an admin does with it, and what happens when requests fail.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { filled } from "./states-create.mjs";
import { launch, open, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const TENANT = { agentUsers: 10, identities: 40, seed: 4 };

async function begin(test, options = {}, hash = "#/create") {
  const graph = await simulator(test, { ...TENANT, ...options });
  return { graph, ...(await open(test, browser, graph, { hash })) };
}

const named = async (graph, name) => (await graph.look("state")).users.filter(({ userPrincipalName }) => userPrincipalName === name);

/** Shows the changes, and creates. */
async function create(page) {
  await page.getByRole("button", { name: "Show the changes" }).click();
  await page.getByRole("dialog").getByText(/^create /).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
}

test("an agent user is created after its changes were shown, and its readiness is followed", async (context) => {
  const { page, graph, console } = await begin(context);
  await filled(page);
  await page.getByLabel("Usage location").fill("US");
  await page.getByLabel("Manager").fill("human1@contoso.com");
  await page.getByLabel("Sponsors").fill("human1@contoso.com\nhuman2@contoso.com");
  await page.getByRole("checkbox", { name: /^AGENT_365 / }).check();
  await page.getByRole("button", { name: "Show the changes" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("create sales.agent@contoso.com").waitFor();
  await dialog.getByText("add the license AGENT_365").waitFor();
  assert.equal((await graph.look("stats")).writes, 0, "the dry run has written");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "Open the agent user" }).waitFor();
  assert.equal(await page.locator("#stages li.done").count(), 6);
  await page.locator("#readiness li.done", { hasText: "Mailbox" }).getByText("Ready: sales.agent@contoso.com").waitFor();
  const [user] = await named(graph, "sales.agent@contoso.com");
  assert.equal(user.sponsors.length, 2);
  assert.equal(user.licenses.length, 1);
  assert.match(user.manager, /1$/);
  await page.getByRole("link", { name: "Open the agent user" }).click();
  await page.getByRole("heading", { level: 1, name: "Sales Agent" }).waitFor();
  assert.deepEqual(console, []);
});

test("rules are checked as one types, and what is missing once the form is sent", async (context) => {
  const { page, graph, console } = await begin(context);
  await page.getByRole("button", { name: "Show the changes" }).click();
  await page.getByText("Choose an agent identity.").waitFor();
  assert.equal(await page.getByText("A value is required.").count(), 2);
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  await filled(page);
  await page.getByLabel("Usage location").fill("USA");
  await page.getByText('"USA" is not a two-letter country code. Use US.').waitFor();
  await page.getByLabel("User principal name").fill("sales@elsewhere.example");
  await page.locator("#create-names").getByText(/elsewhere\.example/).first().waitFor();
  await page.getByRole("button", { name: "Show the changes" }).click();
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.equal((await graph.look("stats")).writes, 0);
  assert.deepEqual(console, []);
});

test("a name that a user has is followed by the next one", async (context) => {
  const { page, console } = await begin(context);
  await page.getByLabel("Display name").fill("agent45");
  await page.getByText("Taken: agent45@contoso.com.").waitFor();
  await page.getByText("No user has this name.").waitFor();
  assert.equal(await page.getByLabel("User principal name").inputValue(), "agent452@contoso.com");
  await page.getByLabel("User principal name").fill("agent46@contoso.com");
  await page.getByText("A user has the name agent46@contoso.com. Choose another one.").waitFor();
  assert.deepEqual(console, []);
});

/** The token of an application that may do no more than this. */
async function tokenOf(graph, { clientId, clientSecret }) {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, grant_type: "client_credentials", scope: `${graph.endpoint}/.default` });
  const response = await fetch(`${graph.endpoint}/contoso.com/oauth2/v2.0/token`, { method: "POST", body });
  return (await response.json()).access_token;
}

test("the permissions are said first, and follow the form", async (context) => {
  const application = { clientId: "5ea00000-0000-4000-8000-000000000009", clientSecret: "simulated", roles: ["User.Read.All", "AgentIdentity.Read.All"] };
  const graph = await simulator(context, { ...TENANT, signIn: { applications: [application] } });
  const { page, console } = await open(context, browser, { ...graph, token: await tokenOf(graph, application) }, { hash: "#/create" });
  const needs = page.getByRole("region", { name: "What you need" });
  await needs.getByText("AgentIdUser.ReadWrite.All").waitFor();
  assert.equal(await needs.getByText("GroupMember.ReadWrite.All").count(), 0);
  await page.getByLabel("Groups").fill("Sales Agents");
  await needs.getByText("GroupMember.ReadWrite.All").waitFor();
  await needs.getByText("Groups Administrator").waitFor();
  await needs.getByRole("button", { name: "Check my sign-in" }).click();
  await needs.getByText("Your token lacks AgentIdUser.ReadWrite.All.").waitFor();
  assert.deepEqual(console, []);
});

test("an agent identity that has an agent user is not a parent", async (context) => {
  const graph = await simulator(context, TENANT);
  const { users } = await graph.look("state");
  const { identityParentId } = users.find((user) => user.identityParentId);
  const { page } = await open(context, browser, graph, { hash: `#/create?parent=${identityParentId}` });
  await page.getByText("An agent identity has one agent user at most. This one has:").waitFor();
});

test("an answer that is lost and a storm of 429 create one agent user", async (context) => {
  const { page, graph } = await begin(context);
  await filled(page);
  const storm = Array.from({ length: 3 }, (_, at) => ({ method: "POST", path: "/users/microsoft.graph.agentUser", nth: at + 2, fault: "throttled", retryAfterSeconds: 2 }));
  await graph.script([{ method: "POST", path: "/users/microsoft.graph.agentUser", fault: "lostAnswer" }, ...storm]);
  await create(page);
  await page.getByRole("link", { name: "Open the agent user" }).waitFor();
  assert.equal((await named(graph, "sales.agent@contoso.com")).length, 1);
  assert.deepEqual((await graph.look("stats")).createdMoreThanOncePerParent, {});
});

test("what fails after the creation is said, and done by another try", async (context) => {
  const { page, graph } = await begin(context);
  await filled(page);
  await page.getByLabel("Manager").fill("human1@contoso.com");
  const denied = { fault: "answer", status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation.", executed: false };
  await graph.script([{ method: "PUT", path: "/manager/$ref", ...denied }]);
  await create(page);
  await page.locator(".unseen[role=status]", { hasText: "The agent user is created, but not everything else could be done." }).waitFor();
  await page.getByText("Details").click();
  await page.getByText("Authorization_RequestDenied: Insufficient privileges to complete the operation.").waitFor();
  await page.getByRole("button", { name: "Try what is left again" }).click();
  await page.getByText("Sales Agent is created.").last().waitFor();
  const [user] = await named(graph, "sales.agent@contoso.com");
  assert.match(user.manager, /1$/);
});

test("a refused creation leads back to the form as it was", async (context) => {
  const { page, graph } = await begin(context);
  await filled(page);
  await graph.script([{ method: "POST", path: "/users/microsoft.graph.agentUser", fault: "answer", status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation.", executed: false }]);
  await create(page);
  await page.getByRole("button", { name: "Back to the form" }).click();
  assert.equal(await page.getByLabel("Display name").inputValue(), "Sales Agent");
  assert.equal(await page.getByRole("combobox", { name: "Agent identity" }).inputValue(), "Agent 12");
});
