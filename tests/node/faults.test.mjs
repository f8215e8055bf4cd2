import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentUserClient } from "./support/package.mjs";
import { identity, roster, row, simulator } from "./support/simulator.mjs";

const CREATE = "/users/microsoft.graph.agentUser";

function client(graph, more = {}) {
  return new AgentUserClient({ graphEndpoint: graph.endpoint, getToken: () => graph.token, ...more });
}

/** A fetch whose answers show no header but the type of the body, as when CORS exposes none. */
async function hidden(url, init) {
  const response = await fetch(url, init);
  const headers = new Headers();
  const type = response.headers.get("content-type");
  if (type) headers.set("content-type", type);
  return new Response(response.status === 204 ? null : await response.arrayBuffer(), { status: response.status, headers });
}

describe("faults", () => {
  // The limit is less than the server asks to wait.
  test("a server that asks for a long wait is waited for, and it shows", { timeout: 300_000 }, async (context) => {
    const graph = await simulator(context, {
      faults: { script: [{ method: "GET", path: "/servicePrincipals/", fault: "throttled", retryAfterSeconds: 600 }] },
    });
    const controller = new AbortController();
    const waits = [];
    await assert.rejects(
      client(graph).provision(row(1), {
        signal: controller.signal,
        onProgress: (event) => {
          if (event.event !== "waiting") return;
          waits.push(event);
          controller.abort();
        },
      }),
      (error) => error.name === "AbortError" && error.report.outcome === "cancelled",
    );
    assert.deepEqual(waits.map(({ why }) => why), ["throttled"]);
    assert.ok(waits[0].waitMs >= 600_000 && waits[0].waitMs < 610_000, String(waits[0].waitMs));
    assert.equal((await graph.look("stats")).agentUsersCreated, 0);
  });

  test("everything works without the headers that CORS hides", async (context) => {
    const graph = await simulator(context, {
      faults: { script: [
        { method: "GET", path: "/servicePrincipals/", fault: "throttled", retryAfterSeconds: 1 },
        { method: "POST", path: CREATE, fault: "lostAnswer" },
        { method: "GET", path: "/servicePrincipals/", nth: 3, fault: "serverError", status: 503 },
      ] },
    });
    const agents = client(graph, { fetch: hidden });
    const summary = await agents.applyRoster(roster(5)).result;
    assert.equal(summary.created, 5);
    const error = await agents.get(identity(77)).catch((refused) => refused);
    assert.equal(error.code, "NotFound");
    // The body has it, too.
    assert.match(error.problem.requestId, /^[0-9a-f-]{36}$/);
    assert.equal((await graph.look("stats")).agentUsersCreated, 5);
  });

  test("a write is sent again at once only where its connection was never made", async (context) => {
    const failure = (code, syscall) => Object.assign(new Error(code), { code, syscall });
    const failed = (cause) => new TypeError("fetch failed", { cause });
    const never = [
      failed(failure("ECONNREFUSED", "connect")),
      failed(failure("EAI_AGAIN", "getaddrinfo")),
      failed(failure("UND_ERR_CONNECT_TIMEOUT")),
      failed(failure("CERT_HAS_EXPIRED")),
      failed(failure("ERR_TLS_CERT_ALTNAME_INVALID")),
      failed(Object.assign(new AggregateError([failure("ECONNREFUSED", "connect"), failure("EHOSTUNREACH", "connect")]), { code: "ECONNREFUSED" })),
    ];
    const perhaps = [
      failed(failure("EHOSTUNREACH", "read")),
      failed(failure("ENETUNREACH", "write")),
      failed(failure("ECONNREFUSED")),
      failed(failure("ETIMEDOUT", "read")),
      failed(Object.assign(new AggregateError([failure("ECONNREFUSED", "connect"), failure("ECONNRESET", "read")]), { code: "ECONNREFUSED" })),
      new Error("x"),
    ];
    const real = globalThis.fetch;
    context.after(() => (globalThis.fetch = real));
    /** The requests after the create that failed, up to the next create. */
    const looks = async (graph, error, own) => {
      const requests = [];
      let failures = 0;
      const fetch = (url, init) => {
        const creates = init.method === "POST" && String(url).endsWith(CREATE);
        if (creates && failures++ === 0) return Promise.reject(error);
        if (failures > 0) requests.push(creates ? "create" : "look");
        return real(url, init);
      };
      globalThis.fetch = own ? real : fetch;
      const agents = client(graph, { settings: { replicationTimeoutMs: 10 }, ...(own ? { fetch } : {}) });
      assert.equal((await agents.provision(row(1), {})).outcome, "created");
      return requests.indexOf("create");
    };
    for (const [errors, atOnce] of [[never, true], [perhaps, false]]) {
      for (const error of errors) {
        const graph = await simulator(context, {});
        assert.equal((await looks(graph, error, false)) === 0, atOnce, String(error.cause?.code ?? error));
      }
    }
    // A fetch of one's own may have tried before: its codes say nothing, its own word does.
    const graph = await simulator(context, {});
    assert.notEqual(await looks(graph, never[0], true), 0);
    const unsent = Object.assign(new Error("no connection"), { sent: "no" });
    assert.equal(await looks(await simulator(context, {}), unsent, true), 0);
  });

  test("an answer without an end is cut off", async () => {
    let sent = 0;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull(stream) {
            sent += 1 << 20;
            stream.enqueue(new Uint8Array(1 << 20));
          },
        }),
      );
    const agents = new AgentUserClient({ getToken: () => "x", fetch: async () => endless() });
    const error = await agents.get("a@contoso.com").catch((refused) => refused);
    assert.equal(error.code, "AnswerTooLarge");
    assert.ok(sent < 80 * (1 << 20), String(sent));
  });
});
