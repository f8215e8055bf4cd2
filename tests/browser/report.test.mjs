// Reports of findings as a reader sees them: on a desk and on a phone, in light and in dark colors, and printed.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { folder, renderFindings } from "../node/support/package.mjs";
import { launch } from "./support.mjs";

const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", folder), "utf8");
const RULES = ["parent-gone", "no-sponsor", "no-manager", "deleted"];
const SEVERITIES = ["high", "medium", "low", "info"];

function finding(at, more = {}) {
  const id = `a6000000-0000-4000-8000-${String(Math.floor(at / 2)).padStart(12, "0")}`;
  const name = `invoice.berlin${Math.floor(at / 2)}@contoso.com`;
  return {
    rule: RULES[at % 4],
    severity: SEVERITIES[at % 4],
    state: "found",
    user: { id, userPrincipalName: name },
    subject: { kind: "agentUser", id, name },
    message: "It has no sponsor: nobody is answerable for it. <b>&",
    evidence: { days: 12 },
    fix: `agentuser sponsor add ${name} SPONSOR`,
    ...more,
  };
}

function report(findings) {
  const rules = RULES.map((rule, at) => ({ rule, severity: SEVERITIES[at], finds: "A rule.", found: 1, clean: 3, notChecked: 0 }));
  const reason = { code: "PermissionMissing", message: "No.", permissions: ["AuditLog.Read.All"] };
  const accepted = { by: "ann@contoso.com", reason: "A pilot.", until: "2026-12-31" };
  const more = [finding(1, { accepted }), finding(2, { state: "notChecked", user: null, fix: null, reason })];
  const audit = {
    kind: "agentuserAudit",
    version: 1,
    tenantId: "7e9a0000-0000-4000-8000-000000000001",
    account: "admin@contoso.com",
    takenAt: "2026-06-01T12:00:00.000Z",
    agentUsers: findings,
    rules,
    findings: [...Array.from({ length: findings }, (_, at) => finding(at)), ...more],
  };
  return renderFindings(audit, { format: "html", tookMs: 42_000 });
}

let browser;
let place;
before(async () => {
  browser = await launch();
  place = mkdtempSync(join(tmpdir(), "agentuser-report-"));
});
after(async () => {
  await browser.close();
  rmSync(place, { recursive: true });
});

/** The address of a report in a file. */
function file(findings) {
  const path = join(place, `${findings}.html`);
  writeFileSync(path, report(findings));
  return pathToFileURL(path).href;
}

describe("a report", () => {
  for (const [width, height] of [[1280, 800], [390, 844]]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`is readable by everybody at ${width} pixels in ${colorScheme} colors`, async () => {
        // axe is a script, which the page itself allows none of.
        const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: true });
        const page = await context.newPage();
        await page.goto(file(40));
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => axe.run(document));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} pixels stick out`);
        const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(background === "rgb(255, 255, 255)", colorScheme === "light");
        await context.close();
      });
    }
  }

  test("has no script, asks nobody for anything, and leads to its findings and to the portal", async () => {
    const page = await browser.newPage();
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    const address = file(40);
    await page.goto(address);
    assert.deepEqual(asked, [address]);
    assert.equal(await page.evaluate(() => document.querySelectorAll("script, b b, td b").length), 0);
    await page.click(".tiles a[href='#medium']");
    assert.equal(await page.evaluate(() => document.querySelector(":target h2").textContent), "Medium 10");
    const links = await page.evaluate(() => [...document.querySelectorAll("td a")].map((link) => link.href));
    assert.equal(links.length, 42);
    assert.ok(links.every((link) => link.startsWith("https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/")));
    await page.close();
  });

  test("has the numbers of a rule side by side on a phone", async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    await page.goto(file(40));
    const tops = await page.evaluate(() => [...document.querySelectorAll(".sheets td.i")].slice(0, 3).map((cell) => cell.offsetTop));
    assert.deepEqual([tops.length, new Set(tops).size], [3, 1]);
    await page.close();
  });

  test("prints with its first page by itself", async () => {
    // A4 without its margins, in pixels of CSS.
    const [width, height] = [688, 1017];
    const page = await browser.newPage({ viewport: { width, height } });
    await page.goto(file(40));
    await page.emulateMedia({ media: "print" });
    const sheets = () => document.querySelector(".sheets");
    assert.equal(await page.evaluate(`getComputedStyle((${sheets})()).breakBefore`), "page");
    const first = await page.evaluate(`(${sheets})().offsetTop`);
    assert.ok(first > 0 && first <= height, `the first page has ${first} pixels`);
    const printed = await page.pdf({ preferCSSPageSize: true });
    assert.ok(printed.toString("latin1").startsWith("%PDF"));
    await page.close();
  });

  test("of 10,000 findings opens whole, and tells how long that takes", async (context) => {
    const page = await browser.newPage();
    await page.goto(file(10_000));
    const shown = await page.evaluate(() => new Promise((shown) => {
      requestAnimationFrame(() => requestAnimationFrame(() => shown(performance.now())));
    }));
    context.diagnostic(`${Math.round(shown)} ms to the frame that shows it`);
    // Four rules and the tenant have rows of their own.
    assert.equal(await page.evaluate(() => document.querySelectorAll("tbody tr").length), 10_000 + 2 + 4 + 1);
    await page.close();
  });
});
