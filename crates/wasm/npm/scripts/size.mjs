// What a page loads: every file of the package that runs, as it is, by gzip and by brotli.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const base = new URL("../", import.meta.url);
const files = ["wasm/agentuser_bg.wasm", "wasm/agentuser.js"].concat(
  ["bytes", "client", "error", "index", "init", "lists", "main", "module", "pure", "run", "tokens", "transport"].map(
    (name) => `dist/${name}.js`,
  ),
);

/** The sizes of one text of bytes. */
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
  for (const file of files) {
    const part = file.endsWith(".wasm") ? result.wasm : result.scripts;
    const size = sizes(readFileSync(new URL(file, base)));
    for (const how of Object.keys(part)) part[how] += size[how];
  }
  const total = Object.fromEntries(Object.keys(result.wasm).map((how) => [how, result.wasm[how] + result.scripts[how]]));
  return { ...result, total };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(measure());
