import * as bindings from "../wasm/simulator.js";
import { open } from "./files.js";
import { FORBIDDEN, isForbidden } from "./policy.js";
import type { SimulatedFault, SimulatorOptions } from "./simulator-options.js";
import type { Source } from "./source.js";
import type { Fetch } from "./transport.js";

export type { SimulatedFault, SimulatedFaultName, SimulatedToken, SimulatorOptions } from "./simulator-options.js";
export type { Source } from "./source.js";

/** Statuses whose answers have no body. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** The head of an answer: status and header fields; else why there is none. */
type Head = readonly [number, readonly (readonly [string, string])[]] | "refused" | "lost" | "never";

/** An order that a simulator can't carry out, options that it can't have, or a page whose policy does not let it run. */
export class SimulatorError extends Error {
  override readonly name = "SimulatorError";
}

let loading: Promise<unknown> | undefined;

/**
 * A Microsoft Graph and Entra sign-in that is simulated inside this page or program: a fake, for tests, demos and rehearsals.
 * It was written from public documents and never compared with a tenant, and it knows only what the life of agent users needs:
 * other requests are answered with 501 `NotSimulated`. Nothing is sent anywhere.
 *
 * ```js
 * const simulator = await Simulator.start({ tenant: "planted" });
 * const client = new AgentUserClient(simulator);
 * ```
 */
export class Simulator {
  /** Sends a request to the simulated Graph, or to its sign-in, as the platform's `fetch` does to the real ones. */
  readonly fetch: Fetch = (url, init) => this.#fetch(url, init);
  /** Gives the token that may do everything. */
  readonly getToken = (): string => this.token;
  /** The root of the simulated Graph. */
  readonly graphEndpoint: string;
  /** The token that may do everything. */
  readonly token: string;
  readonly #simulator: bindings.Simulator;
  readonly #started = performance.now();

  /**
   * Loads the simulator, which is a WebAssembly module of its own and no part of what a client loads, and starts a tenant. `source` is
   * for hosts that load the module their own way.
   *
   * @throws {SimulatorError} when the options are wrong, or the page's Content-Security-Policy forbids WebAssembly.
   */
  static async start(options: SimulatorOptions = {}, source?: Source): Promise<Simulator> {
    loading ??= bindings.default({ module_or_path: source ?? open(new URL("./simulator_bg.wasm", import.meta.url)) });
    try {
      await loading;
    } catch (reason) {
      loading = undefined;
      throw isForbidden(reason) ? new SimulatorError(Object.values(FORBIDDEN).join(" "), { cause: reason }) : reason;
    }
    const secret = crypto.getRandomValues(new BigUint64Array(1))[0] as bigint;
    const json = JSON.stringify(options);
    return new Simulator(orderly(() => new bindings.Simulator(json, Date.now(), secret)));
  }

  private constructor(simulator: bindings.Simulator) {
    this.#simulator = simulator;
    this.graphEndpoint = simulator.root();
    this.token = simulator.token();
  }

  /** Lets the tenant's clock go on. */
  advance(seconds: number): void {
    this.order("advance", { seconds });
  }

  /** Adds faults, which count requests from now on. */
  addFaults(faults: readonly SimulatedFault[]): void {
    this.order("script", faults);
  }

  /** Makes a token void. */
  revoke(token: string): void {
    this.order("revoke", { token });
  }

  /** The numbers of requests, faults and objects. */
  stats(): Record<string, unknown> {
    return this.look("stats") as Record<string, unknown>;
  }

  /**
   * Looks at what Graph does not show: `stats`; `state`, which is equal after equal runs; `writes` that it accepted, sorted;
   * `permissions` that requests used or lacked; `tenant`, with its people, parents, licenses, applications and tokens.
   */
  look(what: "stats" | "state" | "writes" | "permissions" | "tenant"): unknown {
    return JSON.parse(this.#simulator.look(this.#time(), what) ?? "null");
  }

  /** Orders what Graph does not do, as `POST /simulator/{name}` does of the server (`agentuser simulator --help`). */
  order(name: string, body: unknown): unknown {
    const json = JSON.stringify(body);
    return JSON.parse(orderly(() => this.#simulator.order(this.#time(), name, json)));
  }

  #time(): number {
    return performance.now() - this.#started;
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const request = new Request(url, init);
    const body = new Uint8Array(await request.arrayBuffer());
    init.signal?.throwIfAborted();
    const head = JSON.stringify([request.method, request.url, [...request.headers]]);
    const fate = orderly(() => this.#simulator.send(this.#time(), head, body));
    const answer = JSON.parse(fate.head()) as Head;
    const bytes = fate.body();
    const { after } = fate;
    fate.free();
    await elapsed(answer === "never" ? Infinity : after, init.signal);
    if (answer === "never" || answer === "lost") throw new TypeError("The simulated connection broke.");
    if (answer === "refused") throw Object.assign(new TypeError("The simulated connection was refused."), { sent: "no" });
    const [status, headers] = answer;
    return response(status, headers, bytes);
  }
}

/** A response of any status: those that `Response` refuses are simulated, too. */
function response(status: number, headers: readonly (readonly [string, string])[], bytes: Uint8Array): Response {
  const isUsual = status >= 200 && status <= 599;
  const body = WITHOUT_BODY.has(status) ? null : bytes;
  const made = new Response(body as BodyInit | null, { status: isUsual ? status : 200, headers: headers.map(([...field]) => field) });
  if (!isUsual) Object.defineProperties(made, { status: { value: status }, ok: { value: false } });
  return made;
}

/** Waits, in vain where it is for ever, unless the signal ends it. */
function elapsed(milliseconds: number, signal: AbortSignal | null | undefined): Promise<void> {
  if (milliseconds === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
    if (milliseconds === Infinity) return;
    timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
  });
}

/** The module throws sentences. */
function orderly<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw typeof thrown === "string" ? new SimulatorError(thrown) : thrown;
  }
}
