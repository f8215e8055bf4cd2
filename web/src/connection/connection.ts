import type { AgentUserClient, Fetch, GetToken } from "agentuser";
import type { Cloud } from "./config.js";
import { agentuser } from "./module.js";
import type { Person } from "./person.js";
import { fetchBy } from "./port.js";
import { strings } from "../strings/index.js";

/** The person who is signed in. */
export interface Account {
  readonly name: string;
  readonly userName: string;
}

/** A way to a tenant: where its Graph is, and how to get there. Each page uses it, and none knows of which kind it is. */
export interface Connection {
  readonly kind: "tenant" | "simulator" | "demo";
  readonly cloud: Cloud;
  /** Graph, where it is not that of the cloud. */
  readonly graphEndpoint?: string;
  readonly tenantId?: string;
  readonly account?: Account;
  /** The person who is asked where a token needs one. */
  readonly person?: Person;
  readonly getToken: GetToken;
  /** The tenant's clock in milliseconds since 1970, where it is not that of this computer. */
  readonly now?: () => number;
  /**
   * A new port to something that answers requests in place of the network, as `answerBy` does: a simulator in a worker.
   * Without it, the platform's `fetch` sends.
   */
  readonly openPort?: () => MessagePort;
  /** Forgets the sign-in. */
  readonly close: () => Promise<void> | void;
}

/** The options by which a client finds Graph: a cloud or an endpoint. */
export function graphOf({ cloud, graphEndpoint }: Pick<Connection, "cloud" | "graphEndpoint">) {
  return graphEndpoint === undefined ? { cloud } : { graphEndpoint };
}

const clients = new WeakMap<Connection, Promise<AgentUserClient>>();

const ends = new WeakMap<Connection, AbortController>();

function controllerOf(connection: Connection): AbortController {
  const controller = ends.get(connection) ?? new AbortController();
  ends.set(connection, controller);
  return controller;
}

/** Aborts with the end of a connection: nothing is sent by it from then on. */
export function endOf(connection: Connection): AbortSignal {
  return controllerOf(connection).signal;
}

/** The client of a connection. The package and its module are loaded with the first one. */
export function clientOf(connection: Connection): Promise<AgentUserClient> {
  const known = clients.get(connection);
  if (known !== undefined) return known;
  const made = makeClient(connection);
  clients.set(connection, made);
  made.catch(() => clients.delete(connection));
  return made;
}

async function makeClient(connection: Connection): Promise<AgentUserClient> {
  const { AgentUserClient } = await agentuser();
  const port = connection.openPort?.();
  const send: Fetch = port === undefined ? (url, init) => fetch(url, init) : fetchBy(port);
  // A client keeps its token and runs go on by themselves, so that the end of the connection is here.
  const end = endOf(connection);
  const open: Fetch = (url, init) => (end.aborted ? Promise.reject(unsent()) : send(url, init));
  return new AgentUserClient({ ...graphOf(connection), getToken: connection.getToken, fetch: open });
}

/** The error of a request that was not sent, as the package reads it. */
function unsent(): Error {
  return Object.assign(new Error(strings.connection.gave), { sent: "no" });
}

/** Ends a connection: its workers, its clients' requests and its sign-in. */
export async function endConnection(connection: Connection): Promise<void> {
  controllerOf(connection).abort();
  await connection.close();
}

let last = 0;
const numbers = new WeakMap<Connection, number>();

/** The number of a connection, by which what is drawn of one is told from what is drawn of another. */
export function numberOf(connection: Connection): number {
  const number = numbers.get(connection) ?? ++last;
  numbers.set(connection, number);
  return number;
}
