// README: begin
import { AgentUserClient, init } from "agentuser/init";

// A message that arrives before there is a handler is lost: nothing is awaited at the top.
const loaded = init();
onmessage = async ({ data: { endpoint, token } }) => {
  await loaded;
  const client = new AgentUserClient({ graphEndpoint: endpoint, getToken: () => token });
  // README: end
  const users = await client.list().toArray();
  await client.sponsors(users[0].id);
  postMessage(users.map((user) => user.userPrincipalName));
};
