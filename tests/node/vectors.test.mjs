// tests/vectors: the cases that every language runs.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import * as agentuser from "./support/package.mjs";
import { run } from "./support/vectors.mjs";

const folder = new URL("../vectors/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

test("there are cases", () => assert.ok(files.length >= 4));

for (const file of files) {
  describe(file, () => {
    const { cases } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    for (const one of cases.filter((one) => one.notIn?.npm === undefined)) {
      test(one.name, async () => {
        const { came, expected } = await run(agentuser, one);
        assert.deepEqual(came, expected);
      });
    }
  });
}
