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

const TOKEN = "demo";

let simulator: Simulator | undefined;

function started(): Simulator {
  if (simulator === undefined) throw new Mistake("The simulator is not started.");
  return simulator;
}

const handlers: DemoHandlers = {
  async start({ lagMs, latencyMs, perMille }) {
    // A token that was chosen does not expire when the clock moves. The person is a sponsor, for My agents.
    simulator = await Simulator.start({ tenant: "planted", seed: SEED, tokens: [{ token: TOKEN, user: "human3@contoso.com" }], latencyMs });
    // The tenant itself is older than the lag, so that lag holds for changes alone.
    simulator.order("network", { perMille, brisk: true, lagMs });
    return { graphEndpoint: simulator.graphEndpoint, token: TOKEN };
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

async function answer({ url, method, headers, body }: PortRequest, signal: AbortSignal): Promise<PortResponse> {
  const fields = headers.map(([name, value]): [string, string] => [name, value]);
  const response = await started().fetch(url, { method, headers: fields, body: body as BodyInit | null, signal });
  return { status: response.status, headers: [...response.headers], body: new Uint8Array(await response.arrayBuffer()) };
}

line(self as unknown as Worker, handlers);
