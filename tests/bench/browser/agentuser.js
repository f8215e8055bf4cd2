import { AgentUserClient } from "/agentuser/dist/index.js";

/** Lists every agent user by the package. */
export async function list(root, token) {
  const client = new AgentUserClient({ graphEndpoint: root, getToken: () => token });
  let [count, characters] = [0, 0];
  for await (const user of client.list()) {
    count += 1;
    characters += user.userPrincipalName.length;
  }
  return { count, characters };
}
