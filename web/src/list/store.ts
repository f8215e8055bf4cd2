// The list as the page shows it: what the worker found, what is selected, and where the keyboard is. No framework.
import type { Unread } from "agentuser";
import { type Connection, endOf } from "../connection/connection.js";
import { openingOf, tokensOf } from "../connection/opening.js";
import { line, type Remote } from "../common/rpc.js";
import { problemOf } from "../common/problem.js";
import { type Waiting, waiting } from "../common/waiting.js";
import { announce } from "../common/announce.js";
import { clockOf } from "../common/clock.js";
import { hasPortal } from "../common/portal.js";
import { locale, strings } from "../strings/index.js";
import { worker } from "../trusted.js";
import type { Extra, Facets, Progress, Query, Row, Source } from "./model.js";
import type { Export, PageHandlers, WorkerHandlers } from "./worker.js";
import address from "./worker.ts?worker&url";

/** How many rows are asked for at a time. */
const CHUNK = 64;

/** So many agent users are read sooner with their list than one by one. */
const MANY = 500;

/** How many rows are kept of those that were shown. */
const KEPT = 4096;

export type ExtraState = "unread" | "reading" | "read" | { readonly unread: readonly Unread[] } | { readonly failed: ReturnType<typeof problemOf> };

/** Everything that the page draws; a new one after every change. */
export interface ListState {
  readonly progress: Progress;
  /** The wait of the reading, until when by the page's clock. */
  readonly waiting: Waiting | undefined;
  /** Something that was asked for and could not be done. */
  readonly failed: { readonly title: string; readonly problem: ReturnType<typeof problemOf> } | undefined;
  /** How many of the read rows are gone, because they were deleted or restored from here. */
  readonly gone: number;
  /** The numbers of the rows that are shown, in their order. */
  readonly view: Uint32Array;
  readonly query: Query;
  /** 1 for each selected row, by its number. */
  readonly selection: Uint8Array;
  readonly selected: number;
  /** The place in the view where the keyboard is; -1 before it was used. */
  readonly active: number;
  readonly extras: Readonly<Record<Extra, ExtraState>>;
  readonly facets: Facets | undefined;
  /** The names of SKUs by id. */
  readonly skus: ReadonlyMap<string, string>;
}

const NOTHING: ListState = {
  progress: { read: 0, ended: false },
  waiting: undefined,
  failed: undefined,
  gone: 0,
  view: new Uint32Array(0),
  query: { text: "", filters: {} },
  selection: new Uint8Array(0),
  selected: 0,
  active: -1,
  extras: { blueprints: "unread", governance: "unread" },
  facets: undefined,
  skus: new Map(),
};

export class ListStore {
  state: ListState = NOTHING;
  /** Counts the arrivals of rows: those who draw rows follow it by `subscribeRows`, and nothing else is drawn anew. */
  arrivals = 0;
  /** Whether changes were made that these rows don't show: the list is read anew when it is shown the next time. */
  isStale = false;
  /** How far the grid is scrolled, for when the person comes back to it. */
  scrollTop = 0;
  readonly #connection: Connection;
  readonly #end = new AbortController();
  readonly #ended: AbortSignal;
  readonly #remote: Remote<WorkerHandlers>;
  readonly #listeners = new Set<() => void>();
  readonly #rowListeners = new Set<() => void>();
  readonly #rows = new Map<number, Row>();
  readonly #asked = new Set<number>();
  /** Numbers the queries: an answer to an older one is dropped. */
  #ticket = 0;
  /** One query is under way at a time; another waits for it. */
  #finding: Promise<void> | undefined;
  #again = false;
  /** The place where the selection of a range begins; -1 before one is known. */
  #anchor = -1;

  constructor(connection: Connection, source: Source, query = NOTHING.query) {
    this.#connection = connection;
    this.state = { ...NOTHING, query };
    this.#ended = AbortSignal.any([this.#end.signal, endOf(connection)]);
    this.#remote = line<WorkerHandlers>(worker(address, "list", this.#ended), this.#handlers());
    void this.#open(source);
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  readonly subscribeRows = (changed: () => void): (() => void) => {
    this.#rowListeners.add(changed);
    return () => this.#rowListeners.delete(changed);
  };

  /** Ends the worker. */
  close(): void {
    this.#end.abort();
  }

  /** The row at a place of the view, unless it has yet to come from the worker, which is asked for it. */
  row(place: number): Row | undefined {
    const index = this.state.view[place];
    if (index === undefined) return undefined;
    const row = this.#rows.get(index);
    if (row === undefined) this.#want(place);
    return row;
  }

  isSelected(place: number): boolean {
    return this.state.selection[this.state.view[place] ?? -1] === 1;
  }

  query(change: Partial<Query>): void {
    const { sort, ...rest } = { ...this.state.query, ...change };
    // The keyboard's place is one of the former view.
    this.#anchor = -1;
    this.#become({ query: sort === undefined ? rest : { ...rest, sort }, active: -1 });
    void this.#find();
  }

  /** Moves the keyboard to a place, and selects the range from where it was when `range`. */
  move(to: number, range: boolean): void {
    const { view, active } = this.state;
    const place = Math.max(0, Math.min(view.length - 1, to));
    if (range) {
      if (this.#anchor < 0) this.#anchor = active < 0 ? place : active;
      this.#select(Math.min(this.#anchor, place), Math.max(this.#anchor, place), 1);
    } else this.#anchor = place;
    this.#become({ active: place });
  }

  toggle(place: number): void {
    this.#select(place, place, this.isSelected(place) ? 0 : 1);
    this.#anchor = place;
    this.#become({ active: place });
  }

  selectAll(): void {
    this.#select(0, this.state.view.length - 1, 1);
  }

  clearSelection(): void {
    this.#become({ selection: new Uint8Array(this.state.selection.length), selected: 0 });
  }

  /** The numbers of the selected rows, in the order of the list. */
  selectedIndices(): Uint32Array {
    const { selection, selected } = this.state;
    const indices = new Uint32Array(selected);
    for (let index = 0, at = 0; index < selection.length; index++) if (selection[index] === 1) indices[at++] = index;
    return indices;
  }

  async selectedIds(): Promise<readonly string[]> {
    const rows = await this.#remote.rows(this.selectedIndices());
    return rows.flatMap((row) => row?.id ?? []);
  }

  /** Saves the report of the selected rows; without any, of all that are shown. */
  async export(format: Export["format"], save: (report: string, rows: number) => void): Promise<void> {
    const indices = this.state.selected > 0 ? this.selectedIndices() : this.state.view;
    await this.attempt(strings.list.exportFailed, async () => {
      save(await this.#remote.export({ indices, format, links: hasPortal(this.#connection) }), indices.length);
    });
  }

  async readExtra(extra: Extra): Promise<void> {
    const now = this.state.extras[extra];
    if (now === "reading" || now === "read") return;
    this.#extra(extra, "reading");
    try {
      const unread = await this.#remote.read({ extra, clock: clockOf(this.#connection) });
      this.#extra(extra, unread.length > 0 ? { unread } : "read");
    } catch (error) {
      this.#extra(extra, { failed: problemOf(error) });
    }
    await this.#changed();
  }

  /** Reads agent users again, after they were changed. Of very many, a list that is not shown is read anew the next time. */
  async refresh(ids: readonly string[]): Promise<void> {
    if (ids.length > MANY && this.#listeners.size === 0) {
      this.isStale = true;
      return;
    }
    const isRead = await this.attempt(strings.list.refreshFailed, async () => {
      const { gone, isStale } = await this.#remote.refresh(ids);
      if (isStale) this.isStale = true;
      const selection = this.state.selection.slice();
      for (const index of gone) selection[index] = 0;
      this.#become({ selection, selected: countOf(selection) });
      await this.#changed();
      return true;
    });
    if (isRead === undefined) this.isStale = true;
  }

  async readFacets(): Promise<void> {
    const facets = await this.attempt(strings.list.facetsFailed, () => this.#remote.facets(undefined));
    if (facets !== undefined) this.#become({ facets });
  }

  /** Does something for the person. The list says where it could not be done. */
  async attempt<Result>(title: string, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      if (this.state.failed !== undefined) this.#become({ failed: undefined });
      return await work();
    } catch (error) {
      this.#become({ failed: { title, problem: problemOf(error) } });
      announce(title);
      return undefined;
    }
  }

  #handlers(): PageHandlers {
    return {
      ...tokensOf(this.#connection, this.#ended),
      progress: (progress) => {
        this.#become({ progress, waiting: progress.waiting && waiting(progress.waiting) });
        void this.#find();
      },
    };
  }

  async #open(source: Source): Promise<void> {
    try {
      const [opening, moved] = await openingOf(this.#connection);
      await this.#remote.open({ ...opening, locale }, moved);
      // Without their names, licenses show their ids.
      void this.#remote.skus(undefined).then((skus) => this.#become({ skus }), () => {});
      await this.#remote.list(source);
    } catch (error) {
      this.#become({ progress: { ...this.state.progress, ended: true, problem: problemOf(error) } });
      // Pages that came shortly before are there, too.
      void this.#find();
    }
  }

  #extra(extra: Extra, state: ExtraState): void {
    this.#become({ extras: { ...this.state.extras, [extra]: state } });
  }

  /** Draws anew what the worker has changed in rows. */
  async #changed(): Promise<void> {
    this.#rows.clear();
    this.#asked.clear();
    await this.#find();
    if (this.state.facets !== undefined) await this.readFacets();
  }

  /** Asks the worker for the view. While it searches, later queries wait, and of those the last one counts. */
  #find(): Promise<void> {
    this.#again = true;
    this.#finding ??= this.#findAll().finally(() => (this.#finding = undefined));
    return this.#finding;
  }

  async #findAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const { query, view } = this.state;
      const { indices, first, rows, gone } = await this.#remote.find(query);
      this.#ticket += 1;
      first.forEach((row, place) => this.#keep(indices[place] ?? 0, row));
      this.#asked.clear();
      const read = Math.max(rows, this.state.progress.read);
      // The view can have rows that no progress has told of: each of them can be selected.
      const selection = new Uint8Array(read);
      selection.set(this.state.selection);
      const progress = { ...this.state.progress, read };
      // The keyboard stays at its row while others come and go around it.
      const moved = (place: number) => {
        const now = indices.indexOf(view[place] ?? -1);
        return now < 0 ? Math.min(place, indices.length - 1) : now;
      };
      this.#anchor = moved(this.#anchor);
      this.#become({ view: indices, selection, progress, gone, active: moved(this.state.active) });
    }
  }

  #want(place: number): void {
    const chunk = Math.floor(place / CHUNK);
    if (this.#asked.has(chunk)) return;
    this.#asked.add(chunk);
    const ticket = this.#ticket;
    const indices = this.state.view.slice(chunk * CHUNK, (chunk + 1) * CHUNK);
    void this.#remote.rows(indices).then((rows) => {
      rows.forEach((row, at) => row && this.#keep(indices[at] ?? 0, row));
      if (ticket !== this.#ticket) return;
      this.#asked.delete(chunk);
      this.arrivals += 1;
      for (const listener of this.#rowListeners) listener();
    });
  }

  #keep(index: number, row: Row): void {
    if (this.#rows.size >= KEPT) this.#rows.clear();
    this.#rows.set(index, row);
  }

  #select(from: number, to: number, value: 0 | 1): void {
    const selection = this.state.selection.slice();
    for (const index of this.state.view.subarray(Math.max(0, from), to + 1)) if (index < selection.length) selection[index] = value;
    this.#become({ selection, selected: countOf(selection) });
  }

  #become(change: Partial<ListState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** How many rows are selected. */
function countOf(selection: Uint8Array): number {
  let count = 0;
  for (const one of selection) count += one;
  return count;
}

const stores = new WeakMap<Connection, Map<Source, ListStore>>();

/** The list of a connection, which is read once and kept while other pages are shown, until it is stale. Its search outlives that. */
export function listOf(connection: Connection, source: Source): ListStore {
  const ofConnection = stores.get(connection) ?? new Map<Source, ListStore>();
  stores.set(connection, ofConnection);
  const former = ofConnection.get(source);
  if (former !== undefined && !former.isStale) return former;
  former?.close();
  // To read the same list again is no reason to search anew.
  const store = new ListStore(connection, source, former?.state.query);
  ofConnection.set(source, store);
  return store;
}

type Watcher = (ids: readonly string[]) => void;

const watchers = new WeakMap<Connection, Set<Watcher>>();

/** Calls `changed` whenever agent users of a connection were changed, until the function that it gives is called. */
export function watchChanges(connection: Connection, changed: Watcher): () => void {
  const all = watchers.get(connection) ?? new Set();
  watchers.set(connection, all.add(changed));
  return () => all.delete(changed);
}

/** Lets the lists of a connection show what became of agent users that were changed: by a page, or by the list `own`. */
export function changed(connection: Connection, ids: readonly string[], own?: ListStore): void {
  if (ids.length === 0) return;
  for (const changed of watchers.get(connection) ?? []) changed(ids);
  for (const store of stores.get(connection)?.values() ?? []) {
    void store.refresh(ids);
    // Sponsors and lifecycle actions may be other ones, too, and they are not read of single agent users.
    if (store !== own && store.state.extras.governance !== "unread") store.isStale = true;
  }
}
