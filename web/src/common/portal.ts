import type { Connection } from "../connection/connection.js";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const USER = "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/";
const IDENTITY = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/AgentIdentity.MenuView/~/overview/objectId/";

/**
 * Whether the Entra portal has what a connection shows. Addresses are known for the global cloud alone (docs/graph.md#portal-links),
 * and simulated agent users are in no portal.
 */
export function hasPortal(connection: Pick<Connection, "kind" | "cloud" | "graphEndpoint"> | undefined): boolean {
  return connection?.kind === "tenant" && connection.cloud === "global" && connection.graphEndpoint === undefined;
}

/** The page of a user in the Entra portal. */
export function portalUser(id: string, connection: Connection | undefined): string | undefined {
  return hasPortal(connection) && ID.test(id) ? USER + id : undefined;
}

/** The page of an agent identity in the Entra portal. */
export function portalIdentity(id: string, connection: Connection | undefined): string | undefined {
  return hasPortal(connection) && ID.test(id) ? `${IDENTITY}${id}/menuId/overview` : undefined;
}
