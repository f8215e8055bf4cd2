import { bytes, rosterBytes, type Bytes, type RosterSource } from "./bytes.js";
import { problem } from "./error.js";
import { module } from "./module.js";
import type { MemberValidation, RenderedReport, RenderReportRequest } from "./messages.js";
import type {
  AgentUserRow,
  AgentUserValidation,
  CodeExplanation,
  DerivedNames,
  GraphCall,
  Problem,
  ProblemCode,
  RosterValidation,
  RemarkCode,
  RuleCode,
  Violation,
} from "./types.js";

/** Facts about the tenant. */
export interface TenantOptions {
  /** The verified domains; without them, domains are not compared. `AgentUserClient.verifiedDomains` reads them. */
  readonly verifiedDomains?: readonly string[] | undefined;
}

/** The options of checking an agent user or a roster. */
export interface ValidateOptions extends TenantOptions {
  /** The domain of a user principal name that is derived from the display name, when none is given. */
  readonly domain?: string | undefined;
}

/** The options of checking a roster. */
export interface RosterValidateOptions extends ValidateOptions {
  /** The most bytes that the roster may have; 64 MiB by default. */
  readonly maxBytes?: number | undefined;
  /** The most rows that the roster may have; 200,000 by default. */
  readonly maxRows?: number | undefined;
  /** The most errors that are listed; 1,000 by default. More are counted by rule and field. */
  readonly maxErrors?: number | undefined;
}

/** Checks an agent user: gives every broken rule at once, or the body of the request that would create it. */
export function validate(agentUser: AgentUserRow, options: ValidateOptions = {}): AgentUserValidation {
  return call(() => module().validate(JSON.stringify({ agentUser, ...options })));
}

/** Checks the value of one member of a row, for forms that validate while a user types: gives every broken rule. */
export function validateMember(
  member: keyof AgentUserRow,
  value: unknown,
  options: TenantOptions = {},
): Violation[] {
  const request = JSON.stringify({ member, value, ...options });
  return call<MemberValidation>(() => module().validateMember(request)).violations;
}

/** Checks a roster, CSV, JSON or rows: gives every error of every row at once. */
export function validateRoster(
  roster: Exclude<RosterSource, Blob>,
  options: RosterValidateOptions = {},
): RosterValidation {
  return call(() => module().validateRoster(JSON.stringify(options), rosterBytes(roster)));
}

/** Derives names from a display name, always valid and always the same. `alternative` 2 gives names that end with 2. */
export function derive(
  displayName: string,
  options: { readonly domain?: string | undefined; readonly alternative?: number | undefined } = {},
): DerivedNames {
  return call(() => module().derive(JSON.stringify({ displayName, ...options })));
}

/** An answer of Graph to explain. */
export interface GraphAnswer {
  /** The call that it answers, such as `"createAgentUser"`. */
  readonly call: GraphCall;
  /** The status code. */
  readonly status: number;
  /** Header fields, as `[...response.headers]` gives them. */
  readonly headers?: readonly (readonly [string, string])[] | undefined;
}

/** Explains an error of Graph: gives the problem, with its likely cause and the fix. */
export function explain(answer: GraphAnswer, body: Exclude<Bytes, Blob> = ""): Problem {
  return call(() => module().explain(JSON.stringify(answer), bytes(body)));
}

/**
 * Tells what a code of a problem, a violation or a remark means, or one of Microsoft's, such as `"AADSTS7000215"`: gives
 * its meaning with the usual cause and fix.
 */
export function explainCode(code: ProblemCode | RuleCode | RemarkCode | (string & {})): CodeExplanation {
  return call(() => module().explainCode(JSON.stringify({ code })));
}

/** What a report tells of itself. */
export interface ReportHead {
  /** The tenant; that of the audit by default. */
  readonly tenantId?: string | undefined;
  /** The account that read the tenant; that of the audit by default. */
  readonly author?: string | undefined;
  /** When the tenant was read, in ISO 8601 with a zone; when the audit did by default. */
  readonly madeAt?: string | undefined;
  /** How long that took, in milliseconds. */
  readonly tookMs?: number | undefined;
  /** Whether a page leads into the Entra portal of the global cloud; true by default. */
  readonly links?: boolean | undefined;
}

/** The options of a report of findings. */
export interface FindingsReportOptions extends ReportHead {
  /** The form: SARIF 2.1.0 and JUnit's XML are for pipelines. */
  readonly format: "json" | "csv" | "html" | "sarif" | "junit";
  /** The file in whose lines SARIF and JUnit locate findings, such as the roster. */
  readonly locatedIn?: { readonly uri: string; readonly text: string } | undefined;
}

/** The options of a report of agent users. */
export interface AgentUserReportOptions extends ReportHead {
  /** The form. */
  readonly format: "json" | "csv" | "html";
  /** The columns, by Graph's names of members; those of a roster first by default. */
  readonly columns?: readonly string[] | undefined;
  /** In CSV: whether an apostrophe stands before what a spreadsheet would take for a formula; false by default. */
  readonly formulaSafe?: boolean | undefined;
}

/** Writes the findings of an audit as a report: its result, or the content of its file. */
export function renderFindings(audit: object | Exclude<Bytes, Blob>, options: FindingsReportOptions): string {
  return report("findings", audit, options);
}

/** Writes agent users as a report: those of a list, or their array as JSON. */
export function renderAgentUsers(
  agentUsers: readonly object[] | Exclude<Bytes, Blob>,
  options: AgentUserReportOptions,
): string {
  return report("agentUsers", agentUsers, options);
}

function report(of: RenderReportRequest["of"], records: object | Exclude<Bytes, Blob>, options: object): string {
  const isContent = typeof records === "string" || records instanceof Uint8Array || records instanceof ArrayBuffer;
  const content = isContent ? records : JSON.stringify(records);
  return call<RenderedReport>(() => module().renderReport(JSON.stringify({ of, ...options }), bytes(content))).text;
}

function call<Result>(json: () => string): Result {
  try {
    return JSON.parse(json()) as Result;
  } catch (thrown) {
    throw problem(thrown);
  }
}
