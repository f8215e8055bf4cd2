import { load, loadSecond } from "./module.js";
import { give } from "./parts.js";
import type { Source, Sources } from "./source.js";
import { loadTexts } from "./texts.js";

export * from "./main.js";
export type { Source, Sources } from "./source.js";

/**
 * Loads the first WebAssembly module, by default the file of this package: a client then lists agent users and shows one. What other
 * operations need is loaded by the first of them. The entry `agentuser` does so by itself; the entry `agentuser/init` is for hosts
 * that load the module later, or from elsewhere.
 *
 * @throws {AgentUserError} when the page's Content-Security-Policy forbids WebAssembly.
 */
export function init(source: Source | Sources = {}): Promise<void> {
  return load(give(source));
}

/**
 * Loads everything, so that the functions that do not wait can be called: `derive`, `explain`, `validate` and the others. The entry
 * `agentuser/all` does so by itself. Under Node it need not be called: there they load what they need.
 *
 * @throws {AgentUserError} `Unreachable` when the second module can't be loaded; the next call tries it again.
 */
export async function initAll(sources: Source | Sources = {}): Promise<void> {
  await init(sources);
  await Promise.all([loadSecond(), loadTexts()]);
}
