import type { Problem, ProvisionReport, RosterSummary } from "./types.js";

/** What was done before it went wrong. */
export interface WorkDone {
  /** The report of the one agent user. */
  readonly report?: ProvisionReport;
  /** The numbers of the roster. */
  readonly summary?: RosterSummary;
}

/**
 * Whatever this package rejects with or throws, but for mistakes in calling it.
 *
 * `name` is `"AbortError"` when the call was cancelled, as for `fetch`; `cause` is then the signal's reason. Where a
 * `getToken` failed, `cause` is what it failed with.
 */
export class AgentUserError extends Error {
  override readonly name: string;
  /** Everything that is known: code, cause, fix, permissions, Graph's own answer, every broken rule. */
  readonly problem: Problem;
  /** How far one agent user came. */
  readonly report: ProvisionReport | undefined;
  /** How far a roster came. */
  readonly summary: RosterSummary | undefined;

  constructor(problem: Problem, done: WorkDone = {}, options?: ErrorOptions) {
    super(problem.message, options);
    this.name = problem.code === "Cancelled" ? "AbortError" : "AgentUserError";
    this.problem = problem;
    this.report = done.report;
    this.summary = done.summary;
  }

  /** The stable code, such as `"UpnTaken"`. */
  get code(): Problem["code"] {
    return this.problem.code;
  }
}

/** What the WebAssembly module throws is the JSON of a problem; all else is passed on. */
export function problem(thrown: unknown): unknown {
  return typeof thrown === "string" ? new AgentUserError(JSON.parse(thrown) as Problem) : thrown;
}
