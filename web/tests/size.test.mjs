// The first load of the page, and that what is loaded later stays out of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { built, fileOf, firstLoad, total } from "../bench/size.mjs";

const BUDGET = 250 * 1000;

test("the first load is within its budget", () => {
  const files = firstLoad();
  const size = total(files);
  assert.ok(files.some(({ name }) => name.endsWith(".css")) && files.length > 3, JSON.stringify(files));
  assert.equal(files.filter(({ name }) => name.includes("/worker-")).length, 1, "the list has one worker");
  assert.ok(size <= BUDGET, `${size} bytes: ${JSON.stringify(files)}`);
});

test("the sign-in, the package, dialogs and other pages are not in the first load", () => {
  const names = firstLoad().map(({ name }) => name);
  for (const source of ["src/connection/signin.ts", "src/changes/action-dialog.tsx", "src/audit/page.tsx", "src/demo/demo.ts"]) {
    assert.ok(!names.includes(fileOf(source)), `${source}: ${names}`);
  }
  for (const later of ["init-", ".wasm"]) {
    assert.ok(built().some((name) => name.includes(later)), `no file is named ${later}`);
    assert.ok(!names.some((name) => name.includes(later)), `${later}: ${names}`);
  }
});
