// The states of the pages: what axe judges in both themes and of which pictures are taken. Each begins at an address, of a
// tenant, and is there once `reach` has returned.

import { CREATE_STATES } from "./states-create.mjs";
import { ROSTER_STATES } from "./states-roster.mjs";
import { SETTINGS_STATES } from "./states-settings.mjs";
import { USER_STATES } from "./states-user.mjs";

/** A tenant with everything that a page can show. */
export const TROUBLED = { tenant: "troubled", seed: 7 };
const CONTOSO = { agentUsers: 120, identities: 130, seed: 4 };
/** The reading of the list ends with a refusal. */
const REFUSED = { ...CONTOSO, permissions: ["User.Read"] };
/** The plan of a change waits, because Graph says so. */
const THROTTLED = {
  ...CONTOSO,
  speed: 1,
  faults: { script: Array.from({ length: 20 }, (_, at) => ({ method: "POST", path: "/$batch", nth: at + 1, fault: "throttled", retryAfterSeconds: 300 })) },
};

/** Deletes every agent user, which leaves a tenant that has none. */
async function deleteAll(graph) {
  const { users } = await graph.look("state");
  for (const { id, identityParentId } of users) if (identityParentId) await graph.call("DELETE", `/users/${id}`);
}

export async function listed(page) {
  await page.locator(".heading .count", { hasText: /^[\d,]+ agent users?$/ }).waitFor();
}

async function acted(page, action) {
  await listed(page);
  await page.getByRole("checkbox", { name: "Select all" }).check();
  const inMenu = page.getByRole("button", { name: "Actions" });
  if (await inMenu.isVisible()) {
    await inMenu.click();
    await page.getByRole("menuitem", { name: action }).click();
  } else await page.locator(".commands").getByRole("button", { name: action, exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Show the changes" }).waitFor();
}

async function planned(page, action) {
  await acted(page, action);
  await page.getByRole("button", { name: "Show the changes" }).click();
  await page.getByRole("button", { name: /^Make [\d,]+ changes?$/ }).waitFor();
}

async function filtered(page, filter) {
  await listed(page);
  await page.locator(".filters").getByRole("button", { name: filter }).click();
  await page.getByRole("menu").waitFor();
}

export const STATES = [
  { name: "users", options: TROUBLED, reach: listed },
  {
    name: "users-selected",
    options: CONTOSO,
    reach: async (page) => {
      await listed(page);
      await page.getByRole("grid").focus();
      for (const key of ["ArrowDown", "ArrowDown", " ", "Shift+ArrowDown", "Shift+ArrowDown"]) await page.keyboard.press(key === " " ? "Space" : key);
    },
  },
  { name: "users-filter", options: TROUBLED, reach: (page) => filtered(page, "Licenses") },
  {
    name: "users-no-match",
    options: CONTOSO,
    reach: async (page) => {
      await listed(page);
      await page.getByRole("searchbox").fill("nobody of that name");
      await page.getByRole("heading", { name: "No agent user matches" }).waitFor();
    },
  },
  { name: "users-none", options: { identities: 3 }, prepare: deleteAll, reach: (page) => page.getByRole("heading", { name: "There are no agent users yet" }).waitFor() },
  { name: "users-refused", options: REFUSED, reach: (page) => page.locator(".problem", { hasText: "The list is incomplete." }).waitFor() },
  { name: "users-deleted", options: TROUBLED, hash: "#/users?view=deleted", reach: listed },
  { name: "action-license", options: TROUBLED, reach: (page) => acted(page, "Licenses") },
  {
    name: "action-retire",
    options: CONTOSO,
    reach: async (page) => {
      await acted(page, "Retire");
      await page.getByLabel("Take the licenses first").check();
    },
  },
  { name: "action-handover", options: CONTOSO, reach: (page) => acted(page, "Hand over") },
  { name: "plan", options: TROUBLED, reach: (page) => planned(page, "Disable") },
  {
    name: "plan-waiting",
    options: THROTTLED,
    reach: async (page) => {
      await acted(page, "Disable");
      await page.getByRole("button", { name: "Show the changes" }).click();
      await page.locator(".wait").waitFor();
    },
  },
  {
    name: "plan-elsewhere",
    options: TROUBLED,
    hash: "#/nowhere",
    reach: async (page) => {
      await page.evaluate(() => (location.hash = "#/users"));
      await planned(page, "Disable");
      await page.goBack();
      await page.locator(".runs li").waitFor();
    },
  },
  {
    name: "result",
    options: TROUBLED,
    reach: async (page) => {
      await planned(page, "Disable");
      await page.getByRole("button", { name: /^Make/ }).click();
      await page.getByRole("button", { name: "Save the results" }).waitFor();
    },
  },
  { name: "not-found", options: CONTOSO, hash: "#/nowhere", reach: (page) => page.getByRole("heading", { name: "There is no such page." }).waitFor() },
  {
    name: "demo-failed",
    options: CONTOSO,
    hash: "#/nowhere",
    reach: async (page) => {
      await page.route("**/assets/worker-*.js", (route) => route.fulfill({ status: 404 }));
      await page.evaluate(() => (location.hash = "#/demo/users"));
      await page.getByText("The simulated tenant could not be started.").waitFor();
    },
  },
  ...USER_STATES,
  ...CREATE_STATES,
  ...ROSTER_STATES,
  ...SETTINGS_STATES,
];
