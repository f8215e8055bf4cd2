// A built page on 127.0.0.1 with its header fields, a simulator, and a headless Chromium.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { chromium } from "playwright-core";
import { patient } from "../../tests/node/support/patient.mjs";
import { simulator as start } from "../../tests/node/support/simulator.mjs";
import { serve as serveLocal } from "../serve/local.mjs";

const CHROMIUM = process.env.AGENTUSER_CHROMIUM ?? "/usr/bin/chromium";

/** Starts a simulated Graph, and gives beside its looks and orders a way to send a request to it. */
export async function simulator(test, options) {
  const graph = await start(test, options);
  const call = (method, path, body) => {
    const fields = { Authorization: `Bearer ${graph.token}`, "Content-Type": "application/json" };
    return fetch(`${graph.endpoint}/v1.0${path}`, { method, headers: fields, body: body === undefined ? null : JSON.stringify(body) });
  };
  return { ...graph, call };
}

/** Lets each answer of a simulator take so many milliseconds. */
export const answers = (graph, ms) => graph.order({ order: "network", body: { latencyMs: [ms, ms] } });

/** Serves the built page until the test ends, if there is one. */
export async function serve(test, options) {
  const served = await serveLocal(options);
  test?.after(served.close);
  return served;
}

/** A headless Chromium. */
export async function launch(...more) {
  const args = [...more, "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const browser = patient(await chromium.launch({ executablePath: CHROMIUM, headless: true, args }));
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => (await newContext(options)).on("page", findSeen);
  return browser;
}

/** Lets `getByText` of a page find what is seen: the live region says many a text once more, now or a little later. */
function findSeen(page) {
  const getByText = page.getByText.bind(page);
  page.getByText = (text, options) => getByText(text, options).and(page.locator(":not(.unseen *)"));
}

/**
 * A new page of a browser that is connected to a simulator. `console` has every message and error of it, which a test
 * expects to be empty; `requests` has the address of each request.
 */
export async function open(test, browser, graph, { hash = "", width = 1280, height = 800, theme = "light", locale = "en-US" } = {}) {
  const config = { simulator: { endpoint: graph.endpoint, token: graph.token } };
  const { origin, close } = await serve(test, { config, endpoints: [graph.endpoint] });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale, reducedMotion: "reduce" });
  test?.after(() => context.close());
  const page = await context.newPage();
  const messages = [];
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  // Chromium notes each refusal of a server by itself, which no page can prevent.
  page.on("console", (message) => message.text().startsWith("Failed to load resource: the server responded") || messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  await page.goto(`${origin}/${hash}`);
  return { page, origin, close, console: messages, requests };
}

/** Presses Tab until an element has the focus. */
export async function tabTo(page, wanted) {
  await wanted.waitFor();
  for (let presses = 0; presses < 200; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${wanted}`);
}

const AXE = new URL("../node_modules/axe-core/axe.min.js", import.meta.url);

/** Waits until nothing moves: a color that is still changing has no contrast to judge. */
export async function still(page) {
  await page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const ends = document.getAnimations().filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime));
    await Promise.allSettled(ends.map(({ finished }) => finished));
  });
}

/**
 * The violations that axe finds in what the page shows: rule and first element of each. Elements by which Fluent keeps the
 * focus in a menu are left out: they pass it on at once and hide from screen readers, which axe takes for a mistake.
 */
export async function violations(page) {
  // Through the protocol: the policy of the page allows no script of others.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(await readFile(AXE, "utf8"));
  await still(page);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ exclude: [["[data-tabster-dummy]"]], resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => [id, nodes[0].html]);
}

/** The themes and sizes in which a page is judged. */
const VIEWS = [
  { theme: "light", width: 1280, height: 800 },
  { theme: "dark", width: 1280, height: 800 },
  { theme: "dark", width: 390, height: 844 },
  { theme: "light", width: 390, height: 844 },
];

/**
 * The faults of what a page shows, in both themes, wide and narrow: what axe finds, and what sticks out. The page itself goes
 * through them, because a page of its own for each would take most of the time.
 */
export async function faults(page) {
  const found = [];
  for (const { theme, width, height } of VIEWS) {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width, height });
    await page.waitForFunction((isLight) => (getComputedStyle(document.querySelector(".app")).backgroundColor === "rgb(255, 255, 255)") === isLight, theme === "light");
    const problems = (await violations(page)).map((one) => one.join(": "));
    if ((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) > 0) problems.push("something sticks out");
    found.push(...problems.map((problem) => `${theme} at ${width}: ${problem}`));
  }
  const [{ theme, width, height }] = VIEWS;
  await page.emulateMedia({ colorScheme: theme });
  await page.setViewportSize({ width, height });
  return found;
}

/** The path of a file with so many bytes, none of which is on a disk. */
export function large(test, bytes) {
  const folder = mkdtempSync(join(tmpdir(), "agentuser-large-"));
  test.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "large.json");
  writeFileSync(path, "");
  truncateSync(path, bytes);
  return path;
}

/** The size of bytes by brotli at its best. */
export function brotli(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}
