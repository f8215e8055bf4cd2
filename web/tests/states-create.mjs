// The states of the page that creates an agent user, as states.mjs has them.
const TENANT = { agentUsers: 10, identities: 40, seed: 4 };
const HASH = "#/create";

/** Fills what is required, with the keyboard alone. */
export async function filled(page) {
  const parent = page.getByRole("combobox", { name: "Agent identity" });
  await page.getByText("agent identities have no agent user").waitFor();
  await parent.focus();
  await page.keyboard.type("Agent 12");
  await page.getByRole("option", { name: "Agent 12" }).waitFor();
  if ((await parent.getAttribute("aria-activedescendant")) === null) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByText("Agent 12 can be the parent.").waitFor();
  const domain = page.getByRole("textbox", { name: "Domain" });
  if (await domain.isVisible()) await domain.fill("contoso.com");
  await page.getByLabel("Display name").focus();
  await page.keyboard.type("Sales Agent");
  await page.getByText("No user has this name.").waitFor();
}

async function reviewed(page) {
  await filled(page);
  await page.getByRole("button", { name: "Show the changes" }).click();
  await page.getByRole("dialog").getByText(/^create /).waitFor();
}

export const CREATE_STATES = [
  {
    name: "create",
    options: TENANT,
    hash: HASH,
    reach: async (page) => {
      await filled(page);
      await page.getByRole("button", { name: "Check my sign-in" }).click();
      await page.getByText("Your token allows it.").waitFor();
    },
  },
  {
    name: "create-parents",
    options: TENANT,
    hash: HASH,
    reach: async (page) => {
      await page.getByText("agent identities have no agent user").waitFor();
      await page.getByRole("combobox", { name: "Agent identity" }).click();
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "create-wrong",
    options: TENANT,
    hash: HASH,
    reach: async (page) => {
      await page.getByRole("button", { name: "Show the changes" }).click();
      await page.getByText("Choose an agent identity.").waitFor();
    },
  },
  { name: "create-review", options: TENANT, hash: HASH, reach: reviewed },
  {
    name: "created",
    options: TENANT,
    hash: HASH,
    reach: async (page) => {
      await reviewed(page);
      await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
      await page.getByRole("link", { name: "Open the agent user" }).waitFor();
    },
  },
  {
    name: "create-refused",
    options: { ...TENANT, permissions: ["User.ReadBasic.All", "AgentIdentity.Read.All"] },
    hash: HASH,
    reach: async (page) => {
      await reviewed(page);
      await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
      await page.getByRole("button", { name: "Back to the form" }).waitFor();
    },
  },
];
