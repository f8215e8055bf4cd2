import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentUserClient } from "./support/package.mjs";
import { simulator } from "./support/simulator.mjs";

/** A client that shows its requests and lets a test change its answers. */
function client(graph, change = (response) => response) {
  const urls = [];
  const fetch = async (url, init) => {
    urls.push(url);
    return change(await globalThis.fetch(url, init), url);
  };
  return { urls, client: new AgentUserClient({ graphEndpoint: graph.endpoint, getToken: () => graph.token, fetch }) };
}

/** The same answer with another body. */
async function rewritten(response, change) {
  return new Response(change(await response.text()), { status: response.status, headers: response.headers });
}

describe("lists", () => {
  test("come one by one and page by page, every agent user once", async (context) => {
    const { client: agents } = client(await simulator(context, { agentUsers: 58 }));
    const names = new Set();
    for await (const user of agents.list({ pageSize: 10 })) names.add(user.userPrincipalName);
    assert.equal(names.size, 58);
    const pages = [];
    for await (const page of agents.list({ pageSize: 25 }).pages()) pages.push(page.length);
    assert.deepEqual(pages, [25, 25, 8]);
  });

  test("become an array, of all or of the first", async (context) => {
    const { urls, client: agents } = client(await simulator(context, { agentUsers: 58 }));
    assert.equal((await agents.list({ pageSize: 10 }).toArray()).length, 58);
    const asked = urls.length;
    assert.deepEqual(await agents.list().toArray(0), []);
    assert.equal(urls.length, asked);
    const all = await agents.list({ pageSize: 10 }).toArray();
    const before = urls.length;
    assert.deepEqual(await agents.list({ pageSize: 10 }).toArray(12), all.slice(0, 12));
    assert.ok(urls.length - before <= 3, "two pages, and one ahead");
  });

  test("of agent identities come in the same way", async (context) => {
    const { client: agents } = client(await simulator(context));
    const pages = [];
    for await (const page of agents.listIdentities({ pageSize: 20 }).pages()) pages.push(page.length);
    assert.deepEqual(pages, [20, 7]);
    const lonely = new Set();
    for await (const { id } of agents.listIdentities({ withoutAgentUser: true })) lonely.add(id);
    assert.equal(lonely.size, 26);
  });

  test("ask for nothing before they are read, and are one page ahead of a slow reader", async (context) => {
    const { client: agents, urls } = client(await simulator(context, { agentUsers: 61 }));
    const pages = agents.list({ pageSize: 10 }).pages();
    assert.equal(urls.length, 0);
    assert.equal((await pages.next()).value.length, 10);
    // The reader is slow: a list that did not wait for it would read all seven pages.
    const quiet = await settled(() => urls.length);
    assert.equal(quiet, 3);
    assert.equal((await pages.next()).value.length, 10);
    assert.equal(await settled(() => urls.length), 4);
    await pages.return();
  });

  test("end when their reader leaves, and can be read again", async (context) => {
    const { client: agents, urls } = client(await simulator(context, { agentUsers: 61 }));
    const list = agents.list({ pageSize: 10 });
    for await (const user of list) {
      assert.ok(user.id);
      break;
    }
    const asked = await settled(() => urls.length);
    assert.ok(asked <= 3, String(asked));
    let count = 0;
    for await (const _ of list) count += 1;
    assert.equal(count, 61);
  });

  test("keep unknown members, as Graph sent them", async (context) => {
    const extension = { deep: [1, null, { a: "\u2603" }] };
    const { client: agents } = client(await simulator(context, { agentUsers: 3 }), (response) =>
      rewritten(response, (text) => text.replaceAll('"id":', `"extension_x":${JSON.stringify(extension)},"id":`)),
    );
    for await (const user of agents.list()) assert.deepEqual(user.extension_x, extension);
  });

  test("never follow a link to another host", async (context) => {
    const graph = await simulator(context, { agentUsers: 21 });
    const { client: agents, urls } = client(graph, (response) =>
      rewritten(response, (text) => text.replaceAll(/"@odata.nextLink":"http:\/\/[^/]+/g, '"@odata.nextLink":"https://evil.example')),
    );
    const seen = [];
    await assert.rejects(
      async () => {
        for await (const page of agents.list({ pageSize: 10 }).pages()) seen.push(page.length);
      },
      (error) => error.code === "ForeignNextLink",
    );
    assert.deepEqual(seen, [10]);
    assert.ok(urls.every((url) => url.startsWith(graph.endpoint)), String(urls));
  });

  test("stop at the signal", async (context) => {
    const { client: agents } = client(await simulator(context, { agentUsers: 61 }));
    const controller = new AbortController();
    const reason = new Error("enough");
    let count = 0;
    await assert.rejects(
      async () => {
        for await (const _ of agents.list({ pageSize: 5 }, { signal: controller.signal })) {
          count += 1;
          if (count === 7) controller.abort(reason);
        }
      },
      (error) => error.name === "AbortError" && error.code === "Cancelled" && error.cause === reason,
    );
    assert.ok(count < 61, String(count));
  });
});

/** The value, once it has stayed the same for half a second. */
async function settled(look) {
  const { promise, resolve } = deferred();
  let last = look();
  let since = performance.now();
  const timer = setInterval(() => {
    if (look() !== last) [last, since] = [look(), performance.now()];
    else if (performance.now() - since > 500) {
      clearInterval(timer);
      resolve(last);
    }
  }, 20);
  return promise;
}

function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}
