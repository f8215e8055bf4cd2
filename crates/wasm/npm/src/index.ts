// The entry for browsers and bundlers. The import waits for the first module.
import { init } from "./init.js";

export { initAll } from "./init.js";
export * from "./main.js";

await init();
