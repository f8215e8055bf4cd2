import { use } from "react";
import type { AgentUserClient } from "agentuser";
import { clientOf } from "./connection.js";
import { keep } from "./kept.js";
import { useConnection } from "./session.js";

/** Reads something of the tenant once, by a name such as `user/ID`, and suspends until it is there. */
export function useRead<Result>(name: string, read: (client: AgentUserClient) => Promise<Result>): Result {
  const connection = useConnection();
  return use(keep(connection, name, () => clientOf(connection).then(read)));
}
