import { AgentUserClient, init } from "agentuser/init";

await init();
const [graphEndpoint, token] = process.argv.slice(2);
const client = new AgentUserClient({ graphEndpoint, getToken: () => token });
for await (const user of client.list()) console.log(user.userPrincipalName);
