// The entry for Node, where fetch() reads no files.
import { readFileSync } from "node:fs";
import { loadSync } from "./module.js";

export * from "./main.js";

loadSync(readFileSync(new URL("../wasm/agentuser_bg.wasm", import.meta.url)));
