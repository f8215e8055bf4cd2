// Builds the package: its WebAssembly modules, their bindings, and the layer in TypeScript.
// `--wasm FOLDER` gives the modules that cargo has built before, with `--profile wasm`, by the names of modules.json, and
// `--bindgen PROGRAM` a built agentuser-bindgen.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildSync } from "esbuild";
import { outdent } from "./outdent.mjs";
import { tool } from "./tool.mjs";

const { values } = parseArgs({ options: { wasm: { type: "string" }, bindgen: { type: "string" } } });
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const here = path("..");
const root = path("../../../..");

function run(program, ...commandLine) {
  execFileSync(program, commandLine, { cwd: root, stdio: "inherit" });
}

/** Builds a module into a folder. Each alone: modules built together would have each other's features of the core. */
function cargo({ name, package: crate }, target, folder) {
  run("cargo", "build", "--locked", "--profile", "wasm", "--target", "wasm32-unknown-unknown", "-p", crate);
  cpSync(`${target}/wasm32-unknown-unknown/wasm/${crate.replaceAll("-", "_")}.wasm`, `${folder}/${name}.wasm`);
}

function bindgen(...commandLine) {
  const program = values.bindgen === undefined ? ["cargo", "run", "--locked", "--quiet", "-p", "agentuser-bindgen", "--"] : [values.bindgen];
  run(...program, ...commandLine);
}

/** Makes the bindings of a module, divides it where a second module is to have some exports, and makes each part smaller. */
function bind({ name, second }, folder) {
  bindgen("wasm", `${folder}/${name}.wasm`, `${here}wasm`, name);
  const module = `${here}wasm/${name}_bg.wasm`;
  if (second !== undefined) {
    const other = `${here}wasm/${name}_second.wasm`;
    bindgen("split", `${folder}/${name}.wasm`, module, other, second.join());
    shrink(other);
  }
  shrink(module);
}

function shrink(module) {
  run(process.execPath, tool("binaryen", "wasm-opt"), ...optimisation, ...features, "--strip-debug", module, "-o", module);
}

// By name, since `--all-features` emits an import form that Node 20 and Chromium refuse.
const features = [
  "bulk-memory",
  "nontrapping-float-to-int",
  "sign-ext",
  "mutable-globals",
  "reference-types",
  "multivalue",
].map((feature) => `--enable-${feature}`);
// A function with one caller stays a function where it is not short: calls are more alike than bodies.
const optimisation = ["-Oz", "--converge", "--one-caller-inline-max-function-size=50"];

/** Removes the scripts of sources that have types alone: nothing imports them. */
function dropEmpty(folder) {
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".js"))) {
    if (/^export \{\};\n\/\/# source/.test(readFileSync(folder + name, "utf8"))) for (const end of ["", ".map"]) rmSync(folder + name + end);
  }
}

/**
 * Makes a script of each entry for `require()` in Jest, and in Node before 20.19: they load no modules that way. In the folder of the
 * modules, so that `import.meta.url`, for which CommonJS has no word, has the same neighbours.
 */
function bundleForRequire() {
  buildSync({
    entryPoints: ["node", "init-node", "simulator-node"].map((name) => `${here}dist/${name}.js`),
    outdir: `${here}dist`,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    define: { "import.meta.url": "SCRIPT" },
    banner: { js: 'const SCRIPT = require("node:url").pathToFileURL(__filename);' },
    logLevel: "warning",
  });
}

const modules = JSON.parse(readFileSync(new URL("modules.json", import.meta.url), "utf8"));
for (const folder of ["dist", "wasm"]) rmSync(`${here}${folder}`, { recursive: true, force: true });
const built = values.wasm ?? mkdtempSync(join(tmpdir(), "agentuser-wasm-"));
if (values.wasm === undefined) {
  const metadata = execFileSync("cargo", ["metadata", "--format-version", "1", "--no-deps", "--locked"], { cwd: root });
  const { target_directory: target } = JSON.parse(String(metadata));
  for (const module of modules) cargo(module, target, built);
}
for (const module of modules) bind(module, built);
bindgen("texts", `${here}wasm/texts.json`);
if (values.wasm === undefined) rmSync(built, { recursive: true });

// The types keep their comments; the scripts that pages load have none, and maps that have the sources inside. Maps of declarations would
// need the sources a second time.
run(process.execPath, tool("typescript", "tsc"), "--project", here, "--emitDeclarationOnly");
run(process.execPath, tool("typescript", "tsc"), "--project", here, "--declaration", "false", "--removeComments", "--sourceMap", "--inlineSources");
dropEmpty(`${here}dist/`);
for (const name of readdirSync(`${here}dist`).filter((name) => name.endsWith(".js"))) outdent(`${here}dist/${name}`, `${here}dist/${name}.map`);
cpSync(`${here}src/wasm.d.ts`, `${here}dist/wasm.d.ts`);
// Beside the scripts: where a bundler takes these and no more, the parts are copied beside its bundle, and found there.
for (const name of readdirSync(`${here}wasm`).filter((name) => /\.(wasm|json)$/.test(name))) renameSync(`${here}wasm/${name}`, `${here}dist/${name}`);
const bindings = modules.map(({ name }) => `${here}wasm/${name}.js`);
const plain = ["--ignoreConfig", "--allowJs", "--noCheck", "--target", "ES2022", "--module", "ESNext", "--removeComments"];
run(process.execPath, tool("typescript", "tsc"), ...plain, "--outDir", `${here}wasm/plain`, ...bindings);
for (const { name } of modules) renameSync(`${here}wasm/plain/${name}.js`, `${here}wasm/${name}.js`);
for (const { name } of modules) outdent(`${here}wasm/${name}.js`);
rmSync(`${here}wasm/plain`, { recursive: true });
bundleForRequire();
cpSync(`${root}/LICENSE`, `${here}LICENSE`);
run(process.execPath, `${here}scripts/size.mjs`);
