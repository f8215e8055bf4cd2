// How a worker asks Graph by the connection of the page: the page has the token, and the way to a Graph that is not the network.
import type { TokenRequest } from "agentuser";
import type { Cloud } from "./config.js";
import { type Connection, graphOf } from "./connection.js";
import { compiledModule } from "./module.js";

/** The parts of a connection that cross to a worker. */
export interface Opening {
  readonly module: WebAssembly.Module;
  readonly graph: { readonly cloud: Cloud } | { readonly graphEndpoint: string };
  /** Something that answers requests in place of the network. */
  readonly port?: MessagePort;
}

/** A token as it crosses. */
interface SentToken {
  readonly token: string;
  /** In milliseconds since 1970. */
  readonly expiresOn?: number;
}

/** A request for a token as it crosses: its signal can't, so that it has a number. */
type SentRequest = Omit<TokenRequest, "signal"> & { readonly id: number };

/** The calls of a worker that the page answers with tokens. */
export type TokenHandlers = {
  token(request: SentRequest): Promise<SentToken>;
  /** No call of the worker waits for the token of this number any more. */
  leave(id: number): void;
};

/** The parts of a connection for a worker, and what of them moves there. */
export async function openingOf(connection: Connection): Promise<readonly [Opening, Transferable[]]> {
  const module = await compiledModule();
  const port = connection.openPort?.();
  const opening = { module, graph: graphOf(connection) };
  return port === undefined ? [opening, []] : [{ ...opening, port }, [port]];
}

/** Answers a worker with the tokens of a connection, until the worker's end. */
export function tokensOf(connection: Connection, end: AbortSignal): TokenHandlers {
  const asked = new Map<number, AbortController>();
  return {
    async token({ id, ...request }) {
      const controller = new AbortController();
      asked.set(id, controller);
      try {
        const given = await connection.getToken({ ...request, signal: AbortSignal.any([controller.signal, end]) });
        if (typeof given === "string") return { token: given };
        const { token, expiresOn } = given;
        return expiresOn == null ? { token } : { token, expiresOn: Number(expiresOn) };
      } finally {
        asked.delete(id);
      }
    },
    leave(id) {
      asked.get(id)?.abort();
    },
  };
}
