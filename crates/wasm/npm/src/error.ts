import { completed, filled, messageOf } from "./texts.js";
import type { Problem, ProvisionReport, RosterSummary } from "./types.js";

/** The work that was done before a failure. */
export interface WorkDone {
  /** The report, for a call about one agent user. */
  readonly report?: ProvisionReport;
  /** The numbers of rows, for a roster. */
  readonly summary?: RosterSummary;
}

/**
 * The failure of a call, with its problem. Only mistakes in calling this package throw anything else.
 *
 * `name` is `"AbortError"` when the call was cancelled, as for `fetch`; `cause` is then the signal's reason. Where
 * `getToken` failed, `cause` is its error.
 */
export class AgentUserError extends Error {
  /** `"AbortError"` when the call was cancelled, else `"AgentUserError"`. */
  override readonly name: string;
  /** The problem: code, cause, fix, permissions, Graph's own answer, every broken rule. */
  readonly problem: Problem;
  /** The report of the agent user, where the call got so far. */
  readonly report: ProvisionReport | undefined;
  /** The numbers of the roster's rows, where the call got so far. */
  readonly summary: RosterSummary | undefined;

  constructor(problem: Problem, done: WorkDone = {}, options?: ErrorOptions) {
    super(messageOf(problem), options);
    this.name = problem.code === "Cancelled" ? "AbortError" : "AgentUserError";
    this.problem = problem;
    this.report = done.report;
    this.summary = done.summary;
  }

  /** The stable code, such as `"UpnTaken"`. */
  get code(): Problem["code"] {
    return this.problem.code;
  }

  /** The place where more is said: Microsoft's page, or the call of this package that explains the code offline. */
  get see(): string {
    return this.problem.documentation ?? `explainCode("${this.problem.code}")`;
  }
}

/** The error for something thrown: the WebAssembly module throws the JSON of a problem, and everything else stays. */
export function problem(thrown: unknown): unknown {
  return typeof thrown === "string" ? new AgentUserError(JSON.parse(filled(thrown)) as Problem) : thrown;
}

/** The same, once the texts of problems are loaded. */
export async function problemLater(thrown: unknown): Promise<unknown> {
  return problem(typeof thrown === "string" ? await completed(thrown) : thrown);
}
