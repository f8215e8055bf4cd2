// The files that a browser loads for the list of agent users before the package's module, the sign-in and dialogs: node bench/size.mjs
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotli } from "../tests/support.mjs";

const DIST = new URL("../dist/", import.meta.url);

const read = (name) => readFileSync(new URL(name, DIST));

/** A chunk, the chunks that it imports at its start, and their styles. */
function closure(manifest, key, found) {
  const { file, imports = [], css = [] } = manifest[key];
  if (found.has(file)) return;
  found.add(file);
  for (const style of css) found.add(style);
  for (const other of imports) closure(manifest, other, found);
}

const manifestOf = () => JSON.parse(read(".vite/manifest.json"));

/** The file that a source became, where it has one of its own. */
export function fileOf(source) {
  const entry = manifestOf()[source];
  if (entry === undefined) throw new Error(`${source} has no file of its own`);
  return entry.file;
}

/** The files of the first load of a page, by its source: the shell's, the page's and its workers'. */
export function firstLoad(page = "src/list/page.tsx") {
  const manifest = manifestOf();
  const found = new Set(["index.html"]);
  closure(manifest, "index.html", found);
  closure(manifest, page, found);
  // The manifest has no workers: a page's code names those that it starts.
  const code = [...found].filter((name) => name.endsWith(".js")).map((name) => read(name).toString());
  for (const name of built()) if (/^worker-.*\.js$/.test(name) && code.some((text) => text.includes(name))) found.add(`assets/${name}`);
  return [...found].map((name) => ({ name, raw: read(name).length, brotli: brotli(read(name)) }));
}

/** The names of all files that are built. */
export function built() {
  return readdirSync(new URL("assets/", DIST));
}

export function total(files) {
  return files.reduce((sum, { brotli }) => sum + brotli, 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = firstLoad(process.argv[2]);
  console.table(files);
  console.log(`${total(files)} bytes by brotli`);
}
