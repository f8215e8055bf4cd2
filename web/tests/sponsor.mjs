// A sponsor who is not an administrator: a token of a person without a role.
import assert from "node:assert/strict";

const CLIENT = "5ea00000-0000-4000-8000-0000000000ad";
/** The scopes that the application has consent for, among those that the page asks for. */
export const SCOPE = "User.Read User.Read.All";

/** A tenant in which people sign in with a device code, for an application with this consent. */
export const signedInBy = (scope) => ({ signIn: { applications: [{ clientId: CLIENT, publicClient: true }], consent: [{ client: CLIENT, scope }] } });

/** The answer to a form. */
async function posted(address, form, type = "application/x-www-form-urlencoded") {
  const body = type === "application/json" ? JSON.stringify(form) : new URLSearchParams(form);
  const answer = await fetch(address, { method: "POST", body, headers: { "Content-Type": type } });
  const text = await answer.text();
  assert.ok(answer.ok, `${address}: ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** A token of a person without a role, by a device code: with what was consented to. */
export async function tokenOf({ endpoint, token }, user) {
  const { tid } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  const begun = await posted(`${endpoint}/${tid}/oauth2/v2.0/devicecode`, { client_id: CLIENT, scope: "https://graph.microsoft.com/.default" });
  await posted(`${endpoint}/simulator/device-code`, { userCode: begun.user_code, user }, "application/json");
  const grant = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: CLIENT, device_code: begun.device_code };
  return (await posted(`${endpoint}/${tid}/oauth2/v2.0/token`, grant)).access_token;
}
