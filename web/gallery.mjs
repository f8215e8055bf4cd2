// Pictures of every page in both themes, for docs/gallery.md: node gallery.mjs [NAME…]
import { statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CREATE_STATES } from "./tests/states-create.mjs";
import { ROSTER_STATES } from "./tests/states-roster.mjs";
import { SETTINGS_STATES } from "./tests/states-settings.mjs";
import { SCOPE, signedInBy, tokenOf } from "./tests/sponsor.mjs";
import { listed, STATES } from "./tests/states.mjs";
import { launch, open, simulator, still } from "./tests/support.mjs";

const FOLDER = fileURLToPath(new URL("../docs/images/", import.meta.url));
/** The most bytes of a picture. */
const MOST = 100_000;
const PLANTED = { tenant: "planted", seed: 17 };
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const stateOf = (states, name) => states.find((one) => one.name === name);

const PAGES = [
  { name: "users", options: PLANTED, sizes: [WIDE, PHONE], reach: listed },
  { ...stateOf(STATES, "user"), sizes: [WIDE, PHONE], reach: async (page) => {
    await page.waitForFunction(() => document.querySelector(".card") !== null && document.querySelector(".card[aria-busy=true]") === null);
  } },
  { ...stateOf(CREATE_STATES, "create") },
  { ...stateOf(ROSTER_STATES, "roster-errors") },
  { ...stateOf(ROSTER_STATES, "roster-plan") },
  {
    name: "audit",
    options: PLANTED,
    hash: "#/audit",
    reach: async (page) => {
      await page.getByRole("button", { name: "Run the audit" }).click();
      await page.locator("#findings").waitFor();
      await page.evaluate(() => document.activeElement?.blur());
    },
  },
  {
    name: "mine",
    options: { ...stateOf(STATES, "user").options, ...signedInBy(`${SCOPE} LifecyclePolicies-AgentId.Read.All`) },
    hash: "#/mine",
    prepare: async (graph) => ({ ...graph, token: await tokenOf(graph, "human2@contoso.com") }),
    reach: (page) => page.getByRole("list", { name: "Agents that you sponsor" }).waitFor(),
  },
  { ...stateOf(SETTINGS_STATES, "settings") },
  { ...stateOf(ROSTER_STATES, "roster-applying-elsewhere"), name: "runs" },
  {
    name: "demo",
    options: { agentUsers: 1 },
    hash: "#/demo/users",
    reach: async (page) => {
      await listed(page);
      await page.getByRole("button", { name: "Network and clock" }).click();
      await page.locator(".demo-counts", { hasText: /requests [1-9]/ }).waitFor();
    },
  },
];

/** The picture of a page as small as it may be, by the best quality that allows it. */
async function picture(page) {
  const protocol = await page.context().newCDPSession(page);
  for (const quality of [90, 80, 70, 60, 50]) {
    const { data } = await protocol.send("Page.captureScreenshot", { format: "webp", quality });
    const bytes = Buffer.from(data, "base64");
    if (bytes.length <= MOST) return bytes;
  }
  throw new Error("The picture is too large.");
}

const wanted = process.argv.slice(2);
const browser = await launch();
for (const { name, options, hash = "", prepare, reach, sizes = [WIDE] } of PAGES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const graph = await simulator(undefined, options);
  const { page, close } = await open(undefined, browser, (await prepare?.(graph)) ?? graph, { ...WIDE, hash });
  await reach(page);
  for (const size of sizes) {
    for (const theme of ["light", "dark"]) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: theme });
      await still(page);
      const file = `${FOLDER}page-${name}${size === PHONE ? "-phone" : ""}-${theme}.webp`;
      writeFileSync(file, await picture(page));
      console.log(`${file}: ${statSync(file).size} bytes`);
    }
  }
  await page.context().close();
  close();
  await graph.stop();
}
await browser.close();
