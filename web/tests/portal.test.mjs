// Links to the Entra portal: of real tenants of the global cloud, whose addresses are known, and of no others.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { transformWithOxc } from "vite";

const source = await readFile(new URL("../src/common/portal.ts", import.meta.url), "utf8");
const { code } = await transformWithOxc(source, "portal.ts");
const { hasPortal, portalIdentity, portalUser } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

const ID = "5ea00000-0000-4000-8000-000000000001";
const TENANT = { kind: "tenant", cloud: "global" };

test("an agent user of a tenant has its page in the portal", () => {
  assert.equal(hasPortal(TENANT), true);
  assert.match(portalUser(ID, TENANT), /^https:\/\/entra\.microsoft\.com\/#view\/Microsoft_AAD_UsersAndTenants\/.*userId\/5ea00000-0000-4000-8000-000000000001$/);
  assert.match(portalIdentity(ID, TENANT), /^https:\/\/entra\.microsoft\.com\/#view\/.*objectId\/5ea00000-0000-4000-8000-000000000001\/menuId\/overview$/);
  assert.equal(portalUser("../x", TENANT), undefined);
});

for (const [name, connection] of [
  ["the demo", { ...TENANT, kind: "demo" }],
  ["a simulator", { ...TENANT, kind: "simulator" }],
  ["another cloud", { ...TENANT, cloud: "usgov" }],
  ["another Graph", { ...TENANT, graphEndpoint: "https://graph.microsoft.us" }],
  ["a page without a connection", undefined],
]) {
  test(`an agent user of ${name} has none`, () => {
    assert.equal(hasPortal(connection), false);
    assert.deepEqual([portalUser(ID, connection), portalIdentity(ID, connection)], [undefined, undefined]);
  });
}
