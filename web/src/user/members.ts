// The members of an agent user that a form shows, and how their values are written.
import type { AgentUser, AgentUserChanges } from "agentuser";
import { strings } from "../strings/index.js";

/** How a member is typed. `phones` and `mails` are arrays in Graph. */
type Kind = "text" | "date" | "phones" | "mails" | "userType";

export type MemberId = keyof typeof strings.members & keyof AgentUser & keyof AgentUserChanges;

interface Member {
  readonly id: MemberId;
  readonly kind: Kind;
}

const text = (...ids: readonly MemberId[]): Member[] => ids.map((id) => ({ id, kind: "text" }));

/** The members by group, in the order of Entra's page. */
export const GROUPS: readonly (readonly [name: keyof typeof strings.memberGroups, members: readonly Member[]])[] = [
  ["identity", [...text("displayName", "givenName", "surname", "userPrincipalName", "mailNickname"), { id: "userType", kind: "userType" }]],
  [
    "job",
    [...text("jobTitle", "companyName", "department", "employeeId", "employeeType"), { id: "employeeHireDate", kind: "date" }, ...text("officeLocation")],
  ],
  ["contact", [...text("mail", "mobilePhone"), { id: "businessPhones", kind: "phones" }, { id: "otherMails", kind: "mails" }]],
  ["place", text("usageLocation", "preferredLanguage", "streetAddress", "city", "state", "postalCode", "country")],
];

const KINDS: ReadonlyMap<string, Kind> = new Map(GROUPS.flatMap(([, members]) => members.map(({ id, kind }) => [id, kind])));

export function kindOf(id: MemberId): Kind {
  return KINDS.get(id) ?? "text";
}

/** The value of a member as a form has it: text, each mail address on a line of its own. */
export function typed(user: AgentUser, id: MemberId): string {
  const value = user[id];
  if (Array.isArray(value)) return value.join("\n");
  if (typeof value !== "string") return "";
  return kindOf(id) === "date" ? value.slice(0, "2026-01-31".length) : value;
}

/** Members that Graph never clears. */
const KEPT: ReadonlySet<string> = new Set(["displayName", "userPrincipalName", "mailNickname", "mail", "userType", "usageLocation"]);

/** The value of a member as Graph has it: null for one that is cleared. */
export function written(id: MemberId, value: string): unknown {
  const kind = kindOf(id);
  if (kind === "phones" || kind === "mails") return value.split("\n").map((line) => line.trim()).filter(Boolean);
  if (value.trim() === "") return KEPT.has(id) ? "" : null;
  return kind === "date" ? `${value}T00:00:00Z` : value;
}
