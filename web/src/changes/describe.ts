import type { AppliedChange, Change } from "agentuser";
import { list, strings } from "../strings/index.js";

/** A change in words. */
export function describe(change: Change | AppliedChange): string {
  const text = strings.changes.parts;
  switch (change.change) {
    case "create":
      return text.create(change.userPrincipalName);
    case "set":
      return set(change.member, change.from, change.to);
    case "addSponsor":
      return text.addSponsor(change.sponsor);
    case "removeSponsor":
      return text.removeSponsor(change.sponsor);
    case "addToGroup":
      return text.addToGroup(change.group);
    case "removeFromGroup":
      return text.removeFromGroup(change.group);
    case "addLicense":
      return text.addLicense(change.sku);
    case "removeLicense":
      return text.removeLicense(change.sku);
    case "setDisabledPlans":
      return text.setDisabledPlans(change.sku, list(change.to) || text.empty);
    case "setManager":
      return text.setManager(change.manager);
    case "addScope":
      return text.addScope(change.scope, change.resource);
    case "removeScope":
      return text.removeScope(change.scope, change.resource);
    case "assignAppRole":
      return text.assignAppRole(change.appRole, change.resource);
    case "removeAppRole":
      return text.removeAppRole(change.appRole, change.resource);
    case "setInheritance":
      return text.setInheritance(change.resource, change.to);
    default:
      return text[change.change];
  }
}

function set(member: string, from: unknown, to: unknown): string {
  const text = strings.changes.parts;
  if (member === "accountEnabled") return to === true ? text.enable : text.disable;
  const [before, after] = [valueText(from), valueText(to)];
  return before === "" ? text.set(member, after || text.empty) : text.setFrom(member, before, after || text.empty);
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return list(value.map(valueText));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
