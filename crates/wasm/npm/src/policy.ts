/** The words by which browsers say that a page's policy forbids WebAssembly. */
const WORDS = /unsafe-eval|content security policy|blocked by csp/i;

/** Why a page's policy does not let WebAssembly run, and how to let it. */
export const FORBIDDEN = {
  message: "The Content-Security-Policy of this page does not let WebAssembly run.",
  cause: "Its script-src, or its default-src, lacks 'wasm-unsafe-eval'.",
  fix: "Add 'wasm-unsafe-eval' to script-src.",
} as const;

/** Whether a module could not be loaded because the page's policy forbids WebAssembly. */
export function isForbidden(reason: unknown): boolean {
  return reason instanceof WebAssembly.CompileError && WORDS.test(reason.message);
}
