// The entry for browsers and bundlers. The import waits for the module, so that the functions can be synchronous.
import { init } from "./init.js";

export * from "./main.js";

await init();
