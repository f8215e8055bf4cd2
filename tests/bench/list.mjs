// Lists every agent user and prints how long that took: node tests/bench/list.mjs ENDPOINT TOKEN
import { AgentUserClient } from "../../crates/wasm/npm/dist/node.js";

const [graphEndpoint, token] = process.argv.slice(2);
const client = new AgentUserClient({ graphEndpoint, getToken: async () => ({ token }) });
const started = performance.now();
let count = 0;
let characters = 0;
for await (const user of client.list()) {
  count += 1;
  characters += user.userPrincipalName.length;
}
const took = Math.round(performance.now() - started);
console.log(`${count} agent users, ${took} ms, ${characters} characters`);
