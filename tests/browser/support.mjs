// Pages on 127.0.0.1 that use the built package, in a headless Chromium.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { chromium } from "../../crates/wasm/npm/node_modules/playwright-core/index.mjs";
import { patient } from "../node/support/patient.mjs";

const ROOT = new URL("../../", import.meta.url);
const FOLDERS = {
  "/agentuser/": "crates/wasm/npm/",
  "/examples/": "examples/browser/",
  "/tests/": "tests/",
};
const TYPES = { html: "text/html", js: "text/javascript", mjs: "text/javascript", json: "application/json", wasm: "application/wasm" };

/** The files below a folder, and none beside it. */
async function file(path) {
  const [prefix, folder] = Object.entries(FOLDERS).find(([prefix]) => path.startsWith(prefix)) ?? [];
  if (prefix === undefined || path.includes("..")) return undefined;
  return readFile(new URL(folder + path.slice(prefix.length), ROOT)).catch(() => undefined);
}

/** Serves the package and the pages; `close` ends it. */
export async function serve() {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://127.0.0.1").pathname;
    const body = await file(path);
    response.writeHead(body ? 200 : 404, { "Content-Type": TYPES[path.split(".").pop()] ?? "text/plain" });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** A headless Chromium. */
export async function launch() {
  const executablePath = process.env.AGENTUSER_CHROMIUM ?? "/usr/bin/chromium";
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return patient(await chromium.launch({ executablePath, headless: true, args }));
}

/** A browser with the example's page; `errors` has every error of the page. */
export async function open() {
  const pages = await serve();
  const browser = await launch();
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error));
  await page.goto(`${pages.origin}/examples/roster.html`);
  const close = async () => {
    await browser.close();
    pages.close();
  };
  return { page, origin: pages.origin, errors, close };
}

/** Fills the example's form and sends it off. */
export async function apply(page, endpoint, token, roster) {
  await page.fill("#endpoint", endpoint);
  await page.fill("#token", token);
  await page.setInputFiles("#roster", roster);
  await page.click("#apply");
}

/** The text of the example's page, once the run has ended. */
export async function said(page) {
  await page.waitForSelector("body[data-ended]");
  return (await page.textContent("#log")).trim().split("\n");
}

/** The path of a file of the repository. */
export function path(name) {
  return fileURLToPath(new URL(name, ROOT));
}
