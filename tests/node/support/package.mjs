// The built package: `cargo xtask test` builds it, or `npm run build` in crates/wasm/npm.
export * from "../../../crates/wasm/npm/dist/node.js";

/** The package's folder. */
export const folder = new URL("../../../crates/wasm/npm/", import.meta.url);
