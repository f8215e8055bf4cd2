// The roster that is worked on: its file, its errors, its plan and its run. It stays while other pages are shown.
import type { AgentUserClient, Problem, ProvisionReport, RequiredPermissions, RosterValidation, SeatCount, SubscribedSku } from "agentuser";
import { freeSeats } from "../common/seats.js";
import { ChangeRun } from "../changes/run.js";
import { dismissRun, keepRun } from "../changes/runs.js";
import { type Connection, clientOf, endOf } from "../connection/connection.js";
import { changed } from "../list/store.js";
import { requireSize } from "../common/files.js";
import { problemOf } from "../common/problem.js";
import { strings } from "../strings/index.js";
import { type ReadFile, readFile } from "./reader.js";
import { type FileTable, type Places, placesOf } from "./table.js";

/** The most errors that are listed. All are counted. */
const MAX_ERRORS = 20_000;

export interface RosterFile {
  readonly name: string;
  readonly table: FileTable;
  readonly read: ReadFile;
}

/** The plan, kept for the rows while they are applied. */
export interface Planned {
  readonly reports: readonly ProvisionReport[];
  /** The seats of the tenant; the problem of reading them. */
  readonly skus: readonly SubscribedSku[];
  readonly skusUnread: Problem | string | undefined;
}

export interface RosterState {
  readonly file: RosterFile | undefined;
  readonly isReading: boolean;
  readonly unread: Problem | string | undefined;
  readonly check: RosterValidation | undefined;
  readonly places: Places;
  /** The domain of user principal names that are derived, for rows that have none. */
  readonly domain: string;
  readonly domains: readonly string[];
  /** Why the verified domains are not known: names are then not compared with them. */
  readonly domainsUnread: Problem | string | undefined;
  readonly needed: RequiredPermissions | undefined;
  readonly run: ChangeRun | undefined;
  readonly planned: Planned | undefined;
  /** The numbers of the rows that are approved. */
  readonly approved: ReadonlySet<number>;
}

const EMPTY: RosterState = {
  file: undefined,
  isReading: false,
  unread: undefined,
  check: undefined,
  places: placesOf(undefined),
  domain: "",
  domains: [],
  domainsUnread: undefined,
  needed: undefined,
  run: undefined,
  planned: undefined,
  approved: new Set(),
};

export class RosterStore {
  state: RosterState = EMPTY;
  readonly #connection: Connection;
  readonly #listeners = new Set<() => void>();
  /** Ends the worker that has the file. */
  #end = new AbortController();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  /** Reads a file and checks it. What the former one had is forgotten. */
  async choose(file: File): Promise<void> {
    this.forget();
    const end = AbortSignal.any([this.#end.signal, endOf(this.#connection)]);
    this.#become({ isReading: true });
    try {
      requireSize(file, "roster");
      const bytes = new Uint8Array(await file.arrayBuffer());
      const client = await clientOf(this.#connection);
      if (this.state.domains.length === 0) await this.#readDomains(client);
      const read = await readFile(this.#connection, bytes, end);
      await this.#check({ name: file.name, table: read.table, read });
    } catch (error) {
      this.#become({ unread: problemOf(error) });
    }
    this.#become({ isReading: false });
  }

  /** Forgets the file and all that came of it. */
  forget(): void {
    this.#end.abort();
    this.#end = new AbortController();
    const { domain, domains, domainsUnread } = this.state;
    this.#become({ ...EMPTY, domain, domains, domainsUnread });
  }

  async setDomain(domain: string): Promise<void> {
    const { file } = this.state;
    this.#become({ domain, unread: undefined, isReading: file !== undefined });
    if (file === undefined) return;
    try {
      await this.#check(file);
    } catch (error) {
      this.#become({ unread: problemOf(error) });
    }
    this.#become({ isReading: false });
  }

  /** Plans all rows. With `again`, what was applied before is looked at anew: what is left is planned. */
  async plan(): Promise<void> {
    const { file, domain } = this.state;
    if (file === undefined) return;
    const client = await clientOf(this.#connection);
    const run = new ChangeRun((ids) => changed(this.#connection, ids));
    this.#become({ run, planned: undefined, approved: new Set() });
    const named = domain === "" ? {} : { domain };
    await run.plan((options) => file.read.plan({ ...named, maxErrors: MAX_ERRORS }, options));
    if (this.state.run !== run) return;
    if (run.state.step === "failed" && typeof run.state.problem !== "string" && run.state.problem.rowErrors !== undefined) {
      this.#refused(file, run.state.problem);
      return;
    }
    if (run.state.step !== "planned") return;
    await this.#planned(client, run.state.reports);
  }

  /** Makes the changes of the rows that are approved. */
  async apply(): Promise<void> {
    const { run, approved } = this.state;
    await run?.apply([...approved].toSorted((a, b) => a - b));
  }

  approve(rows: readonly number[], isApproved: boolean): void {
    const approved = new Set(this.state.approved);
    for (const row of rows) {
      if (isApproved) approved.add(row);
      else approved.delete(row);
    }
    this.#become({ approved });
  }

  async #readDomains(client: AgentUserClient): Promise<void> {
    try {
      const { verifiedDomains } = await client.verifiedDomains();
      const domainsUnread = verifiedDomains === undefined ? strings.roster.domainsRefused : undefined;
      this.#become({ domains: verifiedDomains ?? [], domainsUnread });
    } catch (error) {
      this.#become({ domainsUnread: problemOf(error) });
    }
  }

  /** Looks for the errors of the file; of one without any, for the permissions that its rows need. */
  async #check(file: RosterFile): Promise<void> {
    const { domains, domain } = this.state;
    const tenant = domains.length === 0 ? {} : { verifiedDomains: domains };
    const named = domain === "" ? {} : { domain };
    const check = await file.read.check({ ...tenant, ...named, maxErrors: MAX_ERRORS });
    this.#become({ file, check, places: placesOf(check.problem, file.table), run: undefined, planned: undefined });
    if (check.problem !== undefined) return;
    const needed = await file.read.needed(named.domain);
    if (this.state.file === file) this.#become({ needed });
  }

  /** Errors that the tenant alone shows: they are in their cells as the others are. */
  #refused(file: RosterFile, problem: Problem): void {
    this.#become({ check: { problem, rows: 0 }, places: placesOf(problem, file.table), run: undefined });
  }

  /** Approves all rows that have changes, until the admin says otherwise. */
  async #planned(client: AgentUserClient, reports: readonly ProvisionReport[]): Promise<void> {
    const sorted = reports.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0));
    const approved = new Set(sorted.flatMap(({ outcome, row }) => (outcome === "planned" && row !== undefined ? [row] : [])));
    const planned: Planned = { reports: sorted, skus: [], skusUnread: undefined };
    this.#become({ planned, approved });
    if (!sorted.some(({ changes }) => changes.some(({ change }) => change === "addLicense"))) return;
    try {
      const skus = await client.skus();
      if (this.state.planned === planned) this.#become({ planned: { ...planned, skus } });
    } catch (error) {
      if (this.state.planned === planned) this.#become({ planned: { ...planned, skusUnread: problemOf(error) } });
    }
  }

  #become(change: Partial<RosterState>): void {
    const { run: former } = this.state;
    this.state = { ...this.state, ...change };
    const { run, file } = this.state;
    if (run !== former) {
      if (former !== undefined) dismissRun(former);
      if (run !== undefined && file !== undefined) keepRun({ run, connection: this.#connection, title: strings.runs.roster(file.name), page: "roster" });
    }
    for (const listener of this.#listeners) listener();
  }
}

/** The seats that rows need beside those that are free. */
export function seatsOf({ reports, skus }: Planned, isMeant: (report: ProvisionReport) => boolean): readonly SeatCount[] {
  const needed = new Map<string, number>();
  for (const report of reports) {
    if (!isMeant(report)) continue;
    for (const change of report.changes) if (change.change === "addLicense") needed.set(change.sku, (needed.get(change.sku) ?? 0) + 1);
  }
  return [...needed].map(([name, count]) => {
    const sku = skus.find(({ skuPartNumber, skuId }) => name === skuPartNumber || name === skuId);
    const { enabled = 0, warning = 0 } = sku?.prepaidUnits ?? {};
    const consumed = sku?.consumedUnits ?? 0;
    const grace = Math.max(0, warning - Math.max(0, consumed - enabled));
    return { sku: name, needed: count, free: freeSeats(sku ?? {}), grace };
  });
}

const stores = new WeakMap<Connection, RosterStore>();

/** The roster of a connection. */
export function rosterOf(connection: Connection): RosterStore {
  const store = stores.get(connection) ?? new RosterStore(connection);
  stores.set(connection, store);
  return store;
}
