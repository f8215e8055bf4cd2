import { bytes, type Bytes } from "./bytes.js";
import { problem } from "./error.js";
import { module } from "./module.js";
import type { MemberValidation } from "./messages.js";
import type {
  AgentUserRow,
  AgentUserValidation,
  DerivedNames,
  GraphCall,
  Member,
  Problem,
  RosterValidation,
  Violation,
} from "./types.js";

/** What is known of the tenant. */
export interface TenantOptions {
  /** The verified domains; without them, domains are not compared. `AgentUserClient.verifiedDomains` reads them. */
  readonly verifiedDomains?: readonly string[] | undefined;
}

/** The same, for what may be derived. */
export interface ValidateOptions extends TenantOptions {
  /** The domain of a user principal name that is derived from the display name, when it is not given. */
  readonly domain?: string | undefined;
}

/** Checks an agent user: every broken rule at once, or the body it would be created with. */
export function validate(agentUser: AgentUserRow, options: ValidateOptions = {}): AgentUserValidation {
  return call(() => module().validate(JSON.stringify({ agentUser, ...options })));
}

/** Checks one member, for a form that validates while somebody types. */
export function validateMember(
  member: Member | "identityParentId",
  value: unknown,
  options: TenantOptions = {},
): Violation[] {
  const request = JSON.stringify({ member, value, ...options });
  return call<MemberValidation>(() => module().validateMember(request)).violations;
}

/** Checks a roster, CSV or JSON: every error of every row at once. */
export function validateRoster(roster: Exclude<Bytes, Blob>, options: ValidateOptions = {}): RosterValidation {
  return call(() => module().validateRoster(JSON.stringify(options), bytes(roster)));
}

/** Names for a display name, always valid and always the same. Alternatives end with their number. */
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

/** What an error of Graph means, and what to do about it. */
export function explain(answer: GraphAnswer, body: Exclude<Bytes, Blob> = ""): Problem {
  return call(() => module().explain(JSON.stringify(answer), bytes(body)));
}

function call<Result>(json: () => string): Result {
  try {
    return JSON.parse(json()) as Result;
  } catch (thrown) {
    throw problem(thrown);
  }
}
