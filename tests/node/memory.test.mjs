// A thousand calls leave nothing behind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { initSync, Operation } from "../../crates/wasm/npm/wasm/agentuser.js";
import { AgentUserClient, validate } from "./support/package.mjs";
import { row } from "./support/simulator.mjs";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");
// The instance that the package has loaded.
const { memory } = initSync({ module: new Uint8Array() });

/** The number of operations that live in the module. */
let alive = 0;
const { __wrap: wrap } = Operation;
Operation.__wrap = (...given) => {
  alive += 1;
  return wrap.apply(Operation, given);
};
const { free } = Operation.prototype;
Operation.prototype.free = function () {
  alive -= 1;
  return free.call(this);
};

const page = JSON.stringify({ value: Array.from({ length: 50 }, (_, at) => ({ ...row(at), id: row(at).identityParentId })) });
const filler = "x".repeat(20_000);

/** Graph, as far as these calls need it. */
async function graph(url, { signal }) {
  if (url.includes("broken")) throw new TypeError("fetch failed");
  if (url.includes("slow")) {
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  }
  if (url.includes("nobody")) {
    return Response.json({ error: { code: "Request_ResourceNotFound", message: filler } }, { status: 404 });
  }
  return new Response(url.includes("/users/microsoft.graph.agentUser?") ? page : JSON.stringify({ id: row(1).identityParentId, filler }));
}

/** One of each way that a call can go. */
async function calls(client) {
  assert.equal((await client.get("nobody@contoso.com").catch((error) => error)).code, "NotFound");
  assert.equal((await client.get("not a name").catch((error) => error)).code, "Invalid");
  let count = 0;
  for await (const _ of client.list()) count += 1;
  assert.equal(count, 50);
  for await (const _ of client.list()) break;
  const signal = AbortSignal.timeout(1);
  assert.equal((await client.get("slow@contoso.com", { signal }).catch((error) => error)).name, "AbortError");
  assert.equal(validate({ ...row(1), displayName: filler }).violations.length, 1);
}

test("a thousand calls leave no operation and no memory behind", async () => {
  const client = new AgentUserClient({
    getToken: () => "token",
    fetch: graph,
  });
  const rounds = async (number) => {
    for (let round = 0; round < number; round += 1) await calls(client);
    gc();
    return { module: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
  };
  const warm = await rounds(60);
  const after = await rounds(200);
  assert.equal(alive, 0);
  // A request is remembered for the window of its quota, with some dozen bytes; a leaked operation would hold
  // thousands.
  assert.ok(after.module <= warm.module + 4 * 65_536, `${warm.module} became ${after.module}`);
  assert.ok(after.heap < warm.heap + 2_000_000, `${warm.heap} became ${after.heap}`);
});

test("clients that are forgotten are freed", async () => {
  /** The module's memory after some more clients. */
  const round = async () => {
    for (let count = 0; count < 2000; count += 1) new AgentUserClient({ getToken: () => "token" });
    gc();
    // Finalizers run in a task of their own.
    await new Promise((resolve) => setImmediate(resolve));
    return memory.buffer.byteLength;
  };
  let held = await round();
  let same = 0;
  // Leaked clients would add half a megabyte in every round.
  for (let rounds = 0; same < 5 && rounds < 60; rounds += 1) {
    const now = await round();
    same = now === held ? same + 1 : 0;
    held = now;
  }
  assert.equal(same, 5);
});
