import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { AgentUserError, derive, explain, validate, validateMember, validateRoster } from "./support/package.mjs";
import { identity, roster, row } from "./support/simulator.mjs";

const refused = (code) => (error) => error instanceof AgentUserError && error.code === code;

describe("the pure functions are synchronous", () => {
  test("validate gives the body of the create request, or every broken rule", () => {
    const { violations, agentUser } = validate(row(1));
    assert.deepEqual(violations, []);
    assert.equal(agentUser.mailNickname, "agent.1");
    const broken = validate({ ...row(1), usageLocation: "Germany", mailNickname: "a b" }, { verifiedDomains: ["a.example"] });
    assert.deepEqual(broken.violations.map(({ field }) => field).sort(), ["mailNickname", "usageLocation", "userPrincipalName"]);
    assert.equal(broken.agentUser, undefined);
    assert.equal(validate({ identityParentId: identity(1), displayName: "Zoë" }, { domain: "a.example" }).agentUser.userPrincipalName, "zoe@a.example");
  });

  test("validateMember is for forms", () => {
    assert.deepEqual(validateMember("usageLocation", "DE"), []);
    const [violation] = validateMember("userPrincipalName", "a%b@contoso.com");
    assert.deepEqual([violation.code, violation.position], ["UpnCharacter", 1]);
    assert.ok(violation.message && violation.fix);
    assert.throws(() => validateMember("shoeSize", 42), refused("Invalid"));
  });

  test("validateRoster takes text and bytes", () => {
    const text = roster(3);
    for (const given of [text, new TextEncoder().encode(text), new TextEncoder().encode(text).buffer]) {
      assert.deepEqual(validateRoster(given), { rows: 3 });
    }
    const bad = validateRoster(readFileSync(new URL("../../examples/roster-bad.csv", import.meta.url)));
    assert.equal(bad.problem.code, "RosterInvalid");
    assert.ok(bad.problem.rowErrors.length > 10);
  });

  test("derive and explain", () => {
    assert.deepEqual(derive("Zoë Müller", { domain: "contoso.com", alternative: 3 }), {
      mailNickname: "zoe.muller3",
      userPrincipalName: "zoe.muller3@contoso.com",
    });
    const answer = { call: "createAgentUser", status: 403, headers: [["request-id", "r1"]] };
    const problem = explain(answer, JSON.stringify({ error: { code: "Authorization_RequestDenied", message: "no" } }));
    assert.deepEqual([problem.code, problem.requestId, problem.graphCode], ["PermissionMissing", "r1", "Authorization_RequestDenied"]);
    assert.ok(problem.permissions.length > 0);
    assert.throws(() => explain({ call: "steal", status: 400 }), refused("Invalid"));
  });
});
