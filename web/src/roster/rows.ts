// The rows of a plan, while they are looked at, made, and after that.
import type { ProvisionReport, ProvisionStage } from "agentuser";
import type { RunState } from "../changes/run.js";
import type { Planned } from "./store.js";

/** How a row stands. */
export type Standing = "create" | "change" | "same" | "cannot" | "leftOut" | "running" | "created" | "changed" | "failed" | "cancelled";

export interface PlanRow {
  readonly row: number;
  readonly report: ProvisionReport;
  readonly standing: Standing;
  /** While it is worked on. */
  readonly stage: ProvisionStage | undefined;
  /** Whether it can be approved. */
  readonly isPlanned: boolean;
}

const ENDED = { created: "created", changed: "changed", unchanged: "same", planned: "change", failed: "failed", cancelled: "cancelled" } as const;

/** The rows of a plan as they stand. */
export function rowsOf({ reports }: Planned, approved: ReadonlySet<number>, state: RunState): readonly PlanRow[] {
  const isBegun = state.step !== "planned" && state.step !== "planning";
  const ended = new Map(isBegun ? state.reports.map((report) => [report.row, report]) : []);
  return reports.map((planned) => {
    const row = planned.row ?? 0;
    const isPlanned = planned.outcome === "planned";
    const report = ended.get(row);
    if (!isBegun || !isPlanned || !approved.has(row)) {
      return { row, report: planned, standing: standingOf(planned, isBegun && isPlanned), stage: undefined, isPlanned };
    }
    if (report !== undefined) return { row, report, standing: ENDED[report.outcome], stage: undefined, isPlanned };
    // A run that failed as a whole has no report of the rows that it did not come to.
    const standing = state.step === "applying" ? "running" : "cancelled";
    const stage = state.step === "applying" ? (state.stageOf.get(row) ?? "notStarted") : undefined;
    return { row, report: planned, standing, stage, isPlanned };
  });
}

function standingOf({ outcome, changes }: ProvisionReport, isLeftOut: boolean): Standing {
  if (isLeftOut) return "leftOut";
  if (outcome !== "planned") return outcome === "unchanged" ? "same" : "cannot";
  return changes.some(({ change }) => change === "create") ? "create" : "change";
}

/** How many approved rows have a manager whose own row is new and left out: the manager can't be set. */
export function withoutManager(rows: readonly PlanRow[], approved: ReadonlySet<number>): number {
  const isLeftOut = ({ standing, row }: PlanRow) => standing === "create" && !approved.has(row);
  const absent = new Set(rows.filter(isLeftOut).map(({ report }) => report.userPrincipalName.toLowerCase()));
  const names = ({ report }: PlanRow) => report.changes.some((change) => change.change === "setManager" && absent.has(change.manager.toLowerCase()));
  return absent.size === 0 ? 0 : rows.filter((row) => approved.has(row.row) && names(row)).length;
}

/** How many rows stand how, in the order of the standings. */
export function countsOf(rows: readonly PlanRow[]): readonly (readonly [Standing, number])[] {
  const order: readonly Standing[] = ["failed", "cannot", "cancelled", "running", "create", "change", "created", "changed", "leftOut", "same"];
  const counts = new Map<Standing, number>();
  for (const { standing } of rows) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  return order.flatMap((standing) => (counts.has(standing) ? [[standing, counts.get(standing) ?? 0] as const] : []));
}
