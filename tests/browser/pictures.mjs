// Takes the pictures of docs/images: node tests/browser/pictures.mjs FINDINGS.html
// The report is that of `agentuser audit --beta --report FINDINGS.html` of the simulator's troubled tenant.
import { pathToFileURL } from "node:url";
import { launch, path } from "./support.mjs";

const address = pathToFileURL(process.argv[2]).href;
const browser = await launch();

async function picture(name, { media = "screen", colorScheme, scale = 1, ...viewport }) {
  const context = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: scale });
  const page = await context.newPage();
  await page.goto(address);
  await page.emulateMedia({ media, colorScheme });
  // Paper has margins and pages, which a window has not.
  if (media === "print") await page.addStyleTag({ content: "body { padding: 50px !important } .sheets { display: none }" });
  await page.screenshot({ path: path(`docs/images/${name}.png`) });
  await context.close();
}

await picture("report", { width: 1280, height: 790, colorScheme: "light" });
await picture("report-phone", { width: 390, height: 844, colorScheme: "dark" });
await picture("report-print", { width: 788, height: 1117, scale: 0.7, media: "print", colorScheme: "light" });
await browser.close();
