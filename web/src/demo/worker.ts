// The worker of the demo: a simulated Graph, which answers the clients of the page and of its other workers.
import { Simulator, type SimulatedFault } from "agentuser/simulator";
import { answerBy, type PortRequest, type PortResponse } from "../connection/port.js";
import { Mistake } from "../common/mistake.js";
import { line } from "../common/rpc.js";

/** The network as the page makes it. */
export interface Conditions {
  /** Of 1,000 requests so many go wrong. */
  readonly perMille: number;
  /** The least and the most milliseconds that an answer takes. */
  readonly latencyMs: readonly [number, number];
  /** The longest replication lag of a read by id, in milliseconds. */
  readonly lagMs: number;
}

export interface Counts {
  readonly requests: number;
  readonly throttled: number;
  readonly broken: number;
  readonly writes: number;
}

export interface Started {
  readonly graphEndpoint: string;
  readonly token: string;
}

export type DemoHandlers = {
  start(conditions: Conditions): Promise<Started>;
  open(port: MessagePort): void;
  change(conditions: Conditions): void;
  /** Throttles the next requests of each method. */
  throttle(requests: number): void;
  advance(seconds: number): void;
  counts(): Counts;
};

/** The seed of the tenant: every visit begins with the same one. */
const SEED = 17;

/** The person of the demo, who is a sponsor, for My agents. */
const PERSON = "human3@contoso.com";

/** How long the token is good, in seconds: longer than a clock that races goes on. */
const CENTURY = 36_525 * 86_400;

let simulator: Simulator | undefined;

function started(): Simulator {
  if (simulator === undefined) throw new Mistake("The simulator is not started.");
  return simulator;
}

const handlers: DemoHandlers = {
  async start({ lagMs, latencyMs, perMille }) {
    // A token that was chosen does not expire when the clock moves. Its tenant is that of the seed.
    const token = personal((await Simulator.start({ agentUsers: 0, identities: 0, seed: SEED })).token);
    simulator = await Simulator.start({ tenant: "planted", seed: SEED, tokens: [{ token, user: PERSON }], latencyMs });
    // The tenant itself is older than the lag, so that lag holds for changes alone.
    simulator.order("network", { perMille, brisk: true, lagMs });
    return { graphEndpoint: simulator.graphEndpoint, token };
  },

  open(port) {
    answerBy(port, answer);
  },

  change({ perMille, latencyMs, lagMs }) {
    started().order("network", { perMille, latencyMs, lagMs });
  },

  throttle(requests) {
    const methods: readonly SimulatedFault["method"][] = ["GET", "POST", "PATCH", "PUT", "DELETE"];
    started().addFaults(methods.map((method) => ({ method, path: "/", times: requests, fault: "throttled", retryAfterSeconds: 2 })));
  },

  advance(seconds) {
    started().advance(seconds);
  },

  counts() {
    const { requests, writes, faults } = started().stats() as { requests: number; writes: number; faults: Record<string, number> };
    const { Throttled = 0, ...others } = faults;
    return { requests, writes, throttled: Throttled, broken: Object.values(others).reduce((sum, count) => sum + count, 0) };
  },
};

/** The token of an application as one of the person: what it allows is read from it, as from the token of a sign-in. */
function personal(token: string): string {
  const [head, body = ""] = token.split(".");
  const { roles, idtyp, ...claims } = JSON.parse(atob(body.replace(/-/g, "+").replace(/_/g, "/"))) as Record<string, unknown> & { readonly roles: readonly string[] };
  const mine = JSON.stringify({ ...claims, upn: PERSON, scp: roles.join(" "), exp: Math.floor(Date.now() / 1000) + CENTURY });
  return `${head}.${btoa(mine).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}.`;
}

async function answer({ url, method, headers, body }: PortRequest, signal: AbortSignal): Promise<PortResponse> {
  const fields = headers.map(([name, value]): [string, string] => [name, value]);
  const response = await started().fetch(url, { method, headers: fields, body: body as BodyInit | null, signal });
  return { status: response.status, headers: [...response.headers], body: new Uint8Array(await response.arrayBuffer()) };
}

line(self as unknown as Worker, handlers);
