// The client of a worker: it asks Graph with the tokens of the page, by the network or by a port of the page.
import { AgentUserClient, type GetToken } from "agentuser/init";
import type { Remote } from "../common/rpc.js";
import type { Opening, TokenHandlers } from "./opening.js";
import { fetchBy } from "./port.js";

/** The client of a worker, whose tokens are the page's. */
export function clientBy({ graph, port }: Opening, { token, leave }: Remote<TokenHandlers>): AgentUserClient {
  let last = 0;
  const getToken: GetToken = ({ signal, ...request }) => {
    const id = ++last;
    signal.addEventListener("abort", () => void leave(id), { once: true });
    return token({ id, ...request });
  };
  return new AgentUserClient({ ...graph, getToken, fetch: port === undefined ? undefined : fetchBy(port) });
}
