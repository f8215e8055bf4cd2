// The states of the settings, as states.mjs has them.
const CLIENT = "5ea00000-0000-4000-8000-000000000009";

/** A tenant with an application that may do little. */
export const LITTLE = { agentUsers: 3, signIn: { applications: [{ clientId: CLIENT, clientSecret: "simulated", roles: ["User.Read.All", "AgentIdentity.Read.All"] }] } };

/** The same simulator, by a token of that application. */
export async function asLittle(graph) {
  const form = new URLSearchParams({ client_id: CLIENT, client_secret: "simulated", grant_type: "client_credentials", scope: `${graph.endpoint}/.default` });
  const response = await fetch(`${graph.endpoint}/contoso.com/oauth2/v2.0/token`, { method: "POST", body: form });
  const { access_token: token, ...rest } = await response.json();
  if (token === undefined) throw new Error(JSON.stringify(rest));
  return { ...graph, token };
}

/** Waits until the token was looked at. */
export async function checked(page) {
  await page.getByRole("heading", { name: "What this page can do" }).waitFor();
}

export const SETTINGS_STATES = [
  { name: "settings", options: { agentUsers: 3 }, hash: "#/settings", reach: checked },
  {
    name: "settings-limited",
    options: { agentUsers: 3, permissions: ["User.ReadBasic.All"] },
    hash: "#/settings",
    reach: async (page) => {
      await checked(page);
      for (const summary of await page.locator(".settings summary").all()) await summary.click();
    },
  },
];
