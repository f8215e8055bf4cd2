// Builds the package: the WebAssembly module, its bindings, and the layer in TypeScript.
// `--wasm FILE` gives a module that cargo has built before, with `--profile wasm`.
import { execFileSync } from "node:child_process";
import { cpSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tool } from "./tool.mjs";

const { values } = parseArgs({ options: { wasm: { type: "string" } } });
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const here = path("..");
const root = path("../../../..");

function run(program, ...commandLine) {
  execFileSync(program, commandLine, { cwd: root, stdio: "inherit" });
}

/** Builds the module and gives its path. */
function cargo() {
  const metadata = execFileSync("cargo", ["metadata", "--format-version", "1", "--no-deps", "--locked"], { cwd: root });
  const target = JSON.parse(String(metadata)).target_directory;
  run("cargo", "build", "--locked", "--profile", "wasm", "--target", "wasm32-unknown-unknown", "-p", "agentuser-wasm");
  return `${target}/wasm32-unknown-unknown/wasm/agentuser_wasm.wasm`;
}

const wasm = values.wasm ?? cargo();
for (const folder of ["dist", "wasm"]) rmSync(`${here}${folder}`, { recursive: true, force: true });
run("cargo", "run", "--locked", "--quiet", "-p", "agentuser-bindgen", "--", "wasm", wasm, `${here}wasm`);

// By name, since `--all-features` emits an import form that Node 20 and Chromium refuse.
const features = [
  "bulk-memory",
  "nontrapping-float-to-int",
  "sign-ext",
  "mutable-globals",
  "reference-types",
  "multivalue",
].map((feature) => `--enable-${feature}`);
const module = `${here}wasm/agentuser_bg.wasm`;
// A function with one caller stays a function where it is not short: calls are more alike than bodies.
const optimisation = ["-Oz", "--converge", "--one-caller-inline-max-function-size=50"];
run(process.execPath, tool("binaryen", "wasm-opt"), ...optimisation, ...features, "--strip-debug", module, "-o", module);
// The types keep their comments; the scripts that pages load have none.
run(process.execPath, tool("typescript", "tsc"), "--project", here, "--emitDeclarationOnly");
run(process.execPath, tool("typescript", "tsc"), "--project", here, "--declaration", "false", "--removeComments");
const bindings = `${here}wasm/agentuser.js`;
const plain = ["--ignoreConfig", "--allowJs", "--noCheck", "--target", "ES2022", "--module", "ESNext", "--removeComments"];
run(process.execPath, tool("typescript", "tsc"), ...plain, "--outDir", `${here}wasm/plain`, bindings);
renameSync(`${here}wasm/plain/agentuser.js`, bindings);
rmSync(`${here}wasm/plain`, { recursive: true });
for (const name of ["LICENSE", "THIRD-PARTY.md"]) cpSync(`${root}/${name}`, `${here}${name}`);
run(process.execPath, `${here}scripts/size.mjs`);
