// How long a page without a configuration takes to show the first rows of its simulated tenant: node bench/demo.mjs [ROUNDS]
import { launch, serve } from "../tests/support.mjs";

const ROUNDS = Number(process.argv[2] ?? 5);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const browser = await launch();
const { origin, close } = await serve(undefined, {});
const painted = [];
const rows = [];
const all = [];
for (let round = 0; round < ROUNDS; round++) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${origin}/#demo`);
  await page.locator(".rows .cell a").first().waitFor();
  rows.push(await page.evaluate(() => performance.now()));
  await page.locator(".heading .count", { hasText: /^1,980/ }).waitFor();
  all.push(await page.evaluate(() => performance.now()));
  painted.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
  await context.close();
}
for (const [name, values] of Object.entries({ "first contentful paint": painted, "first rows": rows, "all 1,980": all }))
  console.log(`${name}: ${Math.round(median(values))} ms`);
await browser.close();
close();
