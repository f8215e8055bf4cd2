// Loading the modules, in a process that has not loaded it yet.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mock, test } from "node:test";
import { AgentUserClient, AgentUserError, derive, init, initAll } from "../../crates/wasm/npm/dist/init-node.js";

const bytes = readFileSync(new URL("../../crates/wasm/npm/dist/agentuser_bg.wasm", import.meta.url));

test("a policy that forbids WebAssembly is named with its fix, and other errors stay", async () => {
  const refused = async (message) => {
    const instantiate = mock.method(WebAssembly, "instantiate", async () => {
      throw new WebAssembly.CompileError(message);
    });
    try {
      return await init(bytes).then(
        () => assert.fail("it was loaded"),
        (error) => error,
      );
    } finally {
      instantiate.mock.restore();
    }
  };
  for (const words of [
    "WebAssembly.instantiate(): violates the following Content Security policy directive because 'unsafe-eval' is not an allowed source",
    "call to WebAssembly.instantiate() blocked by CSP",
  ]) {
    const error = await refused(words);
    assert.ok(error instanceof AgentUserError);
    assert.equal(error.problem.field, "Content-Security-Policy");
    assert.match(error.problem.fix, /'wasm-unsafe-eval'/);
    assert.equal(error.cause.message, words);
  }
  assert.equal((await refused("expected magic word")).constructor, WebAssembly.CompileError);
});

/** A client of a tenant in which this is answered, for a path that has the word. */
function client(answers) {
  const fetch = async (url) => {
    const [, [status, body]] = Object.entries(answers).find(([word]) => url.includes(word)) ?? [, [200, { value: [] }]];
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  };
  return new AgentUserClient({ getToken: () => "token", fetch });
}

const refusal = { error: { code: "Request_ResourceNotFound", message: "Resource 'x' does not exist." } };

test("under Node, init() finds the first module by itself, and a list needs no other", async (context) => {
  const compile = context.mock.method(WebAssembly, "compile");
  await init();
  assert.deepEqual(await client({}).list().toArray(), []);
  assert.equal(compile.mock.callCount(), 0);
});

test("a second module that can't be loaded is an error with a fix, and the next call tries it again", async (context) => {
  await init({ second: new Response("", { status: 404 }) });
  const blueprints = () => client({}).listBlueprints();
  await assert.rejects(blueprints(), (error) => {
    assert.ok(error instanceof AgentUserError);
    assert.deepEqual([error.code, error.problem.field, error.problem.transient], ["Unreachable", "second", true]);
    assert.match(error.problem.cause, /404/);
    assert.match(error.problem.fix, /init\(\{ second \}\)/);
    return true;
  });
  assert.throws(() => derive("Zoë"), /Await initAll\(\) first, or import this function from agentuser\/all/);
  const compile = context.mock.method(WebAssembly, "compile");
  await init({ second: undefined });
  await Promise.all([blueprints(), blueprints()]);
  assert.equal(compile.mock.callCount(), 1);
  assert.equal(derive("Zoë").mailNickname, "zoe");
});

test("where texts can't be loaded, code, field and Graph's words are shown; then the texts are", async () => {
  const get = () => client({ "-000000000001": [404, refusal] }).get("00000000-0000-0000-0000-000000000001").catch((error) => error);
  await init({ texts: new Response("", { status: 404 }) });
  const bare = await get();
  assert.equal(bare.code, "NotFound");
  assert.match(bare.message, /^There is no user .*Resource 'x' does not exist\.$/);
  assert.deepEqual([bare.problem.cause, /docs\/errors\.md/.test(bare.problem.fix)], ["The texts of problems could not be loaded.", true]);
  await initAll({ texts: undefined });
  const { problem } = await get();
  assert.doesNotMatch(JSON.stringify(problem), /[\uE000\uE001]|could not be loaded/);
  assert.match(problem.fix, /\.$/);
});
