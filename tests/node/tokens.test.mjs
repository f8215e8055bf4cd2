import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentUserClient } from "./support/package.mjs";
import { roster, row, simulator } from "./support/simulator.mjs";

/** A promise to be settled from outside. */
function deferred() {
  const result = {};
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
  return result;
}

describe("tokens", () => {
  test("one demand serves every call of a client, for its scope", async (context) => {
    const graph = await simulator(context);
    const asked = [];
    const signedIn = deferred();
    const client = new AgentUserClient({
      graphEndpoint: graph.endpoint,
      getToken: (request) => {
        asked.push(request);
        return signedIn.promise;
      },
    });
    const calls = [client.verifiedDomains(), client.skus(), client.get("first.agent@contoso.com"), client.applyRoster(roster(5)).result];
    await client.verifiedDomains({ signal: AbortSignal.timeout(50) }).catch(() => {});
    signedIn.resolve(graph.token);
    await Promise.all(calls);
    assert.equal(asked.length, 1);
    const [{ scope, refused, claims, signal }] = asked;
    assert.deepEqual([scope, refused, claims, signal.aborted], [`${graph.endpoint}/.default`, false, undefined, true]);
  });

  test("a prompt that takes longer than a request may take costs no request", async (context) => {
    const graph = await simulator(context);
    const client = new AgentUserClient({
      graphEndpoint: graph.endpoint,
      settings: { requestTimeoutMs: 2000 },
      getToken: () => new Promise((resolve) => setTimeout(resolve, 3000, graph.token)),
    });
    const waits = [];
    const user = await client.create(row(1), { onProgress: (event) => waits.push(event) });
    assert.equal(user.userPrincipalName, "agent.1@contoso.com");
    assert.deepEqual(waits.filter(({ why }) => why === "retry"), []);
  });

  test("a token that ends in the middle of a roster is renewed once, and every row is done", async (context) => {
    const graph = await simulator(context, { identities: 30, tokens: [{ token: "short" }], latencyMs: [2, 8] });
    const asked = [];
    const client = new AgentUserClient({
      graphEndpoint: graph.endpoint,
      batch: 1,
      getToken: ({ refused }) => {
        asked.push(refused);
        return refused ? graph.token : "short";
      },
    });
    const run = client.applyRoster(roster(30));
    let seen = 0;
    for await (const report of run) {
      assert.equal(report.outcome, "created");
      seen += 1;
      if (seen === 3) await graph.revoke("short");
    }
    assert.equal(seen, 30);
    assert.deepEqual(asked, [false, true]);
    const stats = await graph.look("stats");
    assert.deepEqual([stats.agentUsersCreated, stats.createdMoreThanOncePerParent], [30, {}]);
  });

  test("a token that can't be renewed ends the rows that are left, with a problem that says so", async (context) => {
    const graph = await simulator(context, { identities: 30, tokens: [{ token: "short" }], latencyMs: [2, 8] });
    const failure = new Error("sign in again");
    let refusals = 0;
    const client = new AgentUserClient({
      graphEndpoint: graph.endpoint,
      batch: 1,
      getToken: ({ refused }) => {
        if (!refused) return "short";
        refusals += 1;
        throw failure;
      },
    });
    const run = client.applyRoster(roster(30));
    const problems = [];
    let revoked = false;
    for await (const { outcome, problem } of run) {
      if (outcome === "failed") problems.push(problem);
      else if (!revoked) {
        revoked = true;
        await graph.revoke("short");
      }
    }
    assert.ok(problems.length > 0 && problems.every(({ code }) => code === "TokenMissing"), JSON.stringify(problems[0]));
    assert.ok(problems[0].message.includes("sign in again"), problems[0].message);
    // After a refusal `getToken` is not called again for every row.
    assert.equal(refusals, 1);
    const created = (await run.result).created;
    assert.equal((await graph.look("stats")).agentUsersCreated >= created, true);
  });

  test("the same token again is refused for good", async (context) => {
    const graph = await simulator(context);
    const asked = [];
    const client = new AgentUserClient({
      graphEndpoint: graph.endpoint,
      getToken: ({ refused }) => {
        asked.push(refused);
        return "unknown-token";
      },
    });
    const error = await client.get("first.agent@contoso.com").catch((refused) => refused);
    assert.equal(error.code, "TokenRejected", error.message);
    assert.deepEqual(asked, [false, true]);
    assert.ok(!JSON.stringify(error.problem).includes("unknown-token"));
  });

  test("a sign-in that fails ends the calls that wait for it, and the client goes on", async (context) => {
    const graph = await simulator(context);
    const failure = new Error("the window was closed");
    let tries = 0;
    const client = new AgentUserClient({
      graphEndpoint: graph.endpoint,
      getToken: async () => {
        tries += 1;
        if (tries === 1) throw failure;
        return graph.token;
      },
    });
    const error = await client.skus().catch((refused) => refused);
    assert.deepEqual([error.code, error.cause], ["TokenMissing", failure]);
    assert.ok((await client.skus()).length > 0);
    assert.equal(tries, 2);
  });

  test("cancelling ends a call that waits for a token at once, and tells the sign-in", async () => {
    const controller = new AbortController();
    const client = new AgentUserClient({
      fetch: () => assert.fail("something was sent"),
      getToken: ({ signal }) => {
        queueMicrotask(() => controller.abort());
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("nobody waits"))));
      },
    });
    const error = await client.get("a@contoso.com", { signal: controller.signal }).catch((refused) => refused);
    assert.equal(error.name, "AbortError", String(error));
  });

  test("are renewed before their end, and have to be tokens", async (context) => {
    const graph = await simulator(context);
    let asked = 0;
    const give = (token) => new AgentUserClient({ graphEndpoint: graph.endpoint, getToken: () => ((asked += 1), token()) });
    const lasting = give(() => ({ token: graph.token, expiresOn: new Date(Date.now() + 3_600_000) }));
    await lasting.verifiedDomains();
    await lasting.verifiedDomains();
    assert.equal(asked, 1);
    asked = 0;
    const ended = give(() => ({ token: graph.token, expiresOn: Date.now() - 1 }));
    await ended.verifiedDomains();
    await ended.verifiedDomains();
    assert.equal(asked, 2);
    await give(() => `  ${graph.token}\n`).verifiedDomains();
    for (const wrong of ["", "a\nb", undefined, null, {}, { token: 7 }, "Bearer x"]) {
      const error = await give(() => wrong).verifiedDomains().catch((refused) => refused);
      assert.equal(error.code, "TokenMissing", JSON.stringify(wrong));
      assert.ok(!error.message.includes("a\nb"));
    }
  });

  test("go nowhere but to Graph's root", async (context) => {
    const graph = await simulator(context);
    const sent = [];
    const client = new AgentUserClient({
      graphEndpoint: graph.endpoint,
      getToken: () => graph.token,
      fetch: (url, init) => {
        sent.push([url, new Headers(init.headers).get("authorization"), init.credentials, init.cache, init.referrerPolicy]);
        return fetch(url, init);
      },
    });
    await client.create(row(1));
    assert.ok(sent.length > 3);
    for (const [url, authorization, ...rest] of sent) {
      assert.ok(url.startsWith(`${graph.endpoint}/v1.0/`), url);
      assert.equal(authorization, `Bearer ${graph.token}`);
      assert.deepEqual(rest, ["omit", "no-store", "no-referrer"]);
    }
  });
});
