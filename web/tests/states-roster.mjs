// The states of the page of rosters, as states.mjs has them.
import { readFileSync } from "node:fs";

export const example = (name) => readFileSync(new URL(`../../examples/${name}`, import.meta.url));

/** The tenant of the example rosters: their agent identities, and no agent user below them. */
export const OF_EXAMPLES = { identities: 24, seed: 1 };
/** Slow enough to be looked at while changes are made. */
const SLOW = { ...OF_EXAMPLES, speed: 1, latencyMs: [1000, 2000] };
const LIMITED = { ...OF_EXAMPLES, permissions: ["User.ReadBasic.All", "AgentIdentity.Read.All"] };

/** Gives the page a file. */
export async function give(page, buffer, name = "roster.csv") {
  await page.getByRole("button", { name: /^Choose/ }).waitFor();
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(buffer) });
}

/** Gives the page the example, and has it planned. */
export async function planned(page, file = example("roster.csv")) {
  await give(page, file);
  await page.getByRole("button", { name: "Show the changes" }).click();
  await page.locator(".digest").waitFor();
}

const make = (page) => page.getByRole("button", { name: /^Make [\d,]+ changes/ }).click();
const hash = "#/roster";

export const ROSTER_STATES = [
  { name: "roster", options: OF_EXAMPLES, hash, reach: (page) => page.getByRole("button", { name: "Choose a file" }).waitFor() },
  {
    name: "roster-errors",
    options: OF_EXAMPLES,
    hash,
    reach: async (page) => {
      await give(page, example("roster-bad.csv"));
      await page.getByRole("button", { name: "Next error" }).click();
      await page.locator(".error-note", { hasText: "2 of" }).waitFor();
    },
  },
  {
    name: "roster-damaged",
    options: OF_EXAMPLES,
    hash,
    reach: async (page) => {
      await give(page, 'identityParentId,displayName\na1d00000-0000-4000-8000-000000000001,"One\n');
      await page.getByText("The file can't be used.").waitFor();
    },
  },
  {
    name: "roster-checked",
    options: OF_EXAMPLES,
    hash,
    reach: async (page) => {
      await give(page, example("roster.csv"));
      await page.getByText(/Its rows need/).click();
    },
  },
  {
    name: "roster-plan",
    options: OF_EXAMPLES,
    hash,
    reach: async (page) => {
      await planned(page);
      await page.locator(".seats").waitFor();
      // Row 3 is the manager of another one.
      await page.getByRole("row", { name: /sales\.emilie/ }).getByRole("gridcell").first().click();
      await page.getByText("whose own row is left out").waitFor();
    },
  },
  {
    name: "roster-planning",
    options: SLOW,
    hash,
    reach: async (page) => {
      await give(page, example("roster.csv"));
      await page.getByRole("button", { name: "Show the changes" }).click();
      await page.getByRole("button", { name: "Stop" }).waitFor();
    },
  },
  {
    name: "roster-applying",
    options: SLOW,
    hash,
    reach: async (page) => {
      await planned(page);
      await make(page);
      await page.locator("[aria-label='Rows by stage'] li").first().waitFor();
    },
  },
  {
    name: "roster-applying-elsewhere",
    options: SLOW,
    hash,
    reach: async (page) => {
      await planned(page);
      await make(page);
      await page.locator("[aria-label='Rows by stage'] li").first().waitFor();
      await page.evaluate(() => (location.hash = "#/settings"));
      await page.locator(".runs .progress").waitFor();
    },
  },
  {
    name: "roster-ended-elsewhere",
    options: OF_EXAMPLES,
    hash,
    reach: async (page) => {
      await planned(page);
      await make(page);
      await page.evaluate(() => (location.hash = "#/nowhere"));
      await page.locator(".runs li.good").waitFor();
    },
  },
  {
    name: "roster-ended",
    options: OF_EXAMPLES,
    hash,
    reach: async (page) => {
      await planned(page);
      await make(page);
      await page.getByText("The changes are made.").waitFor();
    },
  },
  {
    name: "roster-failed",
    options: OF_EXAMPLES,
    hash,
    reach: async (page) => {
      await planned(page);
      await page.getByRole("row", { name: /sales\.emilie/ }).getByRole("gridcell").first().click();
      await make(page);
      await page.getByText("Not every change could be made.").waitFor();
      await page.getByLabel("Show", { exact: true }).selectOption("failed");
    },
  },
  {
    name: "roster-refused",
    options: LIMITED,
    hash,
    reach: async (page) => {
      await give(page, example("roster.csv"));
      await page.getByText("verified domains could not be read").waitFor();
      await page.getByRole("button", { name: "Show the changes" }).click();
      await page.getByText("The changes could not be planned.").waitFor();
    },
  },
];
