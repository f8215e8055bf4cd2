// The fix of chosen findings: its plan, whose run is one of the page's runs.
import type { AgentUserClient, CallOptions, Finding, Plan, ProvisionReport } from "agentuser";
import { ChangeRun, type MadePlan, madePlan, type Reporting } from "../changes/run.js";
import { keepRun } from "../changes/runs.js";
import { clientOf, type Connection } from "../connection/connection.js";
import { number, strings } from "../strings/index.js";
import { keyOf } from "./findings.js";
import type { AuditResult, AuditStore } from "./store.js";

/** Plans the fix of these findings, and shows it. */
export async function mend(connection: Connection, store: AuditStore, result: AuditResult, findings: readonly Finding[]): Promise<void> {
  const title = strings.audit.mendTitle(findings.length, number(findings.length));
  const opener = document.activeElement;
  const client = await clientOf(connection);
  const run = new ChangeRun((ids) => void store.mended(ids));
  keepRun({ run, connection, title, opener });
  await run.plan((options) => planFix(client, result, findings, options));
}

/**
 * Plans the fix of these findings, and looks at each agent user again. A plan mends all findings of its rules that are not
 * accepted, so that for the plan alone all others count as accepted.
 */
function planFix(client: AgentUserClient, result: AuditResult, findings: readonly Finding[], options: CallOptions): Reporting<MadePlan> {
  const { report, snapshot = "", judging, accept } = result;
  const chosen = new Set(findings.map(keyOf));
  const fix = [...new Set(findings.map(({ rule }) => rule))];
  const others = report.findings.filter((one) => one.state === "found" && fix.includes(one.rule) && !chosen.has(keyOf(one)));
  const accepted = others.map(({ rule, user, subject }) => ({ rule, whom: user?.id ?? subject.id, reason: "-", by: "-", until: LAST_DAY }));
  const known = accept === undefined ? [] : (JSON.parse(accept.text) as unknown[]);
  const planned = client.auditSnapshot(snapshot, { ...judging, accept: JSON.stringify([...known, ...accepted]), fix, ...options });
  const plan = planned.then(({ plan }) => madePlan(client, plan as Plan));
  // Its failure is told by the loop over the reports.
  plan.catch(() => {});
  return { result: plan, [Symbol.asyncIterator]: () => reports(plan, options) };
}

const LAST_DAY = "9999-12-31";

async function* reports(planned: Promise<MadePlan>, options: CallOptions): AsyncGenerator<ProvisionReport> {
  const plan = await planned;
  yield* plan.apply({ ...options, dryRun: true });
}
