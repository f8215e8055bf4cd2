// The examples that audit a tenant, a simulated one without a server among them, and look at an agent user before it is retired.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { simulator } from "./support/simulator.mjs";

const PROGRAM = fileURLToPath(new URL("../../examples/node/audit.mjs", import.meta.url));

test("an audit, the access of an agent user, and a rehearsal of its retirement", async (context) => {
  const graph = await simulator(context, { tenant: "troubled", latencyMs: [0, 0] });
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, graph.endpoint, graph.token, "role.active@contoso.com"]);
  const lines = stdout.trim().split("\n");
  assert.equal(lines[0], "blocked-permission found blocked.permission@contoso.com");
  assert.ok(lines.includes("parent-gone found parent.gone@contoso.com"), lines.join("\n"));
  assert.ok(lines.includes("privileged-role found role.active@contoso.com"));
  assert.deepEqual(lines.slice(-4), ["role Global Reader itself", "would set", "would revokeSessions", "would delete"]);
});

test("an audit of a tenant that is simulated inside the program", async () => {
  const program = fileURLToPath(new URL("../../examples/node/simulated.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  assert.equal(stdout, "no-sponsor: 20 of 1980\nleave-date: 20 of 1980\n");
});
