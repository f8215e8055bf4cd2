import { use } from "react";
import { keep } from "./kept.js";
import wasm from "agentuser/agentuser.wasm?url";

let compiled: Promise<WebAssembly.Module> | undefined;
let loaded: Promise<typeof import("agentuser/init")> | undefined;
let whole: Promise<typeof import("agentuser/init")> | undefined;

/** The compiled module of the package: compiled once, for the page and its workers. */
export function compiledModule(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compileStreaming(fetch(wasm));
  compiled.catch(() => (compiled = undefined));
  return compiled;
}

/** The npm package, ready to list agent users and to show one; its other operations load what they need. */
export function agentuser(): Promise<typeof import("agentuser/init")> {
  loaded ??= Promise.all([import("agentuser/init"), compiledModule()]).then(async ([exports, module]) => {
    await exports.init(module);
    return exports;
  });
  loaded.catch(() => (loaded = undefined));
  return loaded;
}

/** The npm package with the functions that do not wait. */
export function wholePackage(): Promise<typeof import("agentuser/init")> {
  whole ??= agentuser().then(async (exports) => {
    await exports.initAll();
    return exports;
  });
  whole.catch(() => (whole = undefined));
  return whole;
}

/** The same where something is drawn with it: until it is loaded, the page's Suspense shows that it loads. */
export function usePackage(): typeof import("agentuser/init") {
  return use(keep(wholePackage, "package", wholePackage));
}
