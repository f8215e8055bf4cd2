const { AgentUserClient } = require("agentuser");

const [graphEndpoint, token] = process.argv.slice(2);
const client = new AgentUserClient({ graphEndpoint, getToken: () => token });
client.list().toArray().then((users) => users.forEach((user) => console.log(user.userPrincipalName)));
