import { open } from "./files.js";
import type { Source, Sources } from "./source.js";

/** Each part of the package, beside its scripts. Bundlers look for these very words; others leave them, and the parts lie beside the bundle. */
const FILES = {
  first: () => new URL("./agentuser_bg.wasm", import.meta.url),
  second: () => new URL("./agentuser_second.wasm", import.meta.url),
  texts: () => new URL("./texts.json", import.meta.url),
};

let given: Pick<Sources, "second" | "texts"> = {};

/** Notes where the parts are that are loaded later, and gives the source of the first one. */
export function give(sources: Source | Sources): Source {
  if (!isSources(sources)) return sources;
  const { first, ...later } = sources;
  given = { ...given, ...later };
  return first ?? sourceOf("first");
}

/** The source of a part: the one that was given, or the file of this package. */
export function sourceOf(part: keyof Sources): Source {
  const other = part === "first" ? undefined : given[part];
  return other ?? open(FILES[part]());
}

function isSources(sources: Source | Sources): sources is Sources {
  return Object.prototype.toString.call(sources) === "[object Object]";
}
