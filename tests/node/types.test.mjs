// The types that editors show.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { SourceMap } from "node:module";
import { test } from "node:test";
import { folder } from "./support/package.mjs";

const dist = new URL("dist/", folder);
const read = (name) => readFileSync(new URL(name, dist), "utf8");

/** A member of an exported type, with its name. */
const MEMBER = /^ {4,}(?:(?:readonly|static|get|async) )*([\w$]+|\[Symbol\.\w+\])\??[(:<]/;
/** A member that says which of several types it is: the comment is that type's. */
const TAG = /: "\w+";$/;
/** Files with types of this package's own, which its entries do not export. */
const INTERNAL = ["messages.d.ts", "run.d.ts", "transport.d.ts"];

test("every member has a comment, which editors show where it is typed", () => {
  const bare = [];
  let members = 0;
  for (const name of readdirSync(dist).filter((name) => name.endsWith(".d.ts") && !INTERNAL.includes(name))) {
    // Types without `export` are a file's own.
    const exported = read(name).split(/^(?=\S)/m).filter((text) => !/^(?:interface|declare|type|export declare const) /.test(text));
    let before = "";
    for (const line of exported.join("").split("\n")) {
      const [, member] = MEMBER.exec(line) ?? [];
      if (member !== undefined && !/^constructor$/.test(member) && !TAG.test(line)) {
        members += 1;
        if (!before.endsWith("*/")) bare.push(`${name}: ${line.trim()}`);
      }
      before = line;
    }
  }
  assert.ok(members > 1_500, String(members));
  assert.deepEqual(bare, []);
});

test("scripts have maps with their sources inside, and no script is empty", () => {
  const scripts = readdirSync(dist).filter((name) => name.endsWith(".js"));
  for (const name of scripts) {
    assert.doesNotMatch(read(name), /^export \{\};/, name);
    const { sources, sourcesContent } = JSON.parse(read(`${name}.map`));
    assert.deepEqual(sources, [`../src/${name.replace(/js$/, "ts")}`]);
    assert.equal(sourcesContent[0], readFileSync(new URL(sources[0], dist), "utf8"));
  }
  // The maps lead to the same words, for every line that throws.
  const lines = read("client.js").split("\n");
  const map = JSON.parse(read("client.js.map"));
  const source = map.sourcesContent[0].split("\n");
  const thrown = lines.flatMap((line, at) => (line.includes("throw ") ? [at] : []));
  assert.ok(thrown.length > 2, String(thrown));
  for (const at of thrown) {
    const column = lines[at].indexOf("throw ");
    const { originalLine, originalColumn } = new SourceMap(map).findEntry(at, column);
    assert.ok(source[originalLine].slice(originalColumn).startsWith("throw "), lines[at]);
  }
  assert.ok(scripts.includes("client.js") && !scripts.includes("types.js") && !scripts.includes("wasm.js"), String(scripts));
});
