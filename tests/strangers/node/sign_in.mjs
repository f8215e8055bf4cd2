// @azure/identity and @azure/msal-node: every leg of sign-in that they have. A token counts when the simulated Graph takes it; and
// `agentuser` must get the same. `unchanged` calls know only Microsoft's addresses and go through HTTPS_PROXY.
import { execFile } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  ClientAssertionCredential, ClientCertificateCredential, ClientSecretCredential, DeviceCodeCredential, ManagedIdentityCredential,
  OnBehalfOfCredential, WorkloadIdentityCredential,
} from "@azure/identity";
import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from "@azure/msal-node";
import { play } from "./report.mjs";

const root = process.env.GRAPH_ROOT;
const plain = process.env.PLAIN_ROOT;
const facts = JSON.parse(process.env.SIGN_IN);
const { tenant, identity, identityApp, agentUser, person, blueprint, application, key, certificate, both } = facts;
const scope = "https://graph.microsoft.com/.default";
const exchange = "api://AzureADTokenExchange/.default";
const accessAgent = `api://${blueprint.clientId}/access_agent`;
const direct = { authorityHost: root, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } };
const pem = (file) => readFileSync(file, "utf8");
const privateKey = createPrivateKey(pem(key)).export({ type: "pkcs8", format: "pem" });
const thumbprintSha256 = new X509Certificate(pem(certificate)).fingerprint256.replaceAll(":", "").toLowerCase();

// Checks of tokens, by their claims and by Graph's answers.
const token = (value) => value.token ?? value.accessToken;
const claims = (text) => JSON.parse(Buffer.from(text.split(".")[1], "base64url").toString());
const graph = async (path, text) => (await fetch(`${plain}/v1.0${path}`, { headers: { Authorization: `Bearer ${text}` } })).json();
const isJwt = (value, error) => !error && token(value).split(".").length === 3;
const readsUsers = async (value, error) =>
  isJwt(value, error) && Array.isArray((await graph("/users?$top=1", token(value))).value) && (await graph("/me", token(value))).error.code === "BadRequest";
const isUser = (who) => async (value, error) => isJwt(value, error) && (await graph("/me", token(value))).id === who.id && claims(token(value)).oid === who.id;
const isAgentUser = async (value, error) => {
  if (!(await isUser(agentUser)(value, error))) return false;
  const found = claims(token(value));
  const licenses = (await graph("/me/licenseDetails", token(value))).value.map((one) => one.skuPartNumber);
  return licenses.join() === agentUser.sku && found.xms_sub_fct.split(" ").includes("13") && found.xms_par_app_azp === blueprint.clientId;
};
const isIdentity = (value, error) => isJwt(value, error) && claims(token(value)).oid === identity && claims(token(value)).idtyp === "app";
const isExchange = async (value, error) =>
  isJwt(value, error) && claims(token(value)).sub.endsWith(identity) && (await graph("/me", token(value))).error.code === "InvalidAuthenticationToken";
// The number is in the library's own error, whose class is named.
const refused = (number, name) => (value, error) => error?.name === name && error.message.includes(`AADSTS${number}`);

// The same by agentuser.
const changing = ["iat", "nbf", "exp", "uti"];
const lasting = (text) => JSON.stringify(Object.entries(claims(text)).filter(([name]) => !changing.includes(name)).sort());
const { PATH, HOME, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE } = process.env;
// It knows only Microsoft's addresses, and goes through the proxy.
const ours = async (parameters, client) => {
  const env = {
    PATH, HOME, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, AGENTUSER_TENANT: tenant, AGENTUSER_CLIENT_ID: client.clientId,
    ...(client.clientSecret && { AGENTUSER_CLIENT_SECRET: client.clientSecret }),
  };
  return (await promisify(execFile)(facts.agentuser, ["token", ...parameters], { env })).stdout.trim();
};
const same = (theirs, parameters, client) => async () => [token(await theirs()), await ours(parameters, client)];
const areEqual = (value, error) => !error && lasting(value[0]) === lasting(value[1]);

// msal-node
const authority = { authority: `${root}/${tenant}`, knownAuthorities: [new URL(root).host] };
const confidential = (auth, more = {}) => new ConfidentialClientApplication({ auth: { ...authority, ...auth }, ...more });
const app = (more = {}) => confidential({ ...application, ...more });
const byCertificate = () => confidential({ clientId: blueprint.clientId, clientCertificate: { thumbprintSha256, privateKey } });
const metadata = async () => JSON.stringify(await (await fetch(`${root}/${tenant}/v2.0/.well-known/openid-configuration`)).json());
const authorityMetadata = await metadata();
const own = (client) => () => client().acquireTokenByClientCredential({ scopes: [scope] });
const t1 = (client = confidential(blueprint), fmiPath = identity) => client.acquireTokenByClientCredential({ scopes: [exchange], fmiPath });
const agent = async (client) => confidential({ clientId: identity, clientAssertion: (await t1(client)).accessToken });
const asAgentUser = async (user, client) => {
  const it = await agent(client);
  const assertion = (await it.acquireTokenByClientCredential({ scopes: [exchange] })).accessToken;
  return it.acquireTokenByUserFederatedIdentityCredential({ scopes: [scope], assertion, ...user });
};
const byId = { userObjectId: agentUser.id };
const byName = { username: agentUser.userPrincipalName };
const decide = (code, decision = "approve") =>
  fetch(`${plain}/common/oauth2/deviceauth?${new URLSearchParams({ code, user: person.userPrincipalName, decision })}`);
const people = () => new PublicClientApplication({ auth: { ...authority, clientId: person.clientId } });
const deviceCode = (scopes, decision, client = people()) =>
  client.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: ({ userCode }) => void decide(userCode, decision) });
const userToken = async () => (await deviceCode([accessAgent])).accessToken;
const onBehalfOf = async (scopes = ["User.Read"]) => (await agent()).acquireTokenOnBehalfOf({ scopes, oboAssertion: await userToken() });

async function browser() {
  const client = people();
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const redirectUri = "http://localhost:1";
  const address = await client.getAuthCodeUrl({ scopes: ["User.Read"], redirectUri, codeChallenge: challenge, codeChallengeMethod: "S256", responseMode: "query" });
  const approved = `${address.replace(root, plain)}&${new URLSearchParams({ simulator_decision: "approve", simulator_user: person.userPrincipalName })}`;
  const answer = await fetch(approved, { redirect: "manual" });
  const code = new URL(answer.headers.get("location")).searchParams.get("code");
  return client.acquireTokenByCode({ scopes: ["User.Read"], redirectUri, code, codeVerifier: verifier });
}

async function refreshed() {
  const client = people();
  const { account } = await deviceCode(["User.Read"], "approve", client);
  return client.acquireTokenSilent({ scopes: ["User.Read"], account, forceRefresh: true });
}

const order = (what, order) => fetch(`${plain}/simulator/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(order) });
// A policy for the agent user: its agent identity signs in all the same, up to the last leg.
async function blocked(policy) {
  await order("policies", { policies: [{ name: "c1", clientId: identityApp, user: agentUser.userPrincipalName, ...policy }] });
  try {
    return await asAgentUser(byId);
  } finally {
    await order("policies", { policies: [] });
  }
}

await play("@azure/msal-node", [
  ["acquireTokenByClientCredential (knownAuthorities)", "token", own(app), readsUsers],
  ["acquireTokenByClientCredential with authorityMetadata given by hand", "token", own(() => app({ authorityMetadata })), readsUsers],
  ["blueprint's own token", "token", own(() => confidential(blueprint)), readsUsers],
  ["client certificate", "token", own(byCertificate), readsUsers],
  ["fmiPath in ClientCredentialRequest", "T1", () => t1(), isExchange],
  ["T1 with a certificate", "T1", () => t1(byCertificate()), isExchange],
  ["T2 (clientAssertion = T1)", "T2", async () => (await agent()).acquireTokenByClientCredential({ scopes: [exchange] }), isExchange],
  ["agent identity's own token (clientAssertion = T1)", "token", async () => (await agent()).acquireTokenByClientCredential({ scopes: [scope] }), isIdentity],
  ["acquireTokenByUserFederatedIdentityCredential({userObjectId})", "/me and its licenses", () => asAgentUser(byId), isAgentUser],
  ["acquireTokenByUserFederatedIdentityCredential({username})", "/me and its licenses", () => asAgentUser(byName), isAgentUser],
  ["agent user, blueprint with a certificate", "/me and its licenses", () => asAgentUser(byId, byCertificate()), isAgentUser],
  ["device code", "/me is the person", () => deviceCode(["User.Read"]), isUser(person)],
  ["authorization code with PKCE", "/me is the person", browser, isUser(person)],
  ["refresh token", "/me is the person", refreshed, isUser(person)],
  ["acquireTokenOnBehalfOf, the agent identity as client", "/me is the person", () => onBehalfOf(), isUser(person)],

  ["wrong secret", "ServerError AADSTS7000215", own(() => app({ clientSecret: "wrong" })), refused(7000215, "ServerError")],
  ["application of another tenant", "ServerError AADSTS700016", own(() => app({ clientId: "00000000-0000-4000-8000-00000000dead" })), refused(700016, "ServerError")],
  ["UPN as userObjectId", "ServerError AADSTS50000", () => asAgentUser({ userObjectId: agentUser.userPrincipalName }), refused(50000, "ServerError")],
  ["consent missing", "AADSTS65001", () => onBehalfOf(["User.ReadWrite.All"]), (value, error) => error?.message.includes("AADSTS65001")],
  ["blueprint's token for another resource", "ServerError AADSTS82001", () => confidential(blueprint).acquireTokenByClientCredential({ scopes: ["https://api.botframework.com/.default"] }), refused(82001, "ServerError")],
  ["device code declined", "authorization_declined", () => deviceCode(["User.Read"], "decline"), (value, error) => error?.message.includes("authorization_declined")],
  ["blocked by Conditional Access", "AADSTS53003", () => blocked({ block: 53003 }), (value, error) => error?.message.includes("AADSTS53003")],
  ["Conditional Access asks for claims", "InteractionRequiredAuthError with claims", () => blocked({ claimsAtSignIn: 50076 }),
    (value, error) => error?.name === "InteractionRequiredAuthError" && error.message.includes("AADSTS50076") && "access_token" in JSON.parse(error.claims)],

  ["agentuser gets the same: application's secret", "the same claims", same(own(app), [], application), areEqual],
  ["agentuser gets the same: blueprint's certificate", "the same claims", same(own(byCertificate), ["--client-certificate", both], { clientId: blueprint.clientId }), areEqual],
  ["agentuser gets the same: agent user", "the same claims", same(() => asAgentUser(byId), ["--agent-identity", identity, "--agent-user", agentUser.id], blueprint), areEqual],
]);

// @azure/identity
const get = (credential, scopes = scope) => async () => (await credential()).getToken(scopes);
const ofAgent = (assertion = async () => (await t1()).accessToken) => new ClientAssertionCredential(tenant, identity, assertion, direct);
const withEnvironment = (run, variables) => async () => {
  Object.assign(process.env, variables);
  try {
    return await run();
  } finally {
    Object.keys(variables).forEach((name) => delete process.env[name]);
  }
};
const inAppService = { IDENTITY_ENDPOINT: `${plain}/msi/token`, IDENTITY_HEADER: "anything" };
const folder = mkdtempSync(join(tmpdir(), "strangers-"));
const byFile = async () => {
  const tokenFilePath = join(folder, "token");
  writeFileSync(tokenFilePath, (await t1()).accessToken);
  return new WorkloadIdentityCredential({ tenantId: tenant, clientId: identity, tokenFilePath, ...direct });
};
const behalf = async () =>
  new OnBehalfOfCredential({ tenantId: tenant, clientId: identity, getAssertion: async () => (await t1()).accessToken, userAssertionToken: await userToken(), ...direct });

await play("@azure/identity", [
  ["ClientSecretCredential(authorityHost, disableInstanceDiscovery)", "token", get(() => new ClientSecretCredential(tenant, application.clientId, application.clientSecret, direct)), readsUsers],
  ["ClientSecretCredential, tenant by domain", "token", get(() => new ClientSecretCredential("contoso.com", application.clientId, application.clientSecret, direct)), readsUsers],
  ["ClientSecretCredential unchanged, through HTTPS_PROXY", "token", get(() => new ClientSecretCredential(tenant, application.clientId, application.clientSecret)), readsUsers],
  ["ClientCertificateCredential", "token", get(() => new ClientCertificateCredential(tenant, blueprint.clientId, both, direct)), readsUsers],
  ["ClientCertificateCredential(sendCertificateChain)", "token", get(() => new ClientCertificateCredential(tenant, blueprint.clientId, both, { ...direct, sendCertificateChain: true })), readsUsers],
  ["ClientAssertionCredential of the agent identity (T1)", "token", get(ofAgent), isIdentity],
  ["ClientAssertionCredential, leg 2", "T2", get(ofAgent, exchange), isExchange],
  ["WorkloadIdentityCredential (the file has T1)", "token", get(byFile), isIdentity],
  ["OnBehalfOfCredential of the agent identity", "/me is the person", get(behalf, "User.Read"), isUser(person)],
  ["DeviceCodeCredential", "/me is the person", get(() => new DeviceCodeCredential({ tenantId: tenant, clientId: person.clientId, userPromptCallback: ({ userCode }) => void decide(userCode), ...direct }), "User.Read"), isUser(person)],
  ["ManagedIdentityCredential (App Service)", "token", withEnvironment(get(() => new ManagedIdentityCredential()), inAppService), readsUsers],
  ["ManagedIdentityCredential (virtual machine)", "token", withEnvironment(get(() => new ManagedIdentityCredential()), { AZURE_POD_IDENTITY_AUTHORITY_HOST: plain }), readsUsers],

  ["wrong secret", "AuthenticationRequiredError AADSTS7000215", get(() => new ClientSecretCredential(tenant, application.clientId, "wrong", direct)), refused(7000215, "AuthenticationRequiredError")],
  ["unknown tenant domain", "AADSTS90002 of the discovery, which the library calls endpoints_resolution_error", get(() => new ClientSecretCredential("nowhere.com", application.clientId, application.clientSecret, direct)),
    (value, error) => /90002|endpoints_resolution_error/.test(error?.message)],
  ["assertion that nobody gave", "AuthenticationRequiredError AADSTS50027", get(() => ofAgent(async () => "a.b.c")), refused(50027, "AuthenticationRequiredError")],
  ["consent missing, on behalf of", "AADSTS65001", get(behalf, "User.ReadWrite.All"), (value, error) => error?.message.includes("AADSTS65001")],

  ["agentuser gets the same: application's secret", "the same claims", same(get(() => new ClientSecretCredential(tenant, application.clientId, application.clientSecret, direct)), [], application), areEqual],
  ["agentuser gets the same: agent identity", "the same claims", same(get(ofAgent), ["--agent-identity", identity], blueprint), areEqual],
]);
rmSync(folder, { recursive: true });
