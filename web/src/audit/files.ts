// Files of audits: chosen by a person, read, and saved.
import type { AuditReport, Snapshot } from "agentuser";
import { wholePackage } from "../connection/module.js";
import { announce } from "../common/announce.js";
import { download } from "../common/download.js";
import { strings } from "../strings/index.js";
import type { AuditResult, Judging } from "./store.js";

/** Reads the file of an audit: a snapshot, or a report as the package, its bindings and the command line write it. */
export async function read(text: string): Promise<{ readonly report: AuditReport } | { readonly snapshot: string; readonly judging: Judging }> {
  const snapshot = snapshotOf(text);
  // The rules of the beta run where it was read for them.
  if (snapshot !== undefined) return { snapshot: text, judging: { beta: "known" in (snapshot.risks ?? {}) } };
  const { renderFindings } = await wholePackage();
  return { report: JSON.parse(renderFindings(text, { format: "json" })) as AuditReport };
}

function snapshotOf(text: string): Partial<Snapshot> | undefined {
  try {
    const json = JSON.parse(text) as { readonly kind?: unknown } | null;
    return json?.kind === "agentuserSnapshot" ? (json as Partial<Snapshot>) : undefined;
  } catch {
    // A report may have a line for each finding. The package says what is wrong with any other text.
    return undefined;
  }
}

export const FORMATS = [
  ["html", "html", strings.audit.exportHtml, "text/html"],
  ["csv", "csv", strings.audit.exportCsv, "text/csv"],
  ["json", "json", strings.audit.exportJson, "application/json"],
  ["sarif", "sarif", strings.audit.exportSarif, "application/json"],
] as const;

/** Saves the whole report in a form. */
export async function saveReport({ report }: AuditResult, format: (typeof FORMATS)[number][0], ending: string, type: string): Promise<void> {
  const { renderFindings } = await wholePackage();
  save(`${strings.audit.reportFile(day(report))}.${ending}`, renderFindings(report, { format }), type);
}

/** Saves what was read of the tenant. */
export function saveSnapshot({ report, snapshot = "" }: AuditResult): void {
  save(strings.audit.snapshotFile(day(report)), snapshot, "application/json");
}

function save(name: string, text: string, type: string): void {
  download(name, text, type);
  announce(strings.audit.exported(name));
}

/** The day on which the tenant was read, for the name of a file. */
function day({ takenAt }: AuditReport): string {
  return takenAt.slice(0, 10);
}
