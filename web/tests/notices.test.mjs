// The notices of what is built in, which the built page carries.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (name) => readFileSync(new URL(`../dist/${name}`, import.meta.url), "utf8");

test("the page names what it has inside, each with a license that permits it", () => {
  const named = [...read("third-party.md").matchAll(/^## (\S+) - \S+ \((.*)\)$/gm)].map(([, name, license]) => [name, license]);
  for (const name of ["react", "react-dom", "@azure/msal-browser", "@fluentui/react-button", "papaparse"]) {
    assert.ok(named.some(([one]) => one === name), `${name} is not named`);
  }
  const permitted = new Set(["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD"]);
  assert.deepEqual(named.filter(([, license]) => !permitted.has(license)), []);
  assert.match(read("third-party-modules.md"), /any_ascii/);
});
