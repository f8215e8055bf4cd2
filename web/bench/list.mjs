// How long the list of agent users takes at 100,000: node bench/list.mjs [ROUNDS]
// Prints medians of the rounds. Scrolling takes turns with an empty virtual list of as many rows.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { launch, open } from "../tests/support.mjs";
import { pages } from "./pages.mjs";

const COUNT = 100_000;
const FRAMES = 300;
const ROUNDS = Number(process.argv[2] ?? 5);

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const ms = (value) => `${Math.round(value)} ms`;

/** Measures in the page from an event to the frame after the change that it causes. */
function watch({ type, changes }) {
  globalThis.measured = [];
  let from;
  addEventListener(type, (event) => (from = event.timeStamp), true);
  const seen = () => {
    const began = from;
    if (began === undefined) return;
    from = undefined;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => globalThis.measured.push(performance.now() - began);
      port2.postMessage(undefined);
    });
  };
  new MutationObserver(seen).observe(document.querySelector(changes), { attributes: true, childList: true, characterData: true, subtree: true });
}

/** The processor time of the page's main thread so far, in milliseconds: other work of the machine does not count. */
async function processor(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
}

/** Scrolls a page, and adds the processor time that each frame took. */
async function scrolled(page, selector, spent) {
  await page.bringToFront();
  const before = await spent();
  const late = await page.evaluate(scroll, { selector, frames: FRAMES });
  return { ...late, processor: ((await spent()) - before) / FRAMES };
}

/** Scrolls by a part of a window in every frame, and counts what was late. */
async function scroll({ selector, frames }) {
  const scroller = document.querySelector(selector);
  scroller.scrollTop = 0;
  const long = [];
  const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
  observer.observe({ entryTypes: ["longtask"] });
  const gaps = [];
  let last = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < frames; frame++) {
    scroller.scrollTop += 160;
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  return { longTasks: long.length, frames: gaps.filter((gap) => gap > 50).length };
}

async function loading(browser, graph) {
  const { page } = await open(undefined, browser, graph);
  await page.locator(".rows .cell a").first().waitFor();
  const rows = await page.evaluate(() => performance.now());
  const fcp = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  await page.context().close();
  return { fcp, rows };
}

async function typing(page, spent) {
  await page.evaluate(watch, { type: "keydown", changes: ".heading .count" });
  await page.getByRole("searchbox").focus();
  const before = await spent();
  const KEYS = ["v", "i", "Backspace", "o", "Backspace", "Backspace", "z", "k", "Backspace", "Backspace"];
  for (const key of KEYS) {
    const seen = await page.evaluate(() => globalThis.measured.length);
    await page.keyboard.press(key);
    await page.waitForFunction((seen) => globalThis.measured.length > seen, seen);
  }
  const processor = ((await spent()) - before) / KEYS.length;
  const wall = median(await page.evaluate(() => globalThis.measured));
  await page.getByRole("searchbox").fill("");
  return { wall, processor };
}

async function selecting(page) {
  await page.evaluate(watch, { type: "click", changes: ".heading .count" });
  await page.getByRole("checkbox", { name: "Select all" }).click();
  await page.waitForFunction(() => globalThis.measured.length > 0);
  return page.evaluate(() => globalThis.measured[0]);
}

/** The empty list, from a server of its own: its style is in its page. */
async function empty() {
  const server = createServer(async (request, response) => {
    const name = request.url === "/empty.js" ? "empty.js" : "empty.html";
    response.setHeader("Content-Type", name.endsWith("js") ? "text/javascript" : "text/html");
    response.end(await readFile(new URL(name, import.meta.url)));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { address: `http://127.0.0.1:${server.address().port}/`, close };
}

const [few, many, nothing, browser] = await Promise.all([pages(1000), pages(COUNT), empty(), launch()]);
const loads = [];
for (let round = 0; round < ROUNDS; round++) loads.push(await loading(browser, few));
const { page } = await open(undefined, browser, many);
const began = Date.now();
await page.locator(".heading .count", { hasText: /^100,000 agent users$/ }).waitFor({ timeout: 300_000 });
const read = Date.now() - began;
const plain = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
await plain.goto(nothing.address);
const [spentHere, spentThere] = [await processor(page), await processor(plain)];
const [keys, selects, ours, theirs] = [[], [], [], []];
for (let round = 0; round < ROUNDS; round++) {
  await page.bringToFront();
  keys.push(await typing(page, spentHere));
  selects.push(await selecting(page));
  await page.getByRole("checkbox", { name: "Select all" }).click();
  ours.push(await scrolled(page, ".grid", spentHere));
  theirs.push(await scrolled(plain, ".scroller", spentThere));
}
const late = (rounds, of) => median(rounds.map((round) => round[of]));
console.table({
  "first contentful paint": ms(median(loads.map(({ fcp }) => fcp))),
  "first rows": ms(median(loads.map(({ rows }) => rows))),
  "all 100,000 read": ms(read),
  "keystroke to the updated view": ms(late(keys, "wall")),
  "keystroke: processor of the main thread": ms(late(keys, "processor")),
  "select all": ms(median(selects)),
  "scrolling: processor of the main thread, of a frame": `${late(ours, "processor").toFixed(1)} ms, of an empty list ${late(theirs, "processor").toFixed(1)} ms`,
  "scrolling 300 frames: long tasks": `${late(ours, "longTasks")}, of an empty list ${late(theirs, "longTasks")}`,
  "scrolling 300 frames: frames over 50 ms": `${late(ours, "frames")}, of an empty list ${late(theirs, "frames")}`,
});
for (const server of [few, many, nothing]) server.close();
await browser.close();
