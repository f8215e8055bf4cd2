import { bytes, rosterBytes, type BytesAtHand, type RosterAtHand } from "./bytes.js";
import { problem } from "./error.js";
import { both } from "./module.js";
import { filled } from "./texts.js";
import type { MemberValidation, RenderedReport, RenderReportRequest } from "./messages.js";
import type {
  AccessPolicies,
  AgentUserRow,
  AgentUserValidation,
  CodeExplanation,
  DerivedNames,
  LocatedIn,
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
  return call(() => both().validate(JSON.stringify({ agentUser, ...options })));
}

/** Checks the value of one member of a row, for forms that validate while a user types: gives every broken rule. */
export function validateMember(
  member: keyof AgentUserRow,
  value: unknown,
  options: TenantOptions = {},
): Violation[] {
  const request = JSON.stringify({ member, value, ...options });
  return call<MemberValidation>(() => both().validateMember(request)).violations;
}

/** Checks a roster, CSV, JSON or rows: gives every error of every row at once. */
export function validateRoster(
  roster: RosterAtHand,
  options: RosterValidateOptions = {},
): RosterValidation {
  return call(() => both().validateRoster(JSON.stringify(options), rosterBytes(roster)));
}

/** The options of deriving names. */
export interface DeriveOptions {
  /** The domain of the user principal name; without it, none is derived. */
  readonly domain?: string | undefined;
  /** A number from 2 on, with which the names end where others have them without it. */
  readonly alternative?: number | undefined;
}

/** The options of making Conditional Access policies. */
export interface PolicyOptions {
  /** The object ids of agent users that the policies leave out. */
  readonly excludeUsers?: readonly string[] | undefined;
}

/** Derives names from a display name, always valid and always the same. `alternative` 2 gives names that end with 2. */
export function derive(
  displayName: string,
  options: DeriveOptions = {},
): DerivedNames {
  return call(() => both().derive(JSON.stringify({ displayName, ...options })));
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
export function explain(answer: GraphAnswer, body: BytesAtHand = ""): Problem {
  return call(() => both().explain(JSON.stringify(answer), bytes(body)));
}

/**
 * Tells what a code of a problem, a violation or a remark means, or one of Microsoft's, such as `"AADSTS7000215"`: gives
 * its meaning with the usual cause and fix.
 */
export function explainCode(code: ProblemCode | RuleCode | RemarkCode | (string & {})): CodeExplanation {
  return call(() => both().explainCode(JSON.stringify({ code })));
}

/**
 * Makes Conditional Access policies for agent users, report-only, for an admin to look at and send; nothing here sends them.
 * `excludeUsers` are the object ids of agent users that they leave out.
 */
export function accessPolicies(options: PolicyOptions = {}): AccessPolicies {
  return call(() => both().accessPolicies(JSON.stringify(options)));
}

/** The facts at the head of a report. */
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
  readonly locatedIn?: LocatedIn | undefined;
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
export function renderFindings(audit: object | BytesAtHand, options: FindingsReportOptions): string {
  return report("findings", audit, options);
}

/** Writes agent users as a report: those of a list, or their array as JSON. */
export function renderAgentUsers(
  agentUsers: readonly object[] | BytesAtHand,
  options: AgentUserReportOptions,
): string {
  return report("agentUsers", agentUsers, options);
}

function report(of: RenderReportRequest["of"], records: object | BytesAtHand, options: object): string {
  const isContent = typeof records === "string" || records instanceof Uint8Array || records instanceof ArrayBuffer;
  const content = isContent ? records : JSON.stringify(records);
  return call<RenderedReport>(() => both().renderReport(JSON.stringify({ of, ...options }), bytes(content))).text;
}

function call<Result>(json: () => string): Result {
  try {
    return JSON.parse(filled(json())) as Result;
  } catch (thrown) {
    throw problem(thrown);
  }
}
