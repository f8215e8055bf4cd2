// For browsers and bundlers: who imports it waits until the module is there, so that its functions are synchronous.
import { init } from "./init.js";

export * from "./main.js";

await init();
