// The form of a new agent user, and the row that it makes.
import type { AgentUserRow } from "agentuser";

/** The members that are typed as text. */
export type TextMember = "usageLocation" | "department" | "jobTitle" | "companyName" | "manager";

export interface Form {
  readonly parent: string;
  readonly displayName: string;
  readonly domain: string;
  /** Undefined while the suggestion holds. */
  readonly userPrincipalName?: string;
  readonly mailNickname?: string;
  readonly texts: Partial<Record<TextMember, string>>;
  /** One on each line. */
  readonly sponsors: string;
  readonly groups: string;
  readonly licenses: readonly string[];
  readonly isEnabled: boolean;
}

export const EMPTY: Form = { parent: "", displayName: "", domain: "", texts: {}, sponsors: "", groups: "", licenses: [], isEnabled: true };

export interface Names {
  readonly userPrincipalName?: string | undefined;
  readonly mailNickname: string;
}

export function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

/** The row of a form, with the names that hold where none were typed. What was left empty is not in it. */
export function rowOf(form: Form, names: Names | undefined): AgentUserRow {
  const texts = Object.entries(form.texts).filter(([, value]) => value.trim() !== "");
  const [sponsors, groups] = [lines(form.sponsors), lines(form.groups)];
  return {
    identityParentId: form.parent,
    displayName: form.displayName.trim(),
    userPrincipalName: form.userPrincipalName ?? names?.userPrincipalName ?? "",
    ...mailNickname(form.mailNickname ?? names?.mailNickname),
    accountEnabled: form.isEnabled,
    ...Object.fromEntries(texts.map(([member, value]) => [member, value.trim()])),
    ...(sponsors.length > 0 ? { sponsors } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(form.licenses.length > 0 ? { licenses: [...form.licenses] } : {}),
  };
}

function mailNickname(value: string | undefined): Pick<AgentUserRow, "mailNickname"> {
  return value === undefined ? {} : { mailNickname: value };
}

/** A row that needs the same permissions, whatever else is typed so far: valid, and of nobody. */
export function needyRow({ texts, sponsors, groups, licenses }: Form): AgentUserRow {
  const person = "person@contoso.com";
  return {
    identityParentId: "00000000-0000-4000-8000-000000000000",
    displayName: "Agent",
    userPrincipalName: "user@contoso.com",
    ...(texts.manager?.trim() ? { manager: person } : {}),
    ...(lines(sponsors).length > 0 ? { sponsors: [person] } : {}),
    ...(lines(groups).length > 0 ? { groups: ["Group"] } : {}),
    ...(licenses.length > 0 ? { licenses: [...licenses] } : {}),
  };
}
