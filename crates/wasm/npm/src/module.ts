import * as bindings from "../wasm/agentuser.js";
import type { Source } from "./source.js";

let loaded = false;

/** Loads the module, unless it is loaded. */
export async function load(source: Source): Promise<void> {
  if (loaded) return;
  await bindings.default({ module_or_path: source });
  loaded = true;
}

/** Loads the module at once, from bytes or a compiled module, unless it is loaded. */
export function loadSync(module: BufferSource | WebAssembly.Module): void {
  if (loaded) return;
  bindings.initSync({ module });
  loaded = true;
}

/** The module. */
export function module(): typeof bindings {
  if (!loaded) throw new Error("The WebAssembly module is not loaded: call init() first and wait for it.");
  return bindings;
}
