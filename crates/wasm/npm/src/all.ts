// The entry `agentuser/all` for browsers and bundlers. The import waits for everything, so that the functions can be synchronous.
import { initAll } from "./init.js";

export { initAll } from "./init.js";
export * from "./main.js";

await initAll();
