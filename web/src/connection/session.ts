// The page's connection: signed out, connecting, connected. The demo has one of its own, beside that of the page.
import { use, useSyncExternalStore } from "react";
import type { AgentUserClient, Problem } from "agentuser";
import { enterDemo, inDemo, subscribe as onRoute } from "../route.js";
import { Mistake } from "../common/mistake.js";
import { problemOf } from "../common/problem.js";
import { strings } from "../strings/index.js";
import { loadCode } from "./code.js";
import { type Config, ConfigError, fetchConfig } from "./config.js";
import { clientOf, type Connection, endConnection } from "./connection.js";
import { keep } from "./kept.js";
import type { Person } from "./person.js";
import { compiledModule } from "./module.js";

/** A failure in words. */
export interface Failure {
  readonly title: string;
  readonly text: string;
}

export type SessionState =
  | { readonly state: "starting" }
  | { readonly state: "unconfigured"; readonly problem?: string }
  | { readonly state: "demoFailed"; readonly problem: Problem | string }
  | { readonly state: "signedOut"; readonly config: Config; readonly failure?: Failure }
  | { readonly state: "signingIn"; readonly config: Config }
  | { readonly state: "connected"; readonly config: Config; readonly connection: Connection };

/** The state of the page outside of the demo, which goes on while the demo is shown. */
let outside: SessionState = { state: "starting" };
/** That of the demo, once it was entered. */
let demo: SessionState | undefined;

const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function become(next: SessionState): void {
  outside = next;
  tell();
}

function becomeDemo(next: SessionState): void {
  demo = next;
  tell();
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

const STARTING: SessionState = { state: "starting" };

/** The state that the address asks for. */
const shown = (): SessionState => (inDemo() ? (demo ?? STARTING) : outside);

/** Reads the configuration, and connects where that takes no sign-in; to a simulated tenant where the address says so. */
export async function start(): Promise<void> {
  onRoute(() => void follow());
  await Promise.all([follow(), begin()]);
}

async function begin(): Promise<void> {
  try {
    const config = await fetchConfig();
    if (config.simulator !== undefined) connected(config, simulated(config.simulator));
    else if (config.clientId !== undefined) become({ state: "signedOut", config });
    else become({ state: "unconfigured" });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    become({ state: "unconfigured", problem: strings.connection.badConfig(error.message) });
  }
  // A demo that could not be started meanwhile is tried again by the person alone.
  if (demo === undefined) await follow();
}

/** Starts the demo where the address is in it for the first time, or for the first time since it failed. */
async function follow(): Promise<void> {
  // A page that was copied to a server and not configured yet is there to be tried.
  if (outside.state === "unconfigured" && outside.problem === undefined) enterDemo();
  tell();
  if (!inDemo() || demo?.state === "starting" || demo?.state === "connected") return;
  becomeDemo(STARTING);
  // Both are needed before the first row, and neither waits for the other.
  loadModule();
  try {
    const { demoConnection } = await loadCode(() => import("../demo/demo.js"));
    becomeDemo({ state: "connected", config: {}, connection: await demoConnection() });
  } catch (error) {
    becomeDemo({ state: "demoFailed", problem: problemOf(error) });
  }
}

/** Starts the demo once more, after it could not be started. */
export const startDemo = (): void => void follow();

function simulated({ endpoint, token }: { readonly endpoint: string; readonly token: string }): Connection {
  return { kind: "simulator", cloud: "global", graphEndpoint: endpoint, getToken: () => token, close: () => {} };
}

/** The module is needed with the first list: it loads beside the page's own code. */
function loadModule(): void {
  void compiledModule().catch(() => {});
}

function connected(config: Config, connection: Connection): void {
  loadModule();
  become({ state: "connected", config, connection });
}

const failureOf = (title: string, error: unknown): Failure => ({ title, text: error instanceof Error ? error.message : String(error) });

/** Signs in, by a click: the browser would block the window of the sign-in otherwise. */
export async function signIn(): Promise<void> {
  if (outside.state !== "signedOut") return;
  const { config } = outside;
  const attempt: SessionState = { state: "signingIn", config };
  const isCurrent = () => outside === attempt;
  become(attempt);
  try {
    const { connect } = await loadCode(() => import("./signin.js"));
    if (!isCurrent()) return;
    const connection = await connect(config);
    if (isCurrent()) connected(config, connection);
    else await connection.close();
  } catch (error) {
    if (isCurrent()) become({ state: "signedOut", config, failure: failureOf(strings.connection.failed, error) });
  }
}

/** Waits no longer for the window of the sign-in: nothing tells that it was closed. */
export function cancelSignIn(): void {
  if (outside.state === "signingIn") become({ state: "signedOut", config: outside.config });
}

/** Signs out: nothing is sent by this connection from now on. */
export async function signOut(): Promise<void> {
  if (outside.state !== "connected") return;
  const { config, connection } = outside;
  const signedOut: SessionState = { state: "signedOut", config };
  const isCurrent = () => outside === signedOut;
  become(signedOut);
  try {
    await endConnection(connection);
  } catch (error) {
    if (isCurrent()) become({ ...signedOut, failure: failureOf(strings.connection.signOutFailed, error) });
  }
}

export function useSession(): SessionState {
  return useSyncExternalStore(subscribe, shown);
}

const unwatched = () => () => {};

/** The person of the connection, while something waits for their sign-in. */
export function usePersonWanted(): Person | undefined {
  const session = useSession();
  const person = session.state === "connected" ? session.connection.person : undefined;
  const isWanted = useSyncExternalStore(person?.subscribe ?? unwatched, () => person?.isWanted() ?? false);
  return isWanted ? person : undefined;
}

/** Whether there is something to go to from the demo: a page that is configured. */
export function useOutside(): boolean {
  return useSyncExternalStore(subscribe, () => outside.state !== "starting" && outside.state !== "unconfigured");
}

/** The connection. Only for what is shown while there is one, as all pages are that `pages.ts` marks so. */
export function useConnection(): Connection {
  const session = useSession();
  if (session.state !== "connected") throw new Mistake("The page is not connected.");
  return session.connection;
}

/** The client, once the package is loaded; until then the page's Suspense shows that it loads. */
export function useClient(): AgentUserClient {
  const connection = useConnection();
  return use(keep(connection, "client", () => clientOf(connection)));
}
