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

/** A state of this page, in the tenant of the examples unless said otherwise. */
const state = (name, reach, options = OF_EXAMPLES) => ({ name, options, hash: "#/roster", reach });

/** The changes are being made, so slowly that they can be looked at. */
async function making(page) {
  await planned(page);
  await make(page);
  await page.locator("[aria-label='Rows by stage'] li").first().waitFor();
}

export const ROSTER_STATES = [
  state("roster", (page) => page.getByRole("button", { name: "Choose a file" }).waitFor()),
  state("roster-errors", async (page) => {
    await give(page, example("roster-bad.csv"));
    await page.getByRole("button", { name: "Next error" }).click();
    await page.locator(".error-note", { hasText: "2 of" }).waitFor();
  }),
  state("roster-damaged", async (page) => {
    await give(page, 'identityParentId,displayName\na1d00000-0000-4000-8000-000000000001,"One\n');
    await page.getByText("The file can't be used.").waitFor();
  }),
  state("roster-checked", async (page) => {
    await give(page, example("roster.csv"));
    await page.getByText(/Its rows need/).click();
  }),
  state("roster-plan", async (page) => {
    await planned(page);
    await page.locator(".seats").waitFor();
    // Row 3 is the manager of another one.
    await page.getByRole("row", { name: /sales\.emilie/ }).getByRole("gridcell").first().click();
    await page.getByText("whose own row is left out").waitFor();
  }),
  state("roster-planning", async (page) => {
    await give(page, example("roster.csv"));
    await page.getByRole("button", { name: "Show the changes" }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
  }, SLOW),
  state("roster-applying", making, SLOW),
  state("roster-applying-elsewhere", async (page) => {
    await making(page);
    await page.evaluate(() => (location.hash = "#/settings"));
    await page.locator(".runs .progress").waitFor();
  }, SLOW),
  state("roster-ended-elsewhere", async (page) => {
    await planned(page);
    await make(page);
    await page.evaluate(() => (location.hash = "#/nowhere"));
    await page.locator(".runs li.good").waitFor();
  }),
  state("roster-ended", async (page) => {
    await planned(page);
    await make(page);
    await page.getByText("The changes are made.").waitFor();
  }),
  state("roster-failed", async (page) => {
    await planned(page);
    await page.getByRole("row", { name: /sales\.emilie/ }).getByRole("gridcell").first().click();
    await make(page);
    await page.getByText("Not every change could be made.").waitFor();
    await page.getByLabel("Show", { exact: true }).selectOption("failed");
  }),
  state("roster-refused", async (page) => {
    await give(page, example("roster.csv"));
    await page.getByText("verified domains could not be read").waitFor();
    await page.getByRole("button", { name: "Show the changes" }).click();
    await page.getByText("The changes could not be planned.").waitFor();
  }, LIMITED),
];
