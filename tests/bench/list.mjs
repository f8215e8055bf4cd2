// Lists every agent user and says how long that took: node tests/bench/list.mjs ENDPOINT TOKEN
import { readFileSync } from "node:fs";
import { AgentUserClient } from "../../crates/wasm/npm/dist/node.js";

const [root, token] = process.argv.slice(2);
const client = new AgentUserClient({ root, getToken: async () => ({ token }) });
const started = performance.now();
let count = 0;
let characters = 0;
for await (const user of client.list()) {
  count += 1;
  characters += user.userPrincipalName.length;
}
const took = Math.round(performance.now() - started);
const peak = Math.floor(Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024);
console.log(`${count} agent users, ${took} ms, peak ${peak} MB, ${characters} characters`);
