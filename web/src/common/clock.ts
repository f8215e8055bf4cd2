import type { Connection } from "../connection/connection.js";

/** The time by which an audit judges, for its options; empty where that is this computer's. */
export interface Clock {
  readonly now?: string;
}

/** The clock of a connection: that of the demo's tenant is moved by hand. */
export function clockOf(connection: Connection | undefined): Clock {
  const now = connection?.now?.();
  return now === undefined ? {} : { now: new Date(now).toISOString() };
}
