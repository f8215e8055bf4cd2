// The demo: a tenant that is simulated in a worker of this page. Its code is loaded with the demo and not before.
import { useSyncExternalStore } from "react";
import type { Connection } from "../connection/connection.js";
import { line } from "../common/rpc.js";
import { worker } from "../trusted.js";
import type { Conditions, Counts, DemoHandlers } from "./worker.js";
import address from "./worker.ts?worker&url";

const DAY = 86_400;

/** How often its numbers are looked at, and its clock is moved while days pass, in milliseconds. */
const LOOK = 500;

export interface DemoState {
  readonly conditions: Conditions;
  readonly counts: Counts;
  /** By how many seconds the tenant's clock is ahead of this computer's. */
  readonly ahead: number;
  /** Whether a day passes in a second. */
  readonly racing: boolean;
}

const CALM: Conditions = { perMille: 0, latencyMs: [20, 120], lagMs: 0 };

let state: DemoState = { conditions: CALM, counts: { requests: 0, throttled: 0, broken: 0, writes: 0 }, ahead: 0, racing: false };
const listeners = new Set<() => void>();

function become(change: Partial<DemoState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** The other side, which is started once: to leave the demo and to come back goes on with the same tenant. */
let side: ReturnType<typeof line<DemoHandlers>> | undefined;
let connection: Promise<Connection> | undefined;

function simulator() {
  side ??= line<DemoHandlers>(worker(address, "simulator"), {});
  return side;
}

/** Starts the tenant, or goes on with the one that was started. */
export function demoConnection(): Promise<Connection> {
  connection ??= open();
  connection.catch(() => (connection = side = undefined));
  return connection;
}

async function open(): Promise<Connection> {
  const { graphEndpoint, token } = await simulator().start(CALM);
  return {
    kind: "demo",
    cloud: "global",
    graphEndpoint,
    getToken: () => token,
    now: () => Date.now() + state.ahead * 1000,
    openPort: () => {
      const { port1, port2 } = new MessageChannel();
      void simulator().open(port2, [port2]);
      return port1;
    },
    close: () => {},
  };
}

/** Follows the tenant while the demo is shown, and ends the race of its clock with it. */
export function watch(): () => void {
  const timer = setInterval(() => void look(), LOOK);
  return () => {
    clearInterval(timer);
    become({ racing: false });
  };
}

async function look(): Promise<void> {
  if (state.racing) pass((DAY * LOOK) / 1000);
  // The numbers of a page in the background are not seen.
  if (document.hidden) return;
  const counts = await simulator().counts(undefined);
  if (counts.requests !== state.counts.requests || counts.broken !== state.counts.broken) become({ counts });
}

function pass(seconds: number): void {
  void simulator().advance(seconds);
  become({ ahead: state.ahead + seconds });
}

/** Lets a day pass at once. */
export const passDay = (): void => pass(DAY);

export function race(racing: boolean): void {
  become({ racing });
}

/** Changes the network from the next request on. */
export function change(conditions: Partial<Conditions>): void {
  const all = { ...state.conditions, ...conditions };
  void simulator().change(all);
  become({ conditions: all });
}

/** Throttles the next requests. */
export function throttle(requests: number): void {
  void simulator().throttle(requests);
}

export function useDemo(): DemoState {
  return useSyncExternalStore(subscribe, () => state);
}
