// The files that the page gives: how each row ended, the errors, and an empty roster.
import type { ProvisionReport } from "agentuser";
import Papa from "papaparse";
import { describe } from "../changes/describe.js";
import type { MadePlan } from "../changes/run.js";
import { download } from "../common/download.js";
import { strings } from "../strings/index.js";
import type { Places } from "./table.js";

/** Cells that a spreadsheet would take for a formula, and those that would be taken for one that is marked already (docs/reports.md#csv). */
const FORMULA = /^'*[=+\-@\t\r]/;

/** Without the mark, Excel reads UTF-8 as something else. */
const BYTE_ORDER_MARK = "\uFEFF";

function csv(name: string, rows: readonly object[]): void {
  download(name, BYTE_ORDER_MARK + Papa.unparse([...rows], { escapeFormulae: FORMULA }), "text/csv");
}

/** The name of a file that belongs to a roster: `sales-results.csv` for `sales.csv`. */
function beside(roster: string, suffix: string): string {
  return `${roster.replace(/\.[^.]*$/, "")}${suffix}`;
}

export function saveResultsCsv(roster: string, reports: readonly ProvisionReport[]): void {
  const rows = reports.map(({ row, userPrincipalName, id, identityParentId, outcome, stage, changes, problem }) => ({
    row: row ?? "",
    userPrincipalName,
    id: id ?? "",
    identityParentId: identityParentId ?? "",
    outcome,
    stage,
    changes: changes.filter(({ applied }) => applied).map(describe).join("; "),
    notMade: changes.filter(({ applied }) => !applied).map(describe).join("; "),
    code: problem?.code ?? "",
    message: problem?.message ?? "",
    fix: problem?.fix ?? "",
    requestId: problem?.requestId ?? "",
  }));
  csv(beside(roster, strings.roster.resultsCsv), rows);
}

export function saveResultsJson(roster: string, reports: readonly ProvisionReport[]): void {
  download(beside(roster, strings.roster.resultsJson), JSON.stringify(reports), "application/json");
}

export function saveErrors(roster: string, { listed, ofFile }: Places): void {
  const rows = [...ofFile, ...listed.map(({ error }) => error)].map(({ row, field, code, message, fix }) => ({ row: row ?? "", field, code, message, fix }));
  csv(beside(roster, strings.roster.errorsCsv), rows);
}

export async function savePlan(roster: string, plan: MadePlan): Promise<void> {
  download(beside(roster, strings.roster.planJson), await plan.file());
}

/** The header of a roster, to fill in. */
export function saveEmpty(): void {
  const names = ["identityParentId", "displayName", "userPrincipalName", "usageLocation", "jobTitle", "department", "manager", "sponsors", "groups", "licenses"];
  download(strings.roster.emptyFile, `${BYTE_ORDER_MARK}${names.join(",")}\r\n`, "text/csv");
}
