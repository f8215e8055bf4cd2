// For Node: fetch() reads no files there.
import { readFileSync } from "node:fs";
import { loadSync } from "./module.js";

export * from "./main.js";

loadSync(readFileSync(new URL("../wasm/agentuser_bg.wasm", import.meta.url)));
