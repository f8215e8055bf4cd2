// Measures what a page loads: the module and every script that dist/index.js imports, as they are, by gzip and by brotli.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const base = new URL("../", import.meta.url);

/** A script and every script that it imports. */
function scripts(file, found = new Set()) {
  if (found.has(file.href)) return found;
  found.add(file.href);
  for (const [, path] of readFileSync(file, "utf8").matchAll(/\bfrom "(\.[^"]+)"/g)) scripts(new URL(path, file), found);
  return found;
}

/** The sizes of a file. */
function sizes(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes, { params }).length };
}

/** The sizes of the module, of the scripts, and of all. */
export function measure() {
  const result = { wasm: { raw: 0, gzip: 0, brotli: 0 }, scripts: { raw: 0, gzip: 0, brotli: 0 } };
  const files = [new URL("wasm/agentuser_bg.wasm", base).href, ...scripts(new URL("dist/index.js", base))];
  for (const file of files) {
    const part = file.endsWith(".wasm") ? result.wasm : result.scripts;
    const size = sizes(readFileSync(new URL(file)));
    for (const how of Object.keys(part)) part[how] += size[how];
  }
  const total = Object.fromEntries(Object.keys(result.wasm).map((how) => [how, result.wasm[how] + result.scripts[how]]));
  return { ...result, total };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(measure());
