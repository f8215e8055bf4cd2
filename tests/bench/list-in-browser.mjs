// Lists every agent user in a page, by the package, by Microsoft's JavaScript client and by fetch alone, in turns, and prints a table:
// node tests/bench/list-in-browser.mjs ENDPOINT TIMES
import { launch, serve } from "../browser/support.mjs";

const [endpoint, times] = process.argv.slice(2);
/** Each program, in a page of its own. */
const PROGRAMS = { "the package": "agentuser", "Microsoft's JavaScript client": "microsoft", "`fetch` and its reader of JSON": "fetch" };
const PEER = "Microsoft's JavaScript client";

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** One run in a new page: time on the clock, and the processor time of the page's main thread, in milliseconds. */
async function run(browser, origin, program) {
  const page = await browser.newPage();
  await page.goto(`${origin}/tests/bench/browser/empty.html`);
  const session = await page.context().newCDPSession(page);
  // Other work of the machine does not count.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const processor = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
  // The program is loaded and compiled before.
  await page.evaluate((path) => import(path).then((program) => (globalThis.list = program.list)), `/tests/bench/browser/${program}.js`);
  const before = await processor();
  const { count, wall } = await page.evaluate(async (endpoint) => {
    const began = performance.now();
    const { count } = await globalThis.list(endpoint, "token");
    return { count, wall: performance.now() - began };
  }, endpoint);
  const cost = { count, wall, thread: (await processor()) - before };
  await page.close();
  return cost;
}

const [browser, pages] = await Promise.all([launch(), serve()]);
try {
  const runs = Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, []]));
  for (let round = 0; round < Number(times); round++) {
    for (const [name, program] of Object.entries(PROGRAMS)) runs[name].push(await run(browser, pages.origin, program));
  }
  const counts = new Set(Object.values(runs).flat().map(({ count }) => count));
  if (counts.size !== 1) throw new Error(`They list ${[...counts].join(" and ")} agent users.`);
  const beside = (name, of) => median(runs[name].map((cost, at) => cost[of] / runs[PEER][at][of])).toFixed(2);
  console.log(`| | main thread, ms | beside Microsoft's | wall, ms | beside Microsoft's |\n|---|---|---|---|---|`);
  for (const [name, costs] of Object.entries(runs)) {
    const of = (what) => `${Math.round(median(costs.map((cost) => cost[what])))} | ${beside(name, what)}`;
    console.log(`| ${name} | ${of("thread")} | ${of("wall")} |`);
  }
  console.log(`\n${[...counts]} agent users, Chromium ${browser.version()}.`);
} finally {
  await browser.close();
  pages.close();
}
