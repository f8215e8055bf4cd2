// The simulator inside a program: the package's client against it, without a server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AgentUserClient } from "./support/package.mjs";
import { Simulator, SimulatorError } from "../../crates/wasm/npm/dist/simulator-node.js";
import { identity, roster } from "./support/simulator.mjs";

/** A simulator and its client. A day of its clock is a second and a half. */
async function simulated(options = {}) {
  const simulator = await Simulator.start({ speed: 60_000, latencyMs: [0, 0], ...options });
  return { simulator, client: new AgentUserClient(simulator) };
}

test("agent users are listed, created in spite of a lost answer, changed and deleted", async () => {
  const { simulator, client } = await simulated({
    faults: { script: [{ method: "POST", path: "/users/microsoft.graph.agentUser", fault: "lostAnswer" }] },
  });
  const row = { identityParentId: identity(1), displayName: "Agent 1", userPrincipalName: "agent.1@contoso.com", usageLocation: "DE" };
  const { id } = await client.create(row);
  await client.update(id, { jobTitle: "Lead" });
  assert.equal((await client.get(id)).jobTitle, "Lead");
  const names = [];
  for await (const { userPrincipalName } of client.list()) names.push(userPrincipalName);
  assert.ok(names.includes("agent.1@contoso.com"), String(names));
  await client.delete(id);
  assert.equal(simulator.stats().agentUsersCreated, 1);
  assert.deepEqual(simulator.stats().faults, { LostAnswer: 1 });
});

test("a roster is applied through faults, each agent user once", async () => {
  const { simulator, client } = await simulated({ faults: { perMille: 100, brisk: true }, lagMs: 30_000 });
  const rows = client.applyRoster(roster(20));
  for await (const { outcome } of rows) assert.ok(["created", "changed", "unchanged"].includes(outcome), outcome);
  assert.equal((await rows.result).failed, 0);
  const { agentUsersCreated, createdMoreThanOncePerParent, faults } = simulator.stats();
  assert.equal(agentUsersCreated, 20);
  assert.deepEqual(createdMoreThanOncePerParent, {});
  assert.ok(Object.keys(faults).length > 0);
});

test("an audit of 2,000 agent users finds what is planted", async () => {
  const { client } = await simulated({ tenant: "planted" });
  const { report } = await client.audit({ beta: true });
  for (const { rule, found, notChecked } of report.rules) {
    const planted = ["blueprint-crowded", "all-inherited"].includes(rule) ? 1 : 20;
    assert.deepEqual({ rule, found, notChecked }, { rule, found: planted, notChecked: 0 });
  }
  assert.equal(report.rules.length, 29);
});

test("a request that is never answered ends with its signal, and one that is refused says that it was not sent", async () => {
  const path = "/v1.0/subscribedSkus";
  const { simulator } = await simulated({
    faults: { script: [{ method: "GET", path, fault: "never" }, { method: "GET", path, nth: 2, fault: "refused" }] },
  });
  const url = `${simulator.graphEndpoint}${path}`;
  const controller = new AbortController();
  const never = simulator.fetch(url, { signal: controller.signal });
  while (simulator.stats().requests === 0) await new Promise(setImmediate);
  controller.abort(new Error("enough"));
  await assert.rejects(never, /enough/);
  await assert.rejects(simulator.fetch(url, {}), { name: "TypeError", sent: "no" });
});

test("its clock is moved, its tokens are revoked, and it answers with 501 what it does not know", async () => {
  const { simulator } = await simulated();
  const ask = (path) =>
    simulator.fetch(`https://graph.microsoft.com/v1.0${path}`, { headers: { Authorization: `Bearer ${simulator.getToken()}` } });
  const date = async () => Date.parse((await ask("/domains")).headers.get("Date"));
  const before = await date();
  simulator.advance(86_400);
  assert.ok((await date()) - before >= 86_400_000);
  assert.equal((await ask("/devices")).status, 501);
  simulator.revoke(simulator.token);
  assert.equal((await ask("/domains")).status, 401);
});

test("its sign-in gives tokens that its Graph takes", async () => {
  const { simulator } = await simulated();
  const { clients, login, tenant } = simulator.look("tenant");
  const { clientId, clientSecret } = clients.find((one) => one.clientSecret);
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: "https://graph.microsoft.com/.default",
  });
  const answer = await simulator.fetch(`${login}/${tenant.id}/oauth2/v2.0/token`, { method: "POST", body });
  const { access_token: token } = await answer.json();
  const headers = { Authorization: `Bearer ${token}` };
  assert.equal((await simulator.fetch(`${simulator.graphEndpoint}/v1.0/users`, { headers })).status, 200);
});

test("what it can't do is an error with its place", async () => {
  await assert.rejects(Simulator.start({ speed: 0 }), (error) => error instanceof SimulatorError && error.message.startsWith("speed: "));
  await assert.rejects(Simulator.start({ speeed: 1 }), /speeed/);
  const { simulator } = await simulated();
  assert.throws(() => simulator.order("dance", {}), { name: "SimulatorError", message: /dance/ });
});

test("its types name every fault, and more tokens have their time", async () => {
  const types = readFileSync(new URL("../../crates/wasm/npm/dist/simulator-options.d.ts", import.meta.url), "utf8");
  const [union] = /(?<=type SimulatedFaultName =)[^]+?(?=;\n)/.exec(types);
  const named = [...union.matchAll(/"(\w+)"/g)].map(([, name]) => name);
  const fault = { method: "GET", path: "/", fault: "unheard of" };
  const { message } = await simulated({ faults: { script: [fault] } }).catch((error) => error);
  assert.deepEqual(named, [.../(?<=expected one of ).*(?= at line)/.exec(message)[0].matchAll(/\w+/g)].map(([name]) => name));

  const { simulator } = await simulated({ speed: 1, tokens: [{ token: "short", expiresInSeconds: 60 }] });
  const status = async () => (await simulator.fetch("https://graph.microsoft.com/v1.0/domains", { headers: { Authorization: "Bearer short" } })).status;
  assert.equal(await status(), 200);
  simulator.advance(60);
  assert.equal(await status(), 401);
});
