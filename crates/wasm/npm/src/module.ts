import * as bindings from "../wasm/agentuser.js";
import { AgentUserError } from "./error.js";
import { sourceOf } from "./parts.js";
import { FORBIDDEN, isForbidden } from "./policy.js";
import { fetched, isAtHand, type Source } from "./source.js";

/** The exports of the first module, once it is loaded. */
let first: WebAssembly.Exports | undefined;
let hasSecond = false;
let loading: Promise<void> | undefined;

/** Loads the first module, unless it is loaded. */
export async function load(source: Source): Promise<void> {
  if (first !== undefined) return;
  try {
    first = exportsOf(await bindings.default({ module_or_path: source }));
  } catch (reason) {
    throw forbidden(reason);
  }
}

/** Loads the first module at once, from its bytes, unless it is loaded. */
export function loadSync(module: BufferSource): void {
  first ??= exportsOf(bindings.initSync({ module }));
}

/** The first module. */
export function module(): typeof bindings {
  if (first === undefined) throw new Error("The WebAssembly module is not loaded: call init() first and wait for it.");
  return bindings;
}

/** Loads the second module, unless it is loaded. A load that failed is tried again by the next call. */
export async function loadSecond(): Promise<void> {
  module();
  if (hasSecond) return;
  loading ??= compiled()
    .then(instantiate)
    .catch((reason: unknown) => {
      throw missing(reason);
    })
    .finally(() => (loading = undefined));
  await loading;
}

/** Both modules, for the functions that do not wait. */
export function both(): typeof bindings {
  module();
  if (!hasSecond) {
    const source = sourceOf("second");
    if (!isAtHand(source)) {
      const fix = "Await initAll() first, or import this function from agentuser/all, whose import waits for it.";
      throw new Error(`The second WebAssembly module is not loaded. ${fix}`);
    }
    instantiate(source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source as BufferSource));
  }
  return bindings;
}

async function compiled(): Promise<WebAssembly.Module> {
  const source = await fetched(sourceOf("second"));
  if (source instanceof WebAssembly.Module) return source;
  if (!(source instanceof Response)) return WebAssembly.compile(source);
  // Not every server names the type.
  const isNamed = source.headers.get("Content-Type")?.startsWith("application/wasm");
  return isNamed ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
}

/** Adds the second module to the first one: it fills their memory and their table. */
function instantiate(module: WebAssembly.Module): void {
  if (hasSecond) return;
  new WebAssembly.Instance(module, { first: first as WebAssembly.ModuleImports });
  bindings.arrived();
  hasSecond = true;
}

function exportsOf(made: bindings.InitOutput): WebAssembly.Exports {
  return made as unknown as WebAssembly.Exports;
}

/** The error of a second module that can't be loaded. */
function missing(reason: unknown): AgentUserError {
  const problem = {
    code: "Unreachable",
    kind: "network",
    field: "second",
    message: "The second WebAssembly module of this package could not be loaded.",
    cause: reason instanceof Error ? reason.message : String(reason),
    fix: "Serve agentuser_second.wasm of this package beside its scripts, let the Content-Security-Policy fetch it, or give its place to init({ second }); then call again.",
    transient: true,
  } as const;
  return new AgentUserError(problem, {}, { cause: reason });
}

/** An error that says how to let WebAssembly run, where the page's policy forbids it; else the reason itself. */
function forbidden(reason: unknown): unknown {
  if (!isForbidden(reason)) return reason;
  const problem = { code: "Invalid", kind: "invalidInput", field: "Content-Security-Policy", ...FORBIDDEN, transient: false } as const;
  return new AgentUserError(problem, {}, { cause: reason });
}
