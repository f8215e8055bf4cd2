import { load } from "./module.js";
import type { Source } from "./source.js";

export * from "./main.js";

/**
 * Loads the WebAssembly module, from where this package has it or from what is given. The entry `agentuser` does so by
 * itself; the entry `agentuser/init` is for hosts that load their own way, or later.
 */
export function init(source: Source = new URL("../wasm/agentuser_bg.wasm", import.meta.url)): Promise<void> {
  return load(source);
}
