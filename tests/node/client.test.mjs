import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentUserClient, AgentUserError } from "./support/package.mjs";
import { identity, row, simulator } from "./support/simulator.mjs";

const HUMAN = "human1@contoso.com";

async function connected(context, options) {
  const graph = await simulator(context, options);
  return { graph, client: new AgentUserClient({ graphEndpoint: graph.endpoint, getToken: () => graph.token }) };
}

/** The problem that a call rejects with. */
async function refusal(promise) {
  const error = await promise.then(
    (result) => assert.fail(`it was not refused: ${JSON.stringify(result)}`),
    (refused) => refused,
  );
  assert.ok(error instanceof AgentUserError, String(error));
  return error;
}

describe("the life of one agent user", () => {
  test("is verified, created, found, changed, deleted, restored and purged", async (context) => {
    const { graph, client } = await connected(context);
    assert.ok((await client.verifiedDomains()).verifiedDomains.includes("contoso.com"));
    assert.equal((await client.verifyParent(identity(1))).id, identity(1));
    assert.equal(await client.findByParent(identity(1)), null);

    const created = await client.create(row(1, { licenses: ["AGENT_365"], manager: HUMAN, sponsors: [HUMAN] }));
    assert.equal(created.userPrincipalName, "agent.1@contoso.com");
    assert.equal((await client.get("agent.1@contoso.com")).id, created.id);
    assert.equal((await client.findByParent(identity(1))).id, created.id);

    const manager = await client.manager(created.id);
    assert.ok(manager.id);
    assert.deepEqual((await client.sponsors(created.id)).map((sponsor) => sponsor.id), [manager.id]);

    const changed = await client.update(created.id, { jobTitle: "Lead", department: "Sales" });
    assert.equal(changed.outcome, "changed");
    assert.deepEqual(changed.changes.map(({ change, member, applied }) => [change, member, applied]).sort(), [
      ["set", "department", true],
      ["set", "jobTitle", true],
    ]);
    assert.equal((await client.update(created.id, { jobTitle: "Lead" })).outcome, "unchanged");
    assert.equal((await client.update(created.id, { jobTitle: null })).changes[0].to, null);

    assert.equal((await client.delete(created.id)).changes[0].change, "delete");
    const deleted = [];
    for await (const user of client.listDeleted()) deleted.push(user.id);
    assert.deepEqual(deleted, [created.id]);
    assert.equal((await client.restore(created.id)).changes[0].change, "restore");
    assert.equal((await client.get(created.id)).id, created.id);
    await client.delete(created.id);
    assert.equal((await client.purge(created.id)).changes[0].change, "purge");
    assert.equal((await refusal(client.get(created.id))).code, "NotFound");
    assert.equal((await graph.look("stats")).agentUsersCreated, 1);
  });

  test("is provisioned with what it needs, waited for, and changed link by link", async (context) => {
    const { client } = await connected(context, { speed: 3600 });
    const events = [];
    const report = await client.provision(row(2, { licenses: ["AGENT_365"] }), {
      readiness: { mailbox: true, teams: true },
      onProgress: (event) => events.push(event),
    });
    assert.equal(report.outcome, "created");
    assert.equal(report.stage, "done");
    const stages = events.filter(({ event }) => event === "stage").map(({ stage }) => stage);
    assert.deepEqual(stages.slice(0, 3), ["parentVerified", "compared", "exists"]);
    assert.equal((await client.waitReady(report.id, { mailbox: true, teams: true })).outcome, "unchanged");

    assert.equal((await client.setManager(report.id, HUMAN)).changes[0].change, "setManager");
    assert.equal((await client.clearManager(report.id)).changes[0].change, "clearManager");
    assert.equal(await client.manager(report.id), null);
    assert.equal((await client.addSponsor(report.id, HUMAN)).changes[0].change, "addSponsor");
    assert.equal((await client.removeSponsor(report.id, HUMAN)).changes[0].change, "removeSponsor");
    const skus = (await client.skus()).map((sku) => sku.skuPartNumber);
    assert.ok(skus.includes("AGENT_MESSAGING"));
    const licenses = await client.changeLicenses(report.id, { add: ["AGENT_MESSAGING"], remove: ["AGENT_365"] });
    assert.deepEqual(licenses.changes.map(({ change }) => change).sort(), ["addLicense", "removeLicense"]);
  });

  test("a dry run writes nothing and says what would change", async (context) => {
    const { graph, client } = await connected(context);
    const report = await client.provision(row(3), { dryRun: true });
    assert.equal(report.outcome, "planned");
    assert.deepEqual(report.changes.map(({ change, applied }) => [change, applied]), [["create", false]]);
    assert.equal((await graph.look("stats")).agentUsersCreated, 0);
  });

  test("a name that is not given is derived in the domain", async (context) => {
    const { client } = await connected(context);
    const { userPrincipalName: _, ...unnamed } = row(4, { displayName: "Zoë Müller" });
    assert.equal((await client.create(unnamed, { domain: "contoso.com" })).userPrincipalName, "zoe.muller@contoso.com");
  });
});

describe("a problem", () => {
  test("of the input names every broken rule, and nothing is sent", async () => {
    const fetch = () => assert.fail("something was sent");
    const client = new AgentUserClient({ getToken: () => assert.fail("a token was asked for"), fetch });
    const error = await refusal(client.create({ identityParentId: "x", displayName: "", userPrincipalName: "a b@c" }));
    assert.equal(error.code, "Invalid");
    assert.equal(error.name, "AgentUserError");
    const fields = error.problem.violations.map(({ field }) => field);
    for (const field of ["identityParentId", "displayName", "userPrincipalName"]) assert.ok(fields.includes(field), field);
  });

  test("of a row comes with its report", async (context) => {
    const { client } = await connected(context);
    await client.create(row(5));
    const error = await refusal(client.provision(row(6, { userPrincipalName: "agent.5@contoso.com" })));
    assert.equal(error.code, "UpnTaken");
    assert.equal(error.report.outcome, "failed");
    assert.equal(error.report.identityParentId, identity(6));
    assert.ok(error.problem.cause.length > 0 && error.problem.fix.length > 0);
    assert.equal(error.message, error.problem.message);
  });

  test("of the setup is thrown by the constructor", () => {
    const getToken = () => "";
    for (const options of [{ graphEndpoint: "http://graph.example" }, { cloud: "moon" }, { cloud: "global", graphEndpoint: "https://a.b" }]) {
      assert.throws(
        () => new AgentUserClient({ ...options, getToken }),
        (error) => error instanceof AgentUserError && error.code === "Invalid",
        JSON.stringify(options),
      );
    }
    assert.throws(() => new AgentUserClient({}), TypeError);
    assert.ok(new AgentUserClient({ graphEndpoint: new URL("https://graph.example/"), getToken }));
  });
});
