// @azure/identity and @azure/msal-node. `PROXIED` calls know only Microsoft's addresses and go through HTTPS_PROXY.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash, createPrivateKey } from "node:crypto";
import {
  ClientAssertionCredential, ClientCertificateCredential, ClientSecretCredential, ManagedIdentityCredential, OnBehalfOfCredential,
} from "@azure/identity";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { play } from "./report.mjs";

const root = process.env.GRAPH_ROOT;
const plain = process.env.PLAIN_ROOT;
const facts = await (await fetch(`${root}/simulator/tenant`)).json();
const tenant = facts.tenant.id;
const { clientId, clientSecret } = facts.clients[0];
const scope = "https://graph.microsoft.com/.default";
const direct = { authorityHost: root, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } };

const folder = mkdtempSync(join(tmpdir(), "strangers-"));
const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=strangers"], { stdio: "ignore" });
const both = join(folder, "both.pem");
writeFileSync(both, readFileSync(key, "utf8") + readFileSync(certificate, "utf8"));
const thumbprint = createHash("sha1").update(Buffer.from(readFileSync(certificate, "utf8").replace(/-----[^-]+-----|\s/g, ""), "base64")).digest("hex");

const token = (value) => value.token ?? value.accessToken;
const isJwt = (value, error) => !error && token(value).split(".").length === 3;
const says = (text) => (value, error) => String(error?.message ?? error).includes(text);
const identity = (credential) => () => credential().getToken(scope);
const app = (more = {}, auth = {}) => new ConfidentialClientApplication({
  auth: { clientId, clientSecret, authority: `${root}/${tenant}`, knownAuthorities: [new URL(root).host], ...auth }, ...more,
});
const metadata = async () => JSON.stringify(await (await fetch(`${root}/${tenant}/v2.0/.well-known/openid-configuration`)).json());

await play("@azure/identity", [
  ["ClientSecretCredential(authorityHost, disableInstanceDiscovery)", "token", identity(() => new ClientSecretCredential(tenant, clientId, clientSecret, direct)), isJwt],
  ["ClientSecretCredential, tenant by domain", "token", identity(() => new ClientSecretCredential("contoso.com", clientId, clientSecret, direct)), isJwt],
  ["ClientSecretCredential unchanged, through HTTPS_PROXY", "token", identity(() => new ClientSecretCredential(tenant, clientId, clientSecret)), isJwt],
  ["wrong secret", "AADSTS7000215", identity(() => new ClientSecretCredential(tenant, clientId, "wrong", direct)), says("AADSTS7000215")],
  ["unknown tenant domain", "AADSTS90002 of the discovery, which the library calls endpoints_resolution_error", identity(() => new ClientSecretCredential("nowhere.com", clientId, clientSecret, direct)),
    (value, error) => says("90002")(value, error) || says("endpoints_resolution_error")(value, error)],
  ["ClientCertificateCredential", "token", identity(() => new ClientCertificateCredential(tenant, clientId, both, direct)), isJwt],
  ["ClientAssertionCredential", "token", identity(() => new ClientAssertionCredential(tenant, clientId, async () => "a.b.c", direct)), isJwt],
  ["OnBehalfOfCredential", "token", identity(() => new OnBehalfOfCredential({ tenantId: tenant, clientId, clientSecret, userAssertionToken: "a.b.c", ...direct })), isJwt],
  ["ManagedIdentityCredential (App Service)", "token", async () => {
    process.env.IDENTITY_ENDPOINT = `${plain}/msi/token`;
    process.env.IDENTITY_HEADER = "anything";
    try {
      return await new ManagedIdentityCredential().getToken(scope);
    } finally {
      delete process.env.IDENTITY_ENDPOINT;
      delete process.env.IDENTITY_HEADER;
    }
  }, isJwt],
  ["ManagedIdentityCredential (virtual machine)", "token", async () => {
    process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = plain;
    try {
      return await new ManagedIdentityCredential().getToken(scope);
    } finally {
      delete process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST;
    }
  }, isJwt],
]);

await play("@azure/msal-node", [
  ["acquireTokenByClientCredential (knownAuthorities)", "token", () => app().acquireTokenByClientCredential({ scopes: [scope] }), isJwt],
  ["acquireTokenByClientCredential with authorityMetadata given by hand", "token", async () => app({}, { authorityMetadata: await metadata() }).acquireTokenByClientCredential({ scopes: [scope] }), isJwt],
  ["client certificate", "token", () => app({}, { clientSecret: undefined, clientCertificate: { thumbprint, privateKey: createPrivateKey(readFileSync(key)).export({ type: "pkcs8", format: "pem" }) } })
    .acquireTokenByClientCredential({ scopes: [scope] }), isJwt],
  ["acquireTokenOnBehalfOf", "token", () => app().acquireTokenOnBehalfOf({ scopes: [scope], oboAssertion: "a.b.c" }), isJwt],
  ["fmiPath in ClientCredentialRequest", "T1", () => app().acquireTokenByClientCredential({ scopes: ["api://AzureADTokenExchange/.default"], fmiPath: "a1d00000-0000-4000-8000-000000000001" }), isJwt],
]);
rmSync(folder, { recursive: true });
