import { AgentUserClient } from "agentuser";

const { endpoint, token } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const client = new AgentUserClient({ graphEndpoint: endpoint, getToken: () => token });
const users = await client.list().toArray();
// The first call that needs it loads the second module.
await client.sponsors(users[0].id);
agents.innerHTML = users.map((user) => `<li>${user.userPrincipalName}</li>`).join("");
