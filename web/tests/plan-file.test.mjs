// A plan that is saved in one place is opened, looked at and applied in another.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { large, launch, open, simulator } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Opens a file as a plan. */
async function give(page, file) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open a plan" }).click();
  await (await chooser).setFiles(file);
}

/** A page with the list, and a plan that disables its agent users. */
async function planned(test) {
  const graph = await simulator(test, { agentUsers: 6, identities: 10, seed: 4 });
  const opened = await open(test, browser, graph);
  const { page } = opened;
  await page.locator(".heading .count", { hasText: "6 agent users" }).waitFor();
  await page.getByRole("checkbox", { name: "Select all" }).check();
  await page.locator(".commands").getByRole("button", { name: "Disable" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Show the changes" }).click();
  await dialog.getByRole("button", { name: "Make 6 changes" }).waitFor();
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save the plan" }).click();
  const text = await readFile(await (await download).path(), "utf8");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  return { graph, dialog, text, ...opened };
}

const fileOf = (text, name = "plan.json") => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });

test("a plan is looked at again with its digest, and applied", async (context) => {
  const { page, graph, dialog, text, console } = await planned(context);
  const { writes } = await graph.look("stats");
  await give(page, fileOf(text));
  await page.getByRole("dialog", { name: "Plan plan.json" }).getByText("6 agent users to change").waitFor();
  assert.equal(await dialog.locator(".digest code").innerText(), JSON.parse(text).digest);
  assert.equal((await graph.look("stats")).writes, writes, "the look has written");
  await dialog.getByRole("button", { name: "Make 6 changes" }).click();
  await dialog.getByText("The changes are made.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.locator(".rows .status.disabled").nth(5).waitFor();
  // Applied once more, there is nothing left.
  await give(page, fileOf(text));
  await dialog.getByText("There is nothing to change.").waitFor();
  assert.deepEqual(console, []);
});

test("a file that is not a plan, one that was changed, and one that is too large are refused", async (context) => {
  const { page, dialog, text, console } = await planned(context);
  await give(page, fileOf("{}", "other.json"));
  await page.locator(".problem").getByText("The file is not the JSON of a plan.").waitFor();
  await give(page, fileOf(text.replace('"to":false', '"to":true')));
  await dialog.getByText("The changes could not be planned.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await give(page, large(context, 2 ** 27 + 1));
  await page.locator(".problem").getByText("no more than 128 MB are read.").waitFor();
  assert.deepEqual(console, []);
});
