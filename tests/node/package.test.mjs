// The package as users install it: its size, its types, its tarball.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { BUDGETS, measure } from "../../crates/wasm/npm/scripts/size.mjs";
import { tool } from "../../crates/wasm/npm/scripts/tool.mjs";
import { folder } from "./support/package.mjs";

const npm = fileURLToPath(folder);

function run(program, commandLine, cwd) {
  try {
    return execFileSync(program, commandLine, { cwd, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout}${error.stderr}`);
  }
}

test("each part that a page loads is within its budget", (context) => {
  for (const [part, sizes] of Object.entries(measure())) {
    for (const [name, { raw, gzip, brotli }] of Object.entries(sizes)) {
      context.diagnostic(`${part}, ${name}: ${raw} bytes, gzip ${gzip}, brotli ${brotli}`);
    }
    assert.ok(part !== "first" || sizes.file.brotli <= 200_000, "the first module is larger than a page should load");
    assert.ok(sizes.total.brotli <= BUDGETS[part], `${part}: ${sizes.total.brotli} of ${BUDGETS[part]}`);
  }
});

test("nothing in the package signs anybody in", () => {
  const modules = ["dist/agentuser_bg.wasm", "dist/agentuser_second.wasm"];
  const wasm = modules.map((name) => readFileSync(join(npm, name)).toString("latin1")).join();
  for (const word of ["fmi_path", "user_fic", "client-assertion-type", "client_secret="]) {
    assert.ok(!wasm.includes(word), `a module has ${word}`);
  }
  // Words of the modules are found in them.
  for (const word of ["identityParentId", "RosterUnreadable"]) assert.ok(wasm.includes(word), word);
});

test("the types are those of docs/schema.json", () => {
  run(process.execPath, [join(npm, "scripts/types.mjs"), "--check"], npm);
});

test("the lock file names no host", () => {
  const { packages } = JSON.parse(readFileSync(join(npm, "package-lock.json"), "utf8"));
  const resolved = Object.entries(packages).filter(([, { resolved: from }]) => from !== undefined);
  assert.deepEqual(resolved, []);
});

test("the README names no file that is not in the tarball, and is for users", () => {
  const readme = readFileSync(join(npm, "README.md"), "utf8");
  const links = [...readme.matchAll(/\]\(([^)#]+)/g)].map(([, place]) => place);
  assert.deepEqual(links.filter((place) => !place.startsWith("https://")), []);
  assert.doesNotMatch(readme, /npm run|docs\//);
});

test("the modules have the notices of the crates that are inside", () => {
  const notices = readFileSync(join(npm, "THIRD-PARTY.md"), "utf8");
  for (const name of ["serde_json", "wasm-bindgen", "any_ascii", "the Rust standard library"]) assert.match(notices, new RegExp(`^- ${name}\\b`, "m"));
  for (const words of ["Permission is hereby granted", "UNICODE LICENSE V3"]) assert.ok(notices.includes(words), words);
});

test("the tarball, installed into an empty project, works there and type-checks strictly", (context) => {
  const project = mkdtempSync(join(tmpdir(), "agentuser-npm-"));
  context.after(() => rmSync(project, { recursive: true, force: true }));
  const [{ filename, files }] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", project], npm));
  const packed = files.map(({ path }) => path);
  for (const needed of ["LICENSE", "THIRD-PARTY.md", "README.md", "package.json", "dist/index.js", "dist/index.d.ts", "dist/all.js", "dist/agentuser_bg.wasm", "dist/agentuser_second.wasm", "dist/texts.json", "dist/simulator_bg.wasm", "dist/simulator.d.ts", "dist/node.cjs", "dist/init-node.cjs", "dist/simulator-node.cjs"]) {
    assert.ok(packed.includes(needed), `${needed} is missing of ${packed}`);
  }
  assert.deepEqual(packed.filter((path) => /^(src|scripts|node_modules)\//.test(path)), []);

  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", join(project, filename)], project);
  const script = `
    import { derive } from "agentuser/all";
    import * as later from "agentuser/init";
    await later.init();
    const { Simulator } = await import("agentuser/simulator");
    const simulator = await Simulator.start({ latencyMs: [0, 0] });
    const [user] = await new later.AgentUserClient(simulator).list().toArray();
    console.log(derive("Zoë").mailNickname, user.displayName, ["agentuser.wasm", "second.wasm", "texts.json"].every((file) => import.meta.resolve("agentuser/" + file).includes("/dist/")));
  `;
  assert.equal(run(process.execPath, ["--input-type=module", "--eval", script], project).trim(), "zoe first.agent true");

  const consumer = readFileSync(new URL("support/consumer.ts", import.meta.url), "utf8");
  writeFileSync(join(project, "consumer.ts"), consumer);
  const compile = (more) => {
    const options = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true };
    const compilerOptions = { ...options, skipLibCheck: false, target: "ES2022", types: [], ...more };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    run(process.execPath, [tool("typescript", "tsc"), "--project", project], project);
  };
  compile({ module: "NodeNext", lib: ["ES2022", "DOM", "DOM.Iterable"] });
  compile({ module: "ESNext", moduleResolution: "bundler", lib: ["ES2022", "DOM"] });
  // The check can fail: no report has this member.
  writeFileSync(join(project, "consumer.ts"), consumer.replace("report.outcome", "report.outcomes"));
  assert.throws(() => compile({ module: "NodeNext", lib: ["ES2022", "DOM"] }), /outcomes/);
});
