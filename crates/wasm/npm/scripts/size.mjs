// Measures what a page loads, part by part: modules and scripts as they are, by gzip and by brotli.
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

/** A script without the line that names its map, which bundlers take out. */
function withoutMap(script) {
  return Buffer.from(String(script).replace(/\/\/# sourceMappingURL=.*\n?$/, ""));
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

/** The parts that pages load, each by itself: a file, and the scripts that an entry imports. */
const PARTS = {
  first: ["dist/agentuser_bg.wasm", "dist/index.js"],
  second: ["dist/agentuser_second.wasm"],
  texts: ["dist/texts.json"],
  simulator: ["dist/simulator_bg.wasm", "dist/simulator.js"],
};

/**
 * The most that each part may have, in bytes by brotli: the size that is reached and 0.3 %, so that it only shrinks. The names of functions
 * are made of the folder's path, and set their order: brotli gave 0.2 % more in another folder.
 */
export const BUDGETS = { first: 191_450, second: 632_350, texts: 11_700, simulator: 395_700 };

/** The sizes of each part: its file, its scripts, and both. */
export function measure() {
  return Object.fromEntries(
    Object.entries(PARTS).map(([name, [path, entry]]) => {
      const file = sizes(readFileSync(new URL(path, base)));
      const loaded = entry === undefined ? [] : [...scripts(new URL(entry, base))].map((script) => sizes(withoutMap(readFileSync(new URL(script)))));
      const sum = (how) => loaded.reduce((all, size) => all + size[how], 0);
      const script = { raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") };
      const total = Object.fromEntries(Object.keys(file).map((how) => [how, file[how] + script[how]]));
      return [name, { file, scripts: script, total }];
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, part] of Object.entries(measure())) {
    console.log(name);
    console.table(part);
  }
}
