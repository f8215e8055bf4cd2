import { load } from "./module.js";
import type { Source } from "./source.js";

export * from "./main.js";

/**
 * Loads the WebAssembly module, by default the file of this package. The entry `agentuser` does so by itself; the entry
 * `agentuser/init` is for hosts that load the module later, or from elsewhere.
 */
export function init(source: Source = new URL("../wasm/agentuser_bg.wasm", import.meta.url)): Promise<void> {
  return load(source);
}
