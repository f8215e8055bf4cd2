// Applies a roster through examples/browser/roster.html, as somebody with a browser would: node roster.mjs ENDPOINT TOKEN ROSTER
import { browser, serve } from "./support/browser.mjs";

const [endpoint, token, roster] = process.argv.slice(2);
const server = await serve(["examples/browser"]);
const chromium = await browser();
try {
  const page = await chromium.newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.goto(`${server.origin}/examples/browser/roster.html`);
  await page.fill("[name=endpoint]", endpoint);
  await page.fill("[name=token]", token);
  await page.setInputFiles("[name=roster]", roster);
  await page.click("button");
  await page.waitForFunction(() => / rows, \d+ failed\n$/.test(output.textContent), undefined, { timeout: 300_000 });
  const text = await page.textContent("#output");
  process.stdout.write(text);
  process.exitCode = text.endsWith(" 0 failed\n") ? 0 : 1;
} finally {
  await chromium.close();
  await server.stop();
}
