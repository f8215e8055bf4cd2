import { AgentUserClient } from "agentuser";

const [graphEndpoint, token] = process.argv.slice(2);
const client = new AgentUserClient({ graphEndpoint, getToken: () => token });
for await (const user of client.list()) console.log(user.userPrincipalName);
