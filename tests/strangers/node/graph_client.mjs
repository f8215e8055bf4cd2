// @microsoft/microsoft-graph-client: the calls that an administrator's script makes, each with the answer that Microsoft's pages print.
import { BatchRequestContent, BatchResponseContent, Client, PageIterator, ResponseType } from "@microsoft/microsoft-graph-client";
import { play } from "./report.mjs";

const root = process.env.GRAPH_ROOT;
const tenant = await (await fetch(`${root}/simulator/tenant`)).json();

function client(token) {
  return Client.initWithMiddleware({
    baseUrl: `${root}/`,
    customHosts: new Set([new URL(root).hostname]),
    authProvider: { getAccessToken: async () => token },
  });
}

const graph = client(tenant.tokens.admin);
const cast = "/users/microsoft.graph.agentUser";
const eventual = ["ConsistencyLevel", "eventual"];
const identity = (number) => `a1d00000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
const humans = tenant.tenant.humans.map((human) => human.id);
const group = tenant.tenant.groups[0].id;
const full = tenant.tenant.subscribedSkus.find((sku) => sku.skuPartNumber === "AGENT_365").skuId;
const nobody = "00000000-0000-4000-8000-00000000dead";
const ours = (path) => `${root}/v1.0${path}`;
const graphs = (path) => `https://graph.microsoft.com/v1.0${path}`;

function agent(number, more = {}) {
  return {
    accountEnabled: true,
    displayName: `JS ${number}`,
    mailNickname: `js${number}`,
    userPrincipalName: `js${number}@contoso.com`,
    identityParentId: identity(number),
    usageLocation: "US",
    ...more,
  };
}

/** All items, through the SDK's own iterator. */
async function all(request, headers) {
  const items = [];
  const first = await request.get();
  const options = headers ? { headers } : undefined;
  const pages = new PageIterator(graph, first, (item) => Boolean(items.push(item)), options);
  await pages.iterate();
  return { count: first["@odata.count"], items, complete: pages.isComplete() };
}

async function script(faults) {
  const answer = await fetch(`${root}/simulator/script`, { method: "POST", body: JSON.stringify(faults) });
  if (!answer.ok) throw new Error(await answer.text());
}

const raw = (request) => request.responseType(ResponseType.RAW);
const reference = (id) => ({ "@odata.id": id });
const request = (path, init) => new Request(`https://graph.microsoft.com/v1.0${path}`, init);
const json = (method, body) => ({ method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });

async function batch(steps) {
  const content = new BatchRequestContent(steps);
  const answer = new BatchResponseContent(await graph.api("/$batch").post(await content.getContent()));
  return Object.fromEntries([...answer.getResponses()].map(([id, response]) => [id, response.status]));
}

const failed = (status, code, message) => (value, error) =>
  error?.statusCode === status && (!code || error.code === code) && (!message || message.test(error.message));
const done = (value, error) => !error;
const has = (test) => (value, error) => !error && test(value);
const items = (test) => has((value) => Array.isArray(value.value) && test(value.value));
const filter = (text) => graph.api("/users").filter(text);
const advanced = (text) => filter(text).header(...eventual).count(true);
const state = {};
const own = (path = "") => `/users/${state.one}${path}`;
const names = (list) => list.map((user) => user.displayName);

await play("microsoft-graph-client", [
  [`GET ${cast}?$top=100 via PageIterator`, "all agent users, following @odata.nextLink", () => all(graph.api(cast).top(100)),
    has((found) => found.complete && found.items.length === 251)],
  [`GET ${cast}?$count=true + ConsistencyLevel, PageIterator with the header`, "@odata.count on page 1 and all pages",
    () => all(graph.api(cast).top(100).select("id").header(...eventual).count(true), { ConsistencyLevel: "eventual" }),
    has((found) => found.count === 251 && found.items.length === 251)],
  ["PageIterator without resending ConsistencyLevel", "headers are not carried over; Graph refuses or ignores",
    () => all(graph.api(cast).top(100).select("id").header(...eventual).count(true)),
    (found, error) => failed(400)(found, error) || found?.items.length === 251],
  [`POST ${cast}`, "201 agentUser", async () => { const made = await graph.api(cast).post(agent(1)); state.one = made.id; return made; },
    has((made) => made["@odata.type"] === "#microsoft.graph.agentUser" && made.identityParentId === identity(1))],
  ["POST /users with @odata.type microsoft.graph.agentUser", "201 agentUser",
    async () => { const made = await graph.api("/users").post(agent(2, { "@odata.type": "microsoft.graph.agentUser" })); state.two = made.id; return made; },
    has((made) => made.identityParentId === identity(2))],
  ["POST /users (a human: passwordProfile, no @odata.type)", "201 user",
    () => graph.api("/users").post({ accountEnabled: true, displayName: "New human", mailNickname: "new.human", userPrincipalName: "new.human@contoso.com",
      passwordProfile: { forceChangePasswordNextSignIn: true, password: "simulated-Passw0rd" } }),
    has((made) => made.userPrincipalName === "new.human@contoso.com")],
  ["GET /users/{id}", "200 default set of v1.0", () => graph.api(own()).get(), has((user) => user.id === state.one && user.displayName === "JS 1")],
  ["GET /users/{upn}", "200", () => graph.api("/users/js1@contoso.com").get(), has((user) => user.id === state.one)],
  ["GET /users/microsoft.graph.agentUser/{id}?$select", "200", () => graph.api(`${cast}/${state.one}`).select(["id", "identityParentId", "accountEnabled", "usageLocation"]).get(),
    has((user) => user.identityParentId === identity(1) && user.accountEnabled === true && user.usageLocation === "US")],
  ["GET /users/{id}/microsoft.graph.agentUser", "200", () => graph.api(own("/microsoft.graph.agentUser")).get(), has((user) => user.id === state.one)],
  ["PATCH /users/{id}", "200 with the body, or 204", () => graph.api(own()).patch({ jobTitle: "Agent" }), done],
  ["PATCH /users/microsoft.graph.agentUser/{id} with @odata.type", "200 or 204",
    () => graph.api(`${cast}/${state.one}`).patch({ "@odata.type": "#microsoft.graph.agentUser", department: "Sales" }), done],
  ["PUT manager/$ref, @odata.id = {baseUrl}/v1.0/users/{id}", "204", () => graph.api(own("/manager/$ref")).put(reference(ours(`/users/${humans[0]}`))), done],
  ["PUT manager/$ref, @odata.id = https://graph.microsoft.com/v1.0/users/{id}", "204", () => graph.api(own("/manager/$ref")).put(reference(graphs(`/users/${humans[0]}`))), done],
  ["PUT manager/$ref, @odata.id = …/directoryObjects/{id}", "204", () => graph.api(own("/manager/$ref")).put(reference(graphs(`/directoryObjects/${humans[0]}`))), done],
  ["PUT manager/$ref, @odata.id = …/users('{id}')", "204 (unverified)", () => graph.api(own("/manager/$ref")).put(reference(graphs(`/users('${humans[0]}')`))), done],
  ["PUT manager/$ref, @odata.id = …/users/{upn}", "204 (unverified)", () => graph.api(own("/manager/$ref")).put(reference(graphs("/users/human1@contoso.com"))), done],
  ["GET /users/{id}/manager", "200 user with @odata.type", () => graph.api(own("/manager")).get(), has((user) => user.id === humans[0] && user["@odata.type"] === "#microsoft.graph.user")],
  ["GET /users/{id}/manager/$ref", "200 {@odata.id}", () => graph.api(own("/manager/$ref")).get(), has((link) => link["@odata.id"].includes(humans[0]))],
  ["GET /users/{id}?$expand=manager($select=id,displayName)", "200 with manager", () => graph.api(own()).select("id").expand("manager($select=id,displayName)").get(),
    has((user) => user.manager.id === humans[0] && user.manager.displayName === "Human 1")],
  ["GET /users?$expand=manager($levels=max;…)&$filter&$count", "200 with the chain",
    () => advanced("userPrincipalName eq 'js1@contoso.com'").select(["id", "displayName"]).expand("manager($levels=max;$select=id,displayName)").get(),
    items(([user]) => user.manager.id === humans[0])],
  ["DELETE /users/{id}/manager/$ref", "204", () => graph.api(own("/manager/$ref")).delete(), done],
  ["GET /users/{id}/manager when unset", "404 Request_ResourceNotFound", () => graph.api(own("/manager")).get(), failed(404, "Request_ResourceNotFound")],
  ["POST sponsors/$ref user", "204", () => graph.api(own("/sponsors/$ref")).post(reference(ours(`/users/${humans[0]}`))), done],
  ["POST sponsors/$ref group", "204", () => graph.api(own("/sponsors/$ref")).post(reference(ours(`/groups/${group}`))), done],
  ["POST the same sponsor again", "400 references already exist", () => graph.api(own("/sponsors/$ref")).post(reference(ours(`/users/${humans[0]}`))),
    failed(400, "Request_BadRequest", /added object references already exist/)],
  ["POST sponsors/$ref with https://graph.microsoft.com", "204", () => graph.api(own("/sponsors/$ref")).post(reference(graphs(`/users/${humans[1]}`))), done],
  ["GET /users/{id}/sponsors", "200 users and group", () => graph.api(own("/sponsors")).get(), items((found) => found.length === 3 && found.some((one) => one["@odata.type"] === "#microsoft.graph.group"))],
  ["GET /users/{id}/sponsors/$ref", "200", () => graph.api(own("/sponsors/$ref")).get(), items((found) => found.length === 3 && found.every((one) => one["@odata.id"]))],
  ["GET /users/{id}/sponsors/$count", "200 number", () => graph.api(own("/sponsors/$count")).header(...eventual).get(), has((count) => Number(count) === 3)],
  ["GET /users/{id}?$expand=sponsors", "200 with sponsors", () => graph.api(own()).select("id").expand("sponsors").get(), has((user) => user.sponsors.length === 3)],
  ["DELETE /users/{id}/sponsors/{sid}/$ref", "204", () => graph.api(own(`/sponsors/${humans[1]}/$ref`)).delete(), done],
  ["GET /subscribedSkus", "200 collection", () => graph.api("/subscribedSkus").get(), items((found) => { state.sku = found[0].id; return found.some((sku) => sku.skuPartNumber === "AGENT_365"); })],
  ["GET /subscribedSkus?$select=skuPartNumber,skuId", "200 only those", () => graph.api("/subscribedSkus").select("skuPartNumber,skuId").get(), items(([sku]) => Object.keys(sku).sort().join() === "skuId,skuPartNumber")],
  ["GET /subscribedSkus/{id}", "200", () => graph.api(`/subscribedSkus/${state.sku}`).get(), has((sku) => sku.id === state.sku)],
  ["POST assignLicense", "200 user", () => graph.api(own("/assignLicense")).post({ addLicenses: [{ skuId: full, disabledPlans: [] }], removeLicenses: [] }), has((user) => user.id === state.one)],
  ["GET licenseDetails", "200", () => graph.api(own("/licenseDetails")).get(), items((found) => found[0].skuPartNumber === "AGENT_365")],
  ["GET ?$select=assignedLicenses,licenseAssignmentStates,assignedPlans,provisionedPlans", "200",
    () => graph.api(own()).select("assignedLicenses,licenseAssignmentStates,assignedPlans,provisionedPlans").get(),
    has((user) => user.assignedLicenses[0].skuId === full && user.licenseAssignmentStates[0].state === "Active" && user.assignedPlans.length > 0)],
  ["POST assignLicense unknown sku", "400 Request_BadRequest", () => graph.api(own("/assignLicense")).post({ addLicenses: [{ skuId: nobody }], removeLicenses: [] }), failed(400, "Request_BadRequest")],
  ["POST assignLicense without removeLicenses", "400: both are non-null", () => graph.api(own("/assignLicense")).post({ addLicenses: [] }), failed(400)],
  ["POST revokeSignInSessions", "200 value true", () => graph.api(own("/revokeSignInSessions")).post({}), has((answer) => answer.value === true)],
  ["POST reprocessLicenseAssignment", "200 user", () => graph.api(own("/reprocessLicenseAssignment")).post({}), has((user) => user.id === state.one)],
  ["404 GET /users/{unknown}", "GraphError 404 with requestId and date", () => graph.api(`/users/${nobody}`).get(),
    (value, error) => failed(404, "Request_ResourceNotFound")(value, error) && Boolean(error.requestId) && !Number.isNaN(error.date.getTime())],
  ["400 duplicate parent", "GraphError 400", () => graph.api(cast).post(agent(1, { userPrincipalName: "other@contoso.com", mailNickname: "other" })), failed(400, "Request_BadRequest", /identityParentId/)],
  ["400 duplicate UPN", "GraphError 400, details ObjectConflict with a message", () => graph.api(cast).post(agent(3, { userPrincipalName: "js1@contoso.com" })),
    (value, error) => { const [detail] = JSON.parse(error.body).details; return error.statusCode === 400 && detail.code === "ObjectConflict" && Boolean(detail.message); }],
  ["401 bad token", "GraphError 401 InvalidAuthenticationToken", () => client("nonsense").api("/users").get(), failed(401, "InvalidAuthenticationToken")],
  ["401 expired token", "GraphError 401", () => client(tenant.tokens.expired).api("/users").get(), failed(401, "InvalidAuthenticationToken")],
  ["401 claims challenge", "WWW-Authenticate with claims", () => client(tenant.tokens.challenged).api("/users").get(),
    (value, error) => error.statusCode === 401 && /claims=/.test(error.headers.get("WWW-Authenticate"))],
  ["403 no permission", "GraphError 403 Authorization_RequestDenied", () => client(tenant.tokens.nobody).api("/users").get(), failed(403, "Authorization_RequestDenied")],
  ["429 once, then success (RetryHandler)", "the client retries after Retry-After", async () => {
    await script([{ method: "GET", path: "/subscribedSkus", fault: "throttled", retryAfterSeconds: 1 }]);
    const begin = Date.now();
    await graph.api("/subscribedSkus").get();
    return Date.now() - begin;
  }, has((ms) => ms >= 900)],
  ["429 four times", "GraphError 429 TooManyRequests with a request id", async () => {
    await script([1, 2, 3, 4].map((nth) => ({ method: "GET", path: "/domains", nth, fault: "throttled", retryAfterSeconds: 1 })));
    return graph.api("/domains").get();
  }, (value, error) => failed(429, "TooManyRequests")(value, error) && Boolean(error.requestId)],
  ["503", "GraphError 503 with a code and a request id", async () => {
    await script([1, 2, 3, 4].map((nth) => ({ method: "GET", path: "/organization", nth, fault: "serverError" })));
    return graph.api("/organization").middlewareOptions([]).get();
  }, (value, error) => error?.statusCode === 503 && Boolean(error.code) && Boolean(error.requestId)],
  ["GET /users/{id}/photo of a user without one", "404 ImageNotFound", () => graph.api(own("/photo")).get(), failed(404)],
  ["BatchRequestContent: 3 GETs", "3 responses", () => batch([
    { id: "1", request: request("/organization") }, { id: "2", request: request(own()) }, { id: "3", request: request(`/users/${nobody}`) }]),
    has((found) => found[1] === 200 && found[2] === 200 && found[3] === 404)],
  ["BatchRequestContent: POST create + dependsOn PATCH", "201 then 200 or 204", () => batch([
    { id: "1", request: request(cast, json("POST", agent(4))) },
    { id: "2", request: request("/users/js4@contoso.com", json("PATCH", { jobTitle: "Agent" })), dependsOn: ["1"] }]),
    has((found) => found[1] === 201 && [200, 204].includes(found[2]))],
  ["$batch dependsOn a failed part", "424 Failed Dependency", () => batch([
    { id: "1", request: request(`/users/${nobody}`) }, { id: "2", request: request("/organization"), dependsOn: ["1"] }]),
    has((found) => found[1] === 404 && found[2] === 424)],
  ["$batch 21 parts", "400", () => graph.api("/$batch").post({ requests: Array.from({ length: 21 }, (_, n) => ({ id: `${n}`, method: "GET", url: "/organization" })) }), failed(400)],
  ["$batch url without leading slash / with v1.0 prefix", "200 for both", () => graph.api("/$batch").post({ requests: [
    { id: "1", method: "GET", url: "users?$select=id&$top=1" }, { id: "2", method: "GET", url: "/v1.0/organization" }] }),
    has((found) => found.responses.every((part) => part.status === 200))],
  ["$filter=startswith(displayName,'agent1')", "200", () => filter("startswith(displayName,'agent1')").get(), items((found) => found.length > 0 && names(found).every((name) => name.startsWith("agent1")))],
  ["$filter=accountEnabled eq true", "200", () => filter("accountEnabled eq true").top(2).get(), items((found) => found.length === 2)],
  ["$filter=accountEnabled ne true + $count", "200 (advanced)", () => advanced("accountEnabled ne true").get(), items((found) => found.every((user) => user.accountEnabled !== true))],
  ["$filter=userPrincipalName in ('a','b')", "200", () => filter("userPrincipalName in ('js1@contoso.com','js2@contoso.com')").get(), items((found) => found.length === 2)],
  ["$filter=a or b", "200", () => filter("displayName eq 'agent61' or displayName eq 'agent62'").get(), items((found) => names(found).sort().join() === "agent61,agent62")],
  ["$filter=endsWith(userPrincipalName,'x') + $count", "200 (advanced)", () => advanced("endsWith(userPrincipalName,'@contoso.com')").top(5).get(), items((found) => found.length === 5)],
  ["$filter=NOT(startsWith(displayName,'a')) + $count", "200 (advanced)", () => advanced("NOT(startsWith(displayName,'a'))").get(), items((found) => found.length > 0 && names(found).every((name) => !/^a/i.test(name)))],
  ["$filter=createdDateTime ge 2026-01-01T00:00:00Z", "200", () => filter("createdDateTime ge 2026-01-01T00:00:00Z").top(3).get(), items((found) => found.length === 3)],
  ["$filter=identityParentId eq", "200 one", () => graph.api(cast).filter(`identityParentId eq '${identity(1)}'`).get(), items((found) => found.length === 1 && found[0].id === state.one)],
  ["$filter=isof('microsoft.graph.agentUser')", "200 (unverified)", () => advanced("isof('microsoft.graph.agentUser')").top(3).get(), items((found) => found.length === 3)],
  ["$filter=not isof('microsoft.graph.agentUser')", "200 humans", () => advanced("not isof('microsoft.graph.agentUser')").get(), items((found) => found.length > 0 && found.every((user) => user["@odata.type"] !== "#microsoft.graph.agentUser"))],
  ["$filter=assignedLicenses/any(l:l/skuId eq guid)", "200", () => filter(`assignedLicenses/any(l:l/skuId eq ${full})`).get(), items((found) => found.length === 1 && found[0].id === state.one)],
  ["$filter=assignedLicenses/$count eq 0 + $count", "200", () => advanced("assignedLicenses/$count eq 0").top(3).get(), items((found) => found.length === 3)],
  ["$filter=userType eq 'Member'", "200", () => filter("userType eq 'Member'").top(3).get(), items((found) => found.length === 3)],
  ["$filter=department eq 'Sales'", "200", () => filter("department eq 'Sales'").get(), items((found) => found.length === 1 && found[0].id === state.one)],
  ["$filter=jobTitle eq 'Agent'", "200", () => filter("jobTitle eq 'Agent'").get(), items((found) => found.some((user) => user.id === state.one))],
  ["$filter=mail eq 'x'", "200", () => filter("mail eq 'nobody@contoso.com'").get(), items((found) => found.length === 0)],
  ["$filter=usageLocation eq null + $count", "200 (unverified)", () => advanced("usageLocation eq null").get(), items(() => true)],
  ["$search=\"displayName:agent6\"", "200 (header only)", () => graph.api("/users").header(...eventual).search('"displayName:agent6"').get(), items((found) => found.length > 0 && names(found).every((name) => name.startsWith("agent6")))],
  ["$orderby=displayName", "200", () => graph.api("/users").orderby("displayName").top(5).get(), items((found) => names(found).join() === names(found).sort((a, b) => a.localeCompare(b)).join())],
  ["$orderby=displayName desc + $filter + $count", "200 (advanced)", () => advanced("startswith(displayName,'agent6')").orderby("displayName desc").get(), items((found) => found.length > 1 && found[0].displayName > found[1].displayName)],
  ["$top=999", "200", () => graph.api("/users").top(999).get(), items((found) => found.length > 251)],
  ["$top=1000", "400 (max 999)", () => graph.api("/users").top(1000).get(), failed(400)],
  ["$select=id,nosuch", "200 without it", () => graph.api("/users").select("id,nosuch").top(1).get(), items(([user]) => user.id && !("nosuch" in user))],
  ["$skip=5", "400, or ignored", () => graph.api("/users").skip(5).get(), (value, error) => failed(400)(value, error) || value?.value.length > 0],
  ["$count=true without ConsistencyLevel", "200, $count silently ignored", () => graph.api("/users").count(true).top(1).get(), has((page) => page.value.length === 1 && !("@odata.count" in page))],
  ["$search without ConsistencyLevel", "400 Request_UnsupportedQuery in Graph's words", () => graph.api("/users").search('"displayName:agent6"').get(),
    failed(400, "Request_UnsupportedQuery", /only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'/)],
  ["endsWith without advanced parameters", "400 Request_UnsupportedQuery in Graph's words", () => filter("endsWith(userPrincipalName,'x')").get(),
    failed(400, "Request_UnsupportedQuery", /Operator 'endsWith' is not supported because the required parameters might be missing/)],
  ["$filter=jobTitle ne 'x' without advanced parameters", "400 Request_UnsupportedQuery", () => filter("jobTitle ne 'x'").get(), failed(400, "Request_UnsupportedQuery")],
  ["$expand=memberOf", "200", () => graph.api(own()).select("id").expand("memberOf").get(), has((user) => Array.isArray(user.memberOf))],
  ["$expand=directReports", "200", () => graph.api(`/users/${humans[0]}`).select("id").expand("directReports").get(), has((user) => Array.isArray(user.directReports))],
  ["GET /users/$count with ConsistencyLevel", "200 text/plain number", () => graph.api("/users/$count").header(...eventual).get(), has((count) => Number(count) > 251)],
  ["GET /users/microsoft.graph.agentUser/$count", "200 number", () => graph.api(`${cast}/$count`).header(...eventual).get(), has((count) => Number(count) > 251)],
  ["GET /users/$count without ConsistencyLevel", "400 Request_BadRequest in Graph's words", () => graph.api("/users/$count").get(), failed(400, "Request_BadRequest", /\$count is not currently supported/)],
  ["GET /users/delta?$select=…", "200 with a next or delta link", () => graph.api("/users/delta").select("id,displayName").get(), has((page) => page.value.length > 0 && (page["@odata.nextLink"] ?? page["@odata.deltaLink"]))],
  ["GET /users/{id}/memberOf", "200", () => graph.api(own("/memberOf")).get(), items(() => true)],
  ["GET /users/{id}/directReports", "200", () => graph.api(`/users/${humans[0]}/directReports`).get(), items(() => true)],
  ["GET /organization", "200", () => graph.api("/organization").get(), items(([one]) => one.displayName === "Contoso")],
  ["GET /domains", "200", () => graph.api("/domains").get(), items((found) => found.some((domain) => domain.id === "contoso.com"))],
  ["GET /servicePrincipals/{id} (parent)", "200 agentIdentity", () => graph.api(`/servicePrincipals/${identity(1)}`).get(), has((one) => { state.app = one.appId; return one["@odata.type"] === "#microsoft.graph.agentIdentity"; })],
  ["GET /servicePrincipals(appId='…')", "200 (alternate key)", () => graph.api(`/servicePrincipals(appId='${state.app}')`).get(), has((one) => one.id === identity(1))],
  ["GET /users('{id}')", "200 (OData key form)", () => graph.api(`/users('${state.one}')`).get(), has((user) => user.id === state.one)],
  ["GET /me", "app-only: 400 BadRequest in Graph's words", () => graph.api("/me").get(), failed(400, "BadRequest", /\/me request is only valid with delegated authentication flow/)],
  ["DELETE /users/{id}", "204", () => graph.api(own()).delete(), done],
  ["GET /users/{id} after", "404", () => graph.api(own()).get(), failed(404, "Request_ResourceNotFound")],
  ["GET /directory/deletedItems/microsoft.graph.user", "200 has it, deletedDateTime", () => graph.api("/directory/deletedItems/microsoft.graph.user").get(), items((found) => found.some((user) => user.id === state.one && user.deletedDateTime))],
  ["GET deletedItems/microsoft.graph.user?$orderby=deletedDateTime desc&$count", "200 (advanced)",
    () => graph.api("/directory/deletedItems/microsoft.graph.user").header(...eventual).orderby("deletedDateTime desc").count(true).get(), has((page) => page["@odata.count"] === 1)],
  ["GET /directory/deletedItems/{id}", "200", () => graph.api(`/directory/deletedItems/${state.one}`).get(), has((user) => user.id === state.one)],
  ["GET /directory/deletedItems (no cast)", "400 (a cast is needed)", () => graph.api("/directory/deletedItems").get(), failed(400)],
  ["POST /directory/deletedItems/{id}/restore", "200 directoryObject", () => graph.api(`/directory/deletedItems/${state.one}/restore`).post({}), has((user) => user.id === state.one)],
  ["DELETE, then DELETE /directory/deletedItems/{id}", "204", async () => {
    await graph.api(own()).delete();
    await graph.api(`/directory/deletedItems/${state.one}`).delete();
    return raw(graph.api(`/directory/deletedItems/${state.one}`)).get();
  }, (value, error) => value?.status === 404 || error?.statusCode === 404],
  ["beta: GET /users/microsoft.graph.agentUser", "200", () => graph.api(cast).version("beta").top(5).get(),
    has((page) => page.value.length === 5 && page["@odata.context"].includes("/beta/$metadata") && page["@odata.nextLink"].includes("/beta/users"))],
]);
