// The states of the page of one agent user, as states.mjs has them.
const TROUBLED = { tenant: "troubled", seed: 7 };
const at = (name, domain = "contoso.com") => `#/users/${name}@${domain}`;

/** A token that may read agent users and little else. */
const LIMITED = { ...TROUBLED, permissions: ["User.ReadBasic.All", "AgentIdentity.Read.All"] };
/** Nothing is answered in time, because Graph says so. */
const THROTTLED = {
  ...TROUBLED,
  speed: 1,
  faults: { script: Array.from({ length: 30 }, (_, nth) => ({ method: "GET", path: "/users/", nth: nth + 1, fault: "throttled", retryAfterSeconds: 300 })) },
};

/** Waits until each part has been read or has failed. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector(".card") !== null && document.querySelector(".card[aria-busy=true]") === null);
}

const region = (page, name) => page.getByRole("region", { name, exact: true });

async function pressed(page, part, button) {
  await settled(page);
  await region(page, part).getByRole("button", { name: button, exact: true }).first().click();
}

/** Properties that are edited, one of them so that it breaks a rule. */
async function edited(page) {
  await pressed(page, "Properties", "Edit");
  await page.getByLabel("Department").fill("Sales");
}

async function reviewed(page) {
  await edited(page);
  await page.getByRole("button", { name: "Show the changes" }).click();
  await page.getByRole("button", { name: "Make 1 change" }).waitFor();
}

export const USER_STATES = [
  {
    name: "user",
    options: TROUBLED,
    hash: at("license.error"),
    reach: async (page) => {
      await settled(page);
      await page.getByRole("button", { name: "Check this agent user" }).click();
      await region(page, "Findings").getByText("As of").waitFor();
      for (const summary of await page.locator(".card summary").all()) await summary.click();
    },
  },
  { name: "user-access", options: TROUBLED, hash: at("role.group"), reach: settled },
  { name: "user-orphan", options: TROUBLED, hash: at("parent.gone"), reach: settled },
  { name: "user-limited", options: LIMITED, hash: at("no.manager"), reach: settled },
  { name: "user-waiting", options: THROTTLED, hash: at("no.manager"), reach: (page) => page.locator(".wait").first().waitFor() },
  {
    name: "user-edit",
    options: TROUBLED,
    hash: at("no.manager"),
    reach: async (page) => {
      await edited(page);
      await page.getByLabel("Usage location").fill("USA");
      await page.getByText("Use US.").waitFor();
    },
  },
  { name: "user-review", options: TROUBLED, hash: at("no.manager"), reach: reviewed },
  {
    name: "user-refused",
    options: { ...TROUBLED, permissions: ["User.Read.All", "AgentIdentity.Read.All"] },
    hash: at("no.manager"),
    reach: async (page) => {
      await reviewed(page);
      await page.getByRole("button", { name: "Make 1 change" }).click();
      await page.getByRole("dialog").getByText("The changes could not be made.").waitFor();
      await page.getByRole("dialog").locator("summary").click();
    },
  },
  { name: "user-sponsor", options: TROUBLED, hash: at("no.sponsor"), reach: (page) => pressed(page, "Manager and sponsors", "Add") },
  {
    name: "user-licenses",
    options: TROUBLED,
    hash: at("license.error"),
    reach: async (page) => {
      await pressed(page, "Licenses", "Change");
      await page.getByRole("dialog").locator("summary").first().click();
    },
  },
  {
    name: "user-retire",
    options: TROUBLED,
    hash: at("idle"),
    reach: async (page) => {
      await settled(page);
      await page.getByRole("button", { name: "Retire" }).click();
      await page.getByLabel("Take the licenses first").check();
    },
  },
  {
    name: "user-deleted",
    options: TROUBLED,
    hash: at("idle"),
    prepare: async (graph) => {
      const { users } = await graph.look("state");
      const { id } = users.find(({ userPrincipalName }) => userPrincipalName === "idle@contoso.com");
      await graph.call("DELETE", `/users/${id}`);
    },
    reach: (page) => page.getByText("In the recycle bin", { exact: true }).waitFor(),
  },
  { name: "user-absent", options: TROUBLED, hash: at("nobody"), reach: (page) => page.getByRole("heading", { name: "There is no such agent user" }).waitFor() },
];
