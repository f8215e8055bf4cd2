// A page of the server, made anew for each request.
import { AgentUserClient } from "agentuser";

export const dynamic = "force-dynamic";

export default async function Page() {
  const { GRAPH_ENDPOINT, GRAPH_TOKEN } = process.env;
  const client = new AgentUserClient({ graphEndpoint: GRAPH_ENDPOINT, getToken: () => GRAPH_TOKEN });
  const users = await client.list().toArray();
  return <ul id="agents">{users.map(({ id, userPrincipalName }) => <li key={id}>{userPrincipalName}</li>)}</ul>;
}
