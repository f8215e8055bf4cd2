// A consumer's program: compiled strictly against the packed types, and not run.
import {
  AgentUserClient,
  AgentUserError,
  validateMember,
  type AgentUser,
  type AgentUserEvent,
  type AgentUserRow,
  type GetToken,
  type ProblemCode,
  type ProvisionReport,
  type RosterSummary,
} from "agentuser";
import { derive } from "agentuser/all";
import { Simulator } from "agentuser/simulator";
import file from "agentuser/agentuser.wasm";
import { init, initAll, type Sources } from "agentuser/init";

const getToken: GetToken = async ({ scope, claims, refused, signal }) => {
  const forced: boolean = refused || claims !== undefined || signal.aborted;
  return { token: `${scope}${forced}`, expiresOn: new Date() };
};

const client = new AgentUserClient({ cloud: "usgov", getToken, inFlight: 4, settings: { requestTimeoutMs: 1000 } });

export async function everything(file: File, signal: AbortSignal): Promise<RosterSummary> {
  const sources: Sources = { second: new URL("https://contoso.com/second.wasm"), texts: "/texts.json" };
  await init();
  await initAll(sources);
  console.log(derive("Agent").mailNickname);
  const row: AgentUserRow = { identityParentId: "x", displayName: "Agent", licenses: ["AGENT_365"] };
  const user: AgentUser = await client.create(row, { domain: "contoso.com", readiness: { mailbox: true, teams: false }, signal });
  const name: string | null | undefined = user.displayName;
  for await (const { id, accountEnabled } of client.list({ accountEnabled: true, pageSize: 10 })) {
    console.log(id, accountEnabled === true, name);
  }
  for await (const page of client.list().pages()) console.log(page.length);
  const run = client.applyRoster(file, { rows: [1], onProgress: progress });
  for await (const report of run) show(report);
  return run.result;
}

function progress(event: AgentUserEvent): void {
  if (event.event === "waiting") console.log(event.why, event.waitMs);
  else if (event.event === "rows") console.log(event.done, event.of);
  else if (event.event === "stage") console.log(event.stage, event.row);
  else if (event.event === "remark") console.log(event.code, event.message);
  else console.log(event.withinMs);
}

function show(report: ProvisionReport): void {
  console.log(report.outcome, report.problem?.fix);
  for (const change of report.changes) if (change.change === "set") console.log(change.member, change.to, change.applied);
}

export function explain(error: unknown): ProblemCode | undefined {
  if (!(error instanceof AgentUserError)) return undefined;
  console.log(error.problem.violations?.map(({ field, fix }) => `${field}: ${fix}`), error.report?.stage);
  return error.code;
}

export const broken: string[] = validateMember("mailNickname", "a b").map(({ message }) => message);
// Open members are named as their tenant registered them.
validateMember("extension_b7d8e648520f41d3b9c0fdeb91768a0a_jobGroup", "a b");
validateMember("employeeOrgData.costCenter", "4711");
validateMember("customSecurityAttributes.Engineering.Project", "Alpine");
export const address: string = file;
// @ts-expect-error: there is no such member
validateMember("mailNickName", "a b");
// @ts-expect-error: a member is named by its name
validateMember(1, "a b");
// @ts-expect-error: messages to the module are the package's own
export type Message = import("agentuser").StepMessage;
// @ts-expect-error: there is no such cloud
new AgentUserClient({ cloud: "moon", getToken });
// @ts-expect-error: a row has a parent
void client.create({ displayName: "Agent" });
// @ts-expect-error: there is no such fault
void Simulator.start({ faults: { script: [{ method: "GET", path: "/users", fault: "lost" }] } });
