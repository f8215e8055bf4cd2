// Pages whose Content-Security-Policy does not let WebAssembly run: each entry ends in an error that says so.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open } from "./support.mjs";

let browser;
before(async () => (browser = await open()));
after(() => browser.close());

/** The error that a call throws in a page with this policy. */
async function thrown(policy, call) {
  const { page, origin } = browser;
  const answer = { contentType: "text/html", headers: { "Content-Security-Policy": policy }, body: "<!doctype html><title>A portal</title>" };
  await page.route("**/policy.html", (route) => route.fulfill(answer));
  await page.goto(`${origin}/policy.html`);
  await page.unroute("**/policy.html");
  return page.evaluate(call);
}

const entry = () =>
  import("/agentuser/dist/index.js").then(
    () => undefined,
    ({ name, message, problem, cause }) => ({ name, message, ...problem, cause: cause.name }),
  );
const simulated = () =>
  import("/agentuser/dist/simulator.js")
    .then(({ Simulator }) => Simulator.start())
    .then(
      () => undefined,
      ({ name, message, cause }) => ({ name, message, cause: cause.name }),
    );

test("the package says what the policy lacks", async () => {
  const { name, code, field, fix, cause } = await thrown("script-src 'self'", entry);
  assert.deepEqual({ name, code, field, cause }, { name: "AgentUserError", code: "Invalid", field: "Content-Security-Policy", cause: "CompileError" });
  assert.match(fix, /Add 'wasm-unsafe-eval' to script-src\./);
});

test("the simulator says what the policy lacks", async () => {
  const { name, message, cause } = await thrown("default-src 'self'", simulated);
  assert.deepEqual({ name, cause }, { name: "SimulatorError", cause: "CompileError" });
  assert.match(message, /does not let WebAssembly run\. .* Add 'wasm-unsafe-eval' to script-src\./);
});

test("both load where the policy lets WebAssembly run and nothing else", async () => {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
  assert.equal(await thrown(policy, entry), undefined);
  assert.equal(await thrown(policy, simulated), undefined);
});
