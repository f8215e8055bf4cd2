// The audit of a connection. It is kept beside the page, so that going to an agent user and back loses nothing.
import type { AgentUserClient, AgentUserEvent, AuditReport, AuditSeverity, CallOptions, Problem } from "agentuser";
import { useSyncExternalStore } from "react";
import { waitOf, type Waiting } from "../common/waiting.js";
import { clientOf, type Connection } from "../connection/connection.js";
import { agentuser } from "../connection/module.js";
import { changed, watchChanges } from "../list/store.js";
import { clockOf } from "../common/clock.js";
import { announce } from "../common/announce.js";
import { requireSize } from "../common/files.js";
import { problemOf } from "../common/problem.js";
import { number, strings } from "../strings/index.js";
import { keyOf } from "./findings.js";
import { read } from "./files.js";

/** How an audit judges. */
export interface Judging {
  readonly severity?: AuditSeverity;
  readonly beta?: boolean;
}

/** A file that a person chose: its name and its text. */
export interface Given {
  readonly name: string;
  readonly text: string;
}

export interface AuditResult {
  readonly report: AuditReport;
  /** The text of the snapshot: it is judged again, offline. A report that was opened has none. */
  readonly snapshot?: string;
  readonly judging: Judging;
  /** The file that it was opened from. */
  readonly file?: string;
  readonly older?: Given;
  readonly accept?: Given;
  /** The keys of the findings that a plan can mend. */
  readonly mendable: ReadonlySet<string>;
}

export interface Running {
  readonly requests: number;
  readonly path: string;
  readonly waiting: Waiting | undefined;
  readonly isJudging: boolean;
}

export interface AuditState {
  readonly running?: Running | undefined;
  readonly failed?: { readonly title: string; readonly problem: Problem | string } | undefined;
  readonly wasStopped?: boolean;
  readonly result?: AuditResult | undefined;
  /** Whether changes were made since the tenant was read. */
  readonly isStale: boolean;
  readonly selected: ReadonlySet<string>;
}

/** How often the drawing follows the run, in milliseconds. */
const PAUSE = 150;
const NONE: ReadonlySet<string> = new Set();

export class AuditStore {
  state: AuditState = { isStale: false, selected: NONE };
  readonly #connection: Connection | undefined;
  readonly #listeners = new Set<() => void>();
  #controller = new AbortController();
  #drawn = 0;

  constructor(connection: Connection | undefined) {
    this.#connection = connection;
    if (connection !== undefined) watchChanges(connection, () => this.becomeStale());
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  /** Audits the tenant. What an audit before it has found stays until this one has ended. */
  async audit(settings: Judging): Promise<void> {
    const { older, accept } = this.state.result ?? {};
    const judging = { ...settings, ...clockOf(this.#connection) };
    await this.#run(strings.audit.failed, async (client, options) => {
      const given = { accept: accept?.text ?? null, compare: older?.text ?? null };
      let requests = 0;
      const { report, snapshot } = await client.audit({
        ...judging,
        ...given,
        ...options,
        snapshot: true,
        onRecord: (record) => {
          if ("path" in record) this.#follow({ requests: ++requests, path: record.path });
        },
      });
      const result = { report, snapshot: JSON.stringify(snapshot), judging, ...maybe("older", older), ...maybe("accept", accept) };
      return this.#mendable(client, result, options);
    });
  }

  /** Opens a report, or a snapshot, which is judged. */
  async open(file: File): Promise<void> {
    await this.#run(strings.audit.fileFailed(file.name), async (client, options) => {
      requireSize(file, "audit");
      const opened = await read(await file.text());
      if ("report" in opened) return { report: opened.report, judging: {}, file: file.name, mendable: NONE };
      const { snapshot, judging } = opened;
      const { report } = await client.auditSnapshot(snapshot, { ...judging, ...options });
      return this.#mendable(client, { report, snapshot, judging, file: file.name }, options);
    });
  }

  /** Judges the same snapshot again: beside an older audit, or with findings that are accepted. */
  async judge(given: { readonly older?: Given | undefined; readonly accept?: Given | undefined }): Promise<void> {
    const { result } = this.state;
    if (result?.snapshot === undefined) return;
    const { older = undefined, accept = undefined } = { ...result, ...given };
    const [name, title] = "older" in given ? [older?.name, strings.audit.compareFailed] : [accept?.name, strings.audit.acceptFailed];
    const { snapshot, judging, file } = result;
    await this.#run(title(name ?? ""), async (client, options) => {
      const { report } = await client.auditSnapshot(snapshot, { ...judging, accept: accept?.text ?? null, compare: older?.text ?? null, ...options });
      const next = { report, snapshot, judging, ...maybe("file", file), ...maybe("older", older), ...maybe("accept", accept) };
      return this.#mendable(client, next, options);
    });
  }

  stop(): void {
    this.#controller.abort(new DOMException("", "AbortError"));
  }

  select(keys: readonly string[], isSelected: boolean): void {
    const selected = new Set(this.state.selected);
    for (const key of keys) selected[isSelected ? "add" : "delete"](key);
    this.#become({ ...this.state, selected });
  }

  clearSelection(): void {
    this.#become({ ...this.state, selected: NONE });
  }

  /** Audits again, after findings were mended in these agent users. What was opened from a file stays as it was read. */
  async mended(ids: readonly string[]): Promise<void> {
    const { result } = this.state;
    if (this.#connection === undefined || result === undefined || ids.length === 0) return;
    changed(this.#connection, ids);
    this.clearSelection();
    if (result.file === undefined) await this.audit(result.judging);
  }

  /** Something was changed: what is shown is older than that. */
  becomeStale(): void {
    if (this.state.result !== undefined) this.#become({ ...this.state, isStale: true });
  }

  /** Shows that something beside the audit could not be done. */
  fail(title: string, error: unknown): void {
    this.#become({ ...this.state, failed: { title, problem: problemOf(error) } });
    announce(title);
  }

  async #run(title: string, work: (client: AgentUserClient, options: CallOptions) => Promise<AuditResult>): Promise<void> {
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    const { result: former, isStale, selected } = this.state;
    this.#become({ running: { requests: 0, path: "", waiting: undefined, isJudging: false }, result: former, isStale, selected });
    announce(strings.audit.running);
    try {
      const client = await (this.#connection === undefined ? offline() : clientOf(this.#connection));
      const result = await work(client, { signal, onProgress: (event) => this.#progress(event) });
      const isSame = result.snapshot !== undefined && result.snapshot === former?.snapshot;
      this.#become({ result, isStale: isSame && isStale, selected: NONE });
      const found = result.report.findings.filter(({ state, accepted }) => state === "found" && accepted === undefined).length;
      announce(strings.audit.ended(found, number(found)));
    } catch (error) {
      const wasStopped = signal.aborted;
      this.#become({ result: former, isStale, selected, ...(wasStopped ? { wasStopped } : { failed: { title, problem: problemOf(error) } }) });
      announce(wasStopped ? strings.audit.stopped : title);
    }
  }

  /** Finds out which findings a plan can mend: of a rule all, none, or some, which one more look at that rule tells apart. */
  async #mendable(client: AgentUserClient, result: Omit<AuditResult, "mendable">, options: CallOptions): Promise<AuditResult> {
    this.#follow({ isJudging: true });
    const { report, snapshot = "", judging, accept } = result;
    const found = report.findings.filter((one) => one.state === "found" && one.accepted === undefined);
    const rules = [...new Set(found.map(({ rule }) => rule))];
    const fixes = (fix: string[]) => client.auditSnapshot(snapshot, { ...judging, accept: accept?.text ?? null, fix, ...options });
    const { notPlanned = [] } = rules.length === 0 ? {} : await fixes(rules);
    const left = new Map(notPlanned.map((one) => [one.rule, one.findings]));
    const mendable = new Set<string>();
    for (const rule of rules) {
      const all = found.filter((one) => one.rule === rule);
      if (left.get(rule) === all.length) continue;
      const ids = left.has(rule) ? new Set((await fixes([rule])).plan?.changes.map(({ id }) => id)) : undefined;
      for (const one of all) if (ids === undefined || ids.has(one.user?.id)) mendable.add(keyOf(one));
    }
    return { ...result, mendable };
  }

  #progress(event: AgentUserEvent): void {
    const waiting = waitOf(event);
    if (waiting !== undefined) this.#follow({ waiting });
  }

  #follow(change: Partial<Running>): void {
    const { running } = this.state;
    if (running === undefined) return;
    this.state = { ...this.state, running: { ...running, ...change } };
    if (performance.now() - this.#drawn < PAUSE && change.waiting === undefined && change.isJudging === undefined) return;
    this.#tell();
  }

  #become(state: AuditState): void {
    this.state = state;
    this.#tell();
  }

  #tell(): void {
    this.#drawn = performance.now();
    for (const listener of this.#listeners) listener();
  }
}


/** A member that is left out where it has no value. */
function maybe<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]?: Value });
}

/** A client that judges files. It sends nothing, so that it needs no token. */
async function offline(): Promise<AgentUserClient> {
  const { AgentUserClient } = await agentuser();
  return new AgentUserClient({ getToken: () => Promise.reject(new Error(strings.audit.notConnected)) });
}

const stores = new WeakMap<Connection, AuditStore>();
const unconnected = new AuditStore(undefined);

/** The audit of a connection, or that of files where there is none. */
export function storeOf(connection: Connection | undefined): AuditStore {
  if (connection === undefined) return unconnected;
  const store = stores.get(connection) ?? new AuditStore(connection);
  stores.set(connection, store);
  return store;
}

export function useAudit(store: AuditStore): AuditState {
  return useSyncExternalStore(store.subscribe, () => store.state);
}
