// Signs in as an agent user with msal-node, and reads the agent user's account and licenses: node agent.mjs
//
// A secret has no place in a browser, so agentuser's npm package does not sign agents in: under Node, Microsoft's own library does.
// README: begin
import { ConfidentialClientApplication } from "@azure/msal-node";

const { AGENTUSER_TENANT, AGENTUSER_CLIENT_ID, AGENTUSER_CLIENT_SECRET, AGENT_IDENTITY, AGENT_USER } = process.env;
const login = process.env.AGENTUSER_LOGIN_ENDPOINT ?? "https://login.microsoftonline.com";
const graph = process.env.AGENTUSER_GRAPH_ENDPOINT ?? "https://graph.microsoft.com";
const exchange = ["api://AzureADTokenExchange/.default"];
const client = (clientId, proof) => new ConfidentialClientApplication({
  auth: { clientId, ...proof, authority: `${login}/${AGENTUSER_TENANT}`, knownAuthorities: [new URL(login).host] },
});

// The blueprint speaks for the agent identity, and the agent identity for its agent user. Keep both clients: they cache.
const blueprint = client(AGENTUSER_CLIENT_ID, { clientSecret: AGENTUSER_CLIENT_SECRET });
const t1 = async () => (await blueprint.acquireTokenByClientCredential({ scopes: exchange, fmiPath: AGENT_IDENTITY })).accessToken;
const agent = client(AGENT_IDENTITY, { clientAssertion: t1 });
const { accessToken: assertion } = await agent.acquireTokenByClientCredential({ scopes: exchange });
const scopes = ["https://graph.microsoft.com/.default"];
const { accessToken } = await agent.acquireTokenByUserFederatedIdentityCredential({ scopes, assertion, userObjectId: AGENT_USER });
// README: end

async function read(path) {
  const answer = await fetch(`${graph}/v1.0${path}`, { headers: { Authorization: `Bearer ${accessToken}` } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${body.error.code} ${body.error.message}`);
  return body;
}

const me = await read("/me?$select=userPrincipalName,displayName");
console.log(`${me.userPrincipalName} (${me.displayName})`);
for (const license of (await read("/me/licenseDetails")).value) console.log(license.skuPartNumber);
