import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { AgentUserClient, AgentUserError, derive, explain, explainCode, renderAgentUsers, renderFindings, validate, validateMember, validateRoster } from "./support/package.mjs";
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
    for (const [member, good, bad] of [
      ["manager", "human1@contoso.com", "human 1"],
      ["sponsors", ["human1@contoso.com", `group:${identity(1)}`], ["group:staff"]],
      ["licenses", ["AGENT_365 without TEAMS1"], [7]],
      ["identityParentId", identity(1), "x"],
    ]) {
      assert.deepEqual(validateMember(member, good), [], member);
      assert.ok(validateMember(member, bad).length > 0, member);
      assert.ok(validateMember(member, bad).every(({ field }) => field === member), member);
      if (member !== "identityParentId") assert.deepEqual(validateMember(member, null), [], member);
    }
  });

  test("validateRoster takes text and bytes", () => {
    const text = roster(3);
    for (const given of [text, new TextEncoder().encode(text), new TextEncoder().encode(text).buffer]) {
      assert.deepEqual(validateRoster(given), { rows: 3 });
    }
    assert.deepEqual(validateRoster([row(1), row(2)]), { rows: 2 });
    assert.equal(validateRoster([row(1), { ...row(2), usageLocation: "Germany" }]).problem.rowErrors[0].row, 2);
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

  test("explainCode tells what a code means, and an error where more is said", () => {
    const { code, kind, fix } = explainCode("upnTaken");
    assert.deepEqual([code, kind], ["UpnTaken", "exists"]);
    assert.match(fix, /\.$/);
    assert.equal(explainCode("AADSTS7000215").code, "SignInSecretWrong");
    assert.throws(() => explainCode("UpnTakn"), (error) => error.problem.fix === "Did you mean UpnTaken?" && error.see === 'explainCode("Invalid")');
    assert.equal(new AgentUserError(explain({ call: "createAgentUser", status: 403 })).see, "https://learn.microsoft.com/graph/permissions-reference");
  });

  test("reports are written of lists and of findings", () => {
    const users = [{ id: "a6000000-0000-4000-8000-000000000001", displayName: "=x", userPrincipalName: "a@contoso.com" }];
    const csv = (options) => renderAgentUsers(users, { format: "csv", columns: ["displayName"], ...options });
    assert.equal(csv({}), "displayName\r\n=x\r\n");
    assert.equal(csv({ formulaSafe: true }), "displayName\r\n'=x\r\n");
    const findings = { kind: "agentuserAudit", version: 1, tenantId: "t<b>", rules: [], findings: [] };
    for (const audit of [findings, JSON.stringify(findings), new TextEncoder().encode(JSON.stringify(findings))]) {
      assert.match(renderFindings(audit, { format: "html", tookMs: 61_000 }), /<dd>t&lt;b&gt;.*<dd>1 min 1 s/s);
    }
    assert.throws(() => renderFindings(users, { format: "html" }), refused("FindingsUnreadable"));
    assert.throws(() => renderAgentUsers(users, { format: "xlsx" }), refused("Invalid"));
  });

  test("a client without options says what is missing", () => {
    for (const [options, said] of [[[], "missing"], [[{}], "missing"], [[{ getToken: "t" }], "not a function"]]) {
      assert.throws(() => new AgentUserClient(...options), (error) => error instanceof TypeError && error.message.startsWith(`The option getToken is ${said}. Call new AgentUserClient({ getToken })`));
    }
  });

  test("a page of 5000 is refused before anything is sent", async () => {
    const client = new AgentUserClient({ getToken: () => "t", fetch: () => assert.fail("a request was sent") });
    await assert.rejects(async () => { for await (const _ of client.list({ pageSize: 5000 })); }, (error) =>
      error.problem.violations[0].code === "OutOfRange" && error.problem.violations[0].field === "pageSize");
  });
});
