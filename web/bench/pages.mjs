// A Graph that has one list of agent users, rendered before it is asked for.
import { createServer } from "node:http";

const SKUS = ["a1000000-0000-4000-8000-000000000001", "a1000000-0000-4000-8000-000000000002"];
const FIRST = ["Invoice", "Sales", "Support", "Travel", "Payroll", "Legal", "Research", "Onboarding", "Münster", "Zürich"];
const LAST = ["Agent", "Assistant", "Reviewer", "Planner", "Collector"];
const DEPARTMENTS = ["Finance", "Sales", "Service", "People", "Legal"];

/** The agent user of a number. */
function user(at) {
  const digits = at.toString(16).padStart(12, "0");
  return {
    "@odata.type": "#microsoft.graph.agentUser",
    id: `a6000000-0000-4000-8000-${digits}`,
    displayName: `${FIRST[at % FIRST.length]} ${LAST[at % LAST.length]} ${(at * 7919) % 100003}`,
    userPrincipalName: `agent.${at}@${at % 9 === 0 ? "fabrikam.com" : "contoso.com"}`,
    accountEnabled: at % 11 !== 0,
    createdDateTime: new Date(1_780_000_000_000 + at * 60_000).toISOString(),
    department: DEPARTMENTS[at % DEPARTMENTS.length],
    jobTitle: LAST[at % LAST.length],
    usageLocation: "DE",
    identityParentId: `a1d00000-0000-4000-8000-${digits}`,
    assignedLicenses: at % 2 === 0 ? [{ skuId: SKUS[at % 4 === 0 ? 0 : 1], disabledPlans: [] }] : [],
  };
}

/** Serves so many agent users, in pages of a hundred or as asked. */
export async function pages(count) {
  const users = Array.from({ length: count }, (_, at) => JSON.stringify(user(at)));
  const skus = JSON.stringify({ value: SKUS.map((skuId, at) => ({ skuId, skuPartNumber: `AGENT_${at + 1}`, capabilityStatus: "Enabled", appliesTo: "User", servicePlans: [] })) });
  const server = createServer((request, response) => {
    const url = new URL(request.url, `http://${request.headers.host}`);
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "*, Authorization");
    response.setHeader("Access-Control-Max-Age", "600");
    response.setHeader("Content-Type", "application/json");
    if (request.method === "OPTIONS") return response.end();
    if (url.pathname.endsWith("/subscribedSkus")) return response.end(skus);
    if (!url.pathname.endsWith("/users/microsoft.graph.agentUser")) return response.writeHead(404).end("{}");
    const top = Number(url.searchParams.get("$top") ?? 100);
    const from = Number(url.searchParams.get("$skiptoken") ?? 0);
    const next = new URL(url);
    next.searchParams.set("$skiptoken", String(from + top));
    const link = from + top < count ? `"@odata.nextLink":${JSON.stringify(next.href)},` : "";
    return response.end(`{${link}"value":[${users.slice(from, from + top).join(",")}]}`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { endpoint: `http://127.0.0.1:${server.address().port}`, token: "token-of-the-bench", close };
}
