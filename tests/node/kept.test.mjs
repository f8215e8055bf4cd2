// Pages of lists, whose users stay with the package while the core decides which of them a list yields.
import "./support/fast.mjs";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AgentUserClient } from "./support/package.mjs";

const ROOT = "https://graph.microsoft.com/v1.0";
const id = (number) => `0f3cb4e1-2e2c-4f0d-9b6e-${String(number).padStart(12, "0")}`;
const AGENT = "#microsoft.graph.agentUser";
const HUMAN = "#microsoft.graph.user";
const encoder = new TextEncoder();

/** A client of a Graph that answers with these pages, one after the other, and with the last of them again. */
function lists(...pages) {
  let asked = 0;
  const fetch = async (url) => {
    const page = pages[Math.min(asked++, pages.length - 1)];
    if (page instanceof Response) return page.clone();
    const body = typeof page === "string" || page instanceof Uint8Array ? page : JSON.stringify(page);
    return new Response(body, { status: 200, headers: { "Content-Type": "application/json" } });
  };
  return new AgentUserClient({ getToken: () => "token", fetch });
}

const page = (value, next) => ({ "@odata.context": `${ROOT}/$metadata#users`, ...(next !== undefined && { "@odata.nextLink": `${ROOT}/users?${next}` }), value });

/** Every page that a list yields, and the problem that it ends with. */
async function read(list) {
  const pages = [];
  try {
    for await (const page of list.pages()) pages.push(page);
    return { pages };
  } catch ({ problem }) {
    return { pages, problem };
  }
}

describe("pages whose users stay", () => {
  test("yield each agent user once, and as it came", async () => {
    const first = { id: id(1), "@odata.type": AGENT, accountEnabled: null, displayName: "Zoë \ud83e\udd16", extension_x: [1, { a: null }] };
    const bare = { id: id(2) };
    const client = lists(
      page([null, first, {}, { id: null }, { id: id(3), "@odata.type": HUMAN }, bare, first], "a"),
      page([bare, first, { id: id(3) }], "b"),
      page([], "c"),
      page([{ id: id(4).toUpperCase() }, { id: id(4) }]),
    );
    const { pages, problem } = await read(client.list());
    assert.equal(problem, undefined);
    assert.deepEqual(pages, [[first, bare], [{ id: id(4).toUpperCase() }]]);
  });

  test("show deleted agent users by the names that they had, and no others", async () => {
    const prefixed = (number, name) => id(number).replaceAll("-", "") + name;
    const client = lists(
      page([
        { mail: null, userPrincipalName: prefixed(1, "ada@contoso.com"), id: id(1), "@odata.type": AGENT },
        { userPrincipalName: prefixed(2, "eve@contoso.com"), id: id(2), "@odata.type": HUMAN },
        { userPrincipalName: prefixed(1, "bob@contoso.com"), id: id(3), identityParentId: id(9) },
        { userPrincipalName: prefixed(4, "cy@contoso.com"), id: id(4) },
        { id: id(5), identityParentId: id(9), userPrincipalName: null },
      ]),
    );
    const { pages } = await read(client.listDeleted());
    assert.deepEqual(pages, [
      [
        { mail: null, userPrincipalName: "ada@contoso.com", id: id(1), "@odata.type": AGENT },
        { userPrincipalName: prefixed(1, "bob@contoso.com"), id: id(3), identityParentId: id(9) },
        { id: id(5), identityParentId: id(9), userPrincipalName: null },
      ],
    ]);
    assert.deepEqual(Object.keys(pages[0][0]), ["mail", "userPrincipalName", "id", "@odata.type"]);
  });

  test("may be many that yield nothing", async () => {
    const humans = Array.from({ length: 40 }, (_, at) => page([{ id: id(at), "@odata.type": HUMAN }], at));
    const client = lists(...humans, page([{ id: id(77), "@odata.type": AGENT }], "z"), page([{ id: id(78), "@odata.type": AGENT }]));
    const { pages, problem } = await read(client.listDeleted());
    assert.equal(problem, undefined);
    assert.deepEqual(pages.map((page) => page.map((user) => user.id)), [[id(77)], [id(78)]]);
  });

  const bad = {
    "not JSON": "<html>",
    "cut off": `{"value":[{"id":"${id(1)}"}`,
    "not UTF-8": encoder.encode(`{"value":[{"id":"${id(1)}","displayName":"?"}]}`).map((byte) => (byte === 63 ? 0xff : byte)),
    "marked by its first bytes": encoder.encode(`\ufeff{"value":[]}`),
    "an array": [[{ id: id(1) }], null],
    "null": "null",
    "a text": '"value"',
    "without users": { value: null },
    "of one user": { value: { id: id(1) } },
    "of numbers": page([1]),
    "of texts": page([id(1)]),
    "of arrays": page([[{ id: id(1) }]]),
    "with an id that is none": page([{ id: "x" }]),
    "with two ids in one": page([{ id: `${id(1)},${id(2)}` }]),
    "with twice the same two ids in one": page([{ id: `${id(1)},${id(2)}` }, { id: `${id(1)},${id(2)}` }]),
    "with a number for an id": page([{ id: 7 }]),
    "with a number for a name": page([{ id: id(1), displayName: 7 }]),
    "with an object for a type": page([{ id: id(1), "@odata.type": {} }]),
    "with a number for a link": { "@odata.nextLink": 7, value: [] },
    "as the package hands it on": { value: { page: 1, count: 1, columns: [id(1), ""], others: [] } },
    "as the package hands it on, in an array": [{ page: 1, count: 1, columns: [id(1), ""], others: [] }, null],
  };
  for (const [what, body] of Object.entries(bad)) {
    test(`are refused when they are ${what}`, async () => {
      const { pages, problem } = await read(lists(page([{ id: id(1) }], "a"), body).list());
      assert.equal(problem?.code, "BadAnswer");
      assert.deepEqual(pages, [[{ id: id(1) }]]);
    });
  }

  test("are refused with the words of an error that has the status of a success", async () => {
    for (const value of [undefined, [], [{ id: id(1) }]]) {
      const { problem } = await read(lists({ error: { code: "Odd", message: "Not today." }, value }).list());
      assert.equal(problem.code, "BadAnswer");
      assert.match(problem.message, /Not today\./);
    }
  });

  test("follow no link to another host", async () => {
    const elsewhere = { "@odata.nextLink": "https://evil.example/users", value: [{ id: id(1) }] };
    const { pages, problem } = await read(lists(elsewhere).list());
    assert.deepEqual([pages.length, problem.code], [1, "ForeignNextLink"]);
  });

  test("have a bound, in bytes and in users", async () => {
    const endless = () => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(32)) });
    const client = new AgentUserClient({ getToken: () => "token", fetch: async () => new Response(endless()) });
    assert.equal((await read(client.list())).problem.code, "AnswerTooLarge");
    const { pages, problem } = await read(lists(page(Array.from({ length: 10_001 }, (_, at) => ({ id: id(at) })))).list());
    assert.deepEqual([pages.length, problem.code], [0, "BadAnswer"]);
    assert.match(problem.message, /more than 10000 entries/);
  });
});

/** The settled outcomes of calls, in which an error is its reason. */
async function outcomes(calls) {
  return (await Promise.allSettled(calls)).map(({ value, reason }) => value ?? { reason });
}

describe("the iterator of a list", () => {
  const TWO = [page([{ id: id(1) }, { id: id(2) }, { id: id(3) }], "a"), page([{ id: id(4) }])];
  const iterators = {
    "of the package": () => lists(...TWO).list()[Symbol.asyncIterator](),
    // The model: what an asynchronous generator does with the same pages.
    "of a generator": () =>
      (async function* () {
        for await (const page of lists(...TWO).list().pages()) yield* page;
      })(),
  };
  const uses = {
    "calls of next at the same time": (each) => outcomes(Array.from({ length: 6 }, () => each.next())),
    "a return among them": (each) => outcomes([each.next(), each.next(), each.return(), each.next()]),
    "a throw among them": (each) => outcomes([each.next(), each.throw("enough"), each.next()]),
    "a return before all": async (each) => [...(await outcomes([each.return()])), await each.next()],
    "a throw before all": async (each) => [...(await outcomes([each.throw("enough")])), await each.next()],
    "next again after the end": async (each) => {
      for (let at = 0; at < 4; at++) await each.next();
      return [await each.next(), await each.next(), await each.return()];
    },
    "at hand and not, in turns": async (each) => {
      const first = await each.next();
      return [first, ...(await outcomes([each.next(), each.next(), each.next(), each.next()]))];
    },
  };
  for (const [what, use] of Object.entries(uses)) {
    test(`does as a generator: ${what}`, async () => {
      const [ours, model] = await Promise.all(Object.values(iterators).map((iterator) => use(iterator())));
      assert.deepEqual(ours, model);
      assert.ok(ours.length > 0);
    });
  }

  test("ends with the error of the list, once", async () => {
    const each = lists(page([{ id: id(1) }], "a"), "<html>").list()[Symbol.asyncIterator]();
    assert.equal((await each.next()).value.id, id(1));
    const [failed, after] = await outcomes([each.next(), each.next()]);
    assert.equal(failed.reason.code, "BadAnswer");
    assert.deepEqual(after, { done: true, value: undefined });
  });

  test("can be iterated over itself, and leaves the list where its reader does", async () => {
    const each = lists(...TWO).list()[Symbol.asyncIterator]();
    for await (const { id: first } of each) {
      assert.equal(first, id(1));
      break;
    }
    assert.deepEqual(await each.next(), { done: true, value: undefined });
  });
});
