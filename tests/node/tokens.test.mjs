import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
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
      getToken: () => setTimeout(3000, graph.token),
    });
    const waits = [];
    const user = await client.create(row(1), { onProgress: (event) => waits.push(event) });
    assert.equal(user.userPrincipalName, "agent.1@contoso.com");
    assert.deepEqual(waits.filter(({ why }) => why === "retry"), []);
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

  test("are not in what a server says of a failure", async () => {
    const token = "SEKRET_tok_7f3Qz9";
    const error = { code: token, message: `token=${token}&x` };
    const headers = { "content-type": "application/json", "request-id": token };
    const fetch = async () => new Response(JSON.stringify({ error }), { status: 403, headers });
    const client = new AgentUserClient({ getToken: () => token, fetch });
    const { problem } = await client.skus().then(() => assert.fail("it was answered"), (error) => error);
    assert.equal(problem.graphMessage, "token=[redacted]&x");
    assert.ok(!JSON.stringify(problem).includes(token));
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

  test("a challenge does not join a sign-in that was not told of it", async (context) => {
    const challenge = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString("base64");
    const [arrived, held] = [deferred(), deferred()];
    const graph = createServer(async (request, response) => {
      if (request.headers.authorization === "Bearer good") {
        response.writeHead(200, { "Content-Type": "application/json" }).end('{"value":[]}');
        return;
      }
      arrived.resolve();
      await held.promise;
      const header = `Bearer realm="", error="insufficient_claims", claims="${challenge}"`;
      response.writeHead(401, { "Content-Type": "application/json", "WWW-Authenticate": header });
      response.end('{"error":{"code":"InvalidAuthenticationToken","message":"Continuous access evaluation."}}');
    });
    await new Promise((resolve) => graph.listen(0, "127.0.0.1", resolve));
    context.after(() => graph.close());
    const demands = [deferred(), deferred(), deferred()].map((answer) => ({ answer, asked: deferred() }));
    let number = 0;
    const client = new AgentUserClient({
      graphEndpoint: `http://127.0.0.1:${graph.address().port}`,
      getToken: (request) => {
        const demand = demands[number++];
        demand.asked.resolve(request);
        return demand.answer.promise;
      },
    });
    const one = client.skus();
    await demands[0].asked.promise;
    // The next call asks for another one.
    demands[0].answer.resolve({ token: "cached", expiresOn: Date.now() });
    await arrived.promise;
    const two = client.skus();
    assert.equal((await demands[1].asked.promise).refused, false);
    // While that sign-in is under way, Graph refuses the first token, with claims. A cache knows nothing of it.
    held.resolve();
    await setTimeout(100);
    demands[1].answer.resolve("cached");
    const { refused, claims } = await demands[2].asked.promise;
    assert.deepEqual([refused, claims.includes("nbf")], [true, true]);
    demands[2].answer.resolve("good");
    assert.deepEqual(await Promise.all([one, two]), [[], []]);
    assert.equal(number, 3);
  });
});
