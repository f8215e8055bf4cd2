// Findings: told apart, searched, and put together by their rules.
import type { AuditReport, AuditSeverity, Finding } from "agentuser";

/** The severities, the worst first. */
export const SEVERITIES: readonly AuditSeverity[] = ["high", "medium", "low", "info"];

/** The key that tells a finding from others: its rule, and the agent user or the object that it is about. */
export function keyOf({ rule, user, subject }: Finding): string {
  return `${rule}/${user?.id ?? subject.id}`;
}

/** The name of that which a finding is about. */
export function nameOf({ user, subject }: Finding): string {
  return user?.userPrincipalName ?? subject.name;
}

/** The conditions that findings are shown by. Those that are absent hold for all. */
export interface Filters {
  readonly severities: ReadonlySet<AuditSeverity>;
  readonly rule: string;
  readonly comparison: string;
  readonly search: string;
}

export const NO_FILTERS: Filters = { severities: new Set(), rule: "", comparison: "", search: "" };

export function isFiltered({ severities, rule, comparison, search }: Filters): boolean {
  return severities.size > 0 || rule !== "" || comparison !== "" || search !== "";
}

/** The findings of a report by their state. */
export function sorted({ findings }: AuditReport) {
  const found = findings.filter(({ state }) => state === "found");
  return {
    open: found.filter(({ accepted }) => accepted === undefined),
    accepted: found.filter(({ accepted }) => accepted !== undefined),
    notChecked: findings.filter(({ state }) => state === "notChecked"),
  };
}

/** The findings that fulfil the conditions. */
export function filtered(findings: readonly Finding[], { severities, rule, comparison, search }: Filters): Finding[] {
  const wanted = search.trim().toLowerCase();
  return findings.filter(
    (one) =>
      (severities.size === 0 || severities.has(one.severity)) &&
      (rule === "" || one.rule === rule) &&
      (comparison === "" || one.comparison === comparison) &&
      (wanted === "" || `${nameOf(one)} ${one.subject.name} ${one.message} ${one.user?.id ?? one.subject.id}`.toLowerCase().includes(wanted)),
  );
}

/** Findings by a key, in their order. */
export function grouped(findings: readonly Finding[], key: (finding: Finding) => string): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(key(finding));
    if (group === undefined) groups.set(key(finding), [finding]);
    else group.push(finding);
  }
  return groups;
}
