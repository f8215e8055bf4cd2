// Permissions in words.
import type { InheritedResource } from "agentuser";
import { list, strings } from "../strings/index.js";

/** The application id of Microsoft Graph, the same in every tenant and cloud. */
const GRAPH = "00000003-0000-0000-c000-000000000000";

/** The name of a resource that is known by its application id alone. */
export function resourceName(appId = ""): string {
  return appId === GRAPH ? strings.permissions.graph : strings.permissions.resource(appId);
}

/** "all delegated permissions and no app roles", by the kinds of Graph. */
export function inheritedOf({ inheritableScopes = "none", inheritableRoles = "none" }: InheritedResource): string {
  const { amounts, scopes, roles } = strings.permissions;
  const amount = (of: string) => (amounts as Readonly<Record<string, string>>)[of] ?? of;
  return list([scopes(amount(inheritableScopes)), roles(amount(inheritableRoles))]);
}
