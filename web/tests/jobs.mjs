// The main job of each page, as a person does it in the tenant `planted`, which is that of the demo, too. Each page is given at
// its address in the tenant; the demo has the same one.

/** An object id of the tenant, by the number of its agent user. */
const identity = (number) => `a1d00000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
const ROSTER = `identityParentId,displayName,userPrincipalName,jobTitle\n${identity(1778)},agent1778,agent1778@contoso.com,Planner\n`;

export const JOBS = [
  {
    name: "an agent user is found in the list and disabled",
    place: "users",
    act: async (page) => {
      await page.locator(".heading .count", { hasText: /^1,980 agent users$/ }).waitFor();
      await page.getByRole("searchbox").fill("agent1777@");
      await page.locator(".heading .count", { hasText: /^1 of 1,980$/ }).waitFor();
      await page.getByRole("checkbox", { name: "Select all" }).check();
      await page.locator(".commands").getByRole("button", { name: "Disable" }).click();
      await made(page);
      await page.locator(".rows .status.disabled").waitFor();
    },
    isDone: (users) => users.some(({ userPrincipalName, accountEnabled }) => userPrincipalName === "agent1777@contoso.com" && accountEnabled === false),
  },
  {
    name: "a property of an agent user is changed",
    place: "users/agent1776@contoso.com",
    act: async (page) => {
      await page.getByRole("region", { name: "Properties", exact: true }).getByRole("button", { name: "Edit" }).click();
      await page.getByLabel("Department").fill("Sales");
      await made(page);
      await page.getByRole("region", { name: "Properties", exact: true }).getByText("Sales").waitFor();
    },
    isDone: (users) => users.some(({ userPrincipalName, others }) => userPrincipalName === "agent1776@contoso.com" && others.department === "Sales"),
  },
  {
    name: "an agent user is created",
    place: "create",
    act: async (page) => {
      await page.getByText("agent identities have no agent user").waitFor();
      await page.getByRole("combobox", { name: "Agent identity" }).click();
      await page.getByRole("option", { name: /^Agent 126/ }).click();
      await page.getByText(/ can be the parent\.$/).waitFor();
      await page.getByLabel("Display name").fill("Sales Agent");
      await page.getByText("No user has this name.").waitFor();
      await page.getByRole("button", { name: "Show the changes" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
      await page.getByRole("link", { name: "Open the agent user" }).waitFor();
    },
    isDone: (users) => users.filter(({ displayName }) => displayName === "Sales Agent").length === 1,
  },
  {
    name: "a roster is checked, planned and applied",
    place: "roster",
    act: async (page) => {
      await page.getByRole("button", { name: "Choose a file" }).waitFor();
      await page.locator("input[type=file]").setInputFiles({ name: "roster.csv", mimeType: "text/csv", buffer: Buffer.from(ROSTER) });
      await page.getByRole("button", { name: "Show the changes" }).click();
      await page.getByRole("button", { name: /^Make 1 change in 1 row/ }).click();
      await page.getByText("The changes are made.").waitFor();
    },
    isDone: (users) => users.some(({ userPrincipalName, others }) => userPrincipalName === "agent1778@contoso.com" && others.jobTitle === "Planner"),
  },
  {
    name: "an audit finds what is wrong, and a plan mends it",
    place: "audit",
    act: async (page) => {
      await page.getByRole("button", { name: "Run the audit" }).click();
      await page.locator("#findings").waitFor();
      await page.locator("section.rule:has(#rule-parent-gone)").getByRole("checkbox", { name: /^Select the finding/ }).first().check();
      await page.getByRole("button", { name: "Plan the fix" }).click();
      await made(page);
      // Findings that were fixed are checked again.
      await page.locator(".audit-progress").waitFor({ state: "detached" });
      await page.locator("#findings").waitFor();
    },
    isDone: (users) => users.filter(({ identityParentId, deleted }) => identityParentId && !deleted).length === 1_979,
  },
  {
    name: "the settings say what the token allows",
    place: "settings",
    act: (page) => page.getByRole("heading", { name: "What this page can do" }).waitFor(),
    isDone: () => true,
  },
  {
    name: "a sponsor attests an agent identity",
    place: "mine",
    act: async (page) => {
      await page.getByRole("button", { name: "Read the next lifecycle actions" }).click();
      await page.locator(".agents .mark.due").first().waitFor();
      await page.getByRole("button", { name: "Attest the agent identity of agent25" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Attest", exact: true }).click();
      await page.getByRole("dialog").getByText("The agent identity is attested.").waitFor();
    },
    isDone: (_, writes) => writes.some((write) => JSON.stringify(write).includes("/attest")),
  },
];

/** Makes the changes that are shown in a dialog, from their plan to their end. */
async function made(page) {
  const dialog = page.getByRole("dialog");
  const show = page.getByRole("button", { name: "Show the changes" });
  const make = dialog.getByRole("button", { name: /^Make 1 change$/ });
  await show.or(make).first().waitFor();
  if (await show.isVisible()) await show.click();
  await make.click();
  await dialog.getByText("The changes are made.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
}
