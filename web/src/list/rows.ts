// The rows, their search and their order: no worker, no Graph, no page.
import type { AgentUser } from "agentuser";
import type { ColumnId, Facets, Filters, Query, Row } from "./model.js";

/** Makes the row of an agent user. */
export function rowOf(user: AgentUser): Row {
  const userPrincipalName = user.userPrincipalName ?? "";
  const states = user.licenseAssignmentStates ?? [];
  return {
    id: user.id ?? "",
    displayName: user.displayName ?? "",
    userPrincipalName,
    accountEnabled: user.accountEnabled ?? undefined,
    deletedDateTime: user.deletedDateTime ?? "",
    createdDateTime: user.createdDateTime ?? "",
    department: user.department ?? "",
    jobTitle: user.jobTitle ?? "",
    companyName: user.companyName ?? "",
    usageLocation: user.usageLocation ?? "",
    mail: user.mail ?? "",
    domain: userPrincipalName.slice(userPrincipalName.lastIndexOf("@") + 1).toLowerCase(),
    identityParentId: user.identityParentId ?? "",
    licenses: (user.assignedLicenses ?? []).map(({ skuId }) => skuId ?? ""),
    licenseError: states.some(({ state, error }) => state === "Error" || state === "ActiveWithError" || (error ?? "None") !== "None"),
  };
}

/** The agent users of a list in the order in which Graph gave them. A row keeps its number. */
export class Rows {
  /** Names of SKUs by id, by which licenses are sorted. */
  skus: ReadonlyMap<string, string> = new Map();
  readonly #rows: Row[] = [];
  /** The text that a search looks into, of each row. */
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** The rows that are gone from the list, such as those that were deleted from here. */
  readonly #gone = new Set<number>();
  readonly #collator: Intl.Collator;
  #order: { readonly by: ColumnId; readonly indices: Uint32Array } | undefined;

  constructor(locale: string) {
    this.#collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
  }

  get length(): number {
    return this.#rows.length;
  }

  /** How many rows are gone. */
  get gone(): number {
    return this.#gone.size;
  }

  has(id: string): boolean {
    return this.#numbers.has(id);
  }

  /** Takes an agent user as it is now, in its row or, where it has none, in a new one, and gives the row's number. */
  take(user: AgentUser): number {
    const row = rowOf(user);
    const at = this.#numbers.get(row.id) ?? this.#rows.length;
    const former = this.#rows[at];
    if (former === undefined) {
      this.#set(at, row);
      return at;
    }
    const { blueprint, sponsors, nextAction, nextActionDateTime } = former;
    this.#set(at, { ...definedOf({ blueprint, sponsors, nextAction, nextActionDateTime }), ...row });
    this.#gone.delete(at);
    this.#order = undefined;
    return at;
  }

  /** Takes an agent user out of the list, and gives its number. */
  remove(id: string): number | undefined {
    const at = this.#numbers.get(id);
    if (at !== undefined) this.#gone.add(at);
    return at;
  }

  /** Adds what was read beside the list, such as sponsors, to every row. */
  extend(more: (row: Row) => Partial<Row>): void {
    this.#rows.forEach((row, at) => this.#set(at, { ...row, ...more(row) }));
    this.#order = undefined;
  }

  at(index: number): Row | undefined {
    return this.#rows[index];
  }

  /** The numbers of the rows that a query matches, in its order. */
  find({ text, filters, sort }: Query): Uint32Array {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = new Uint32Array(this.#rows.length);
    const order = sort === undefined ? undefined : this.#ordered(sort.column);
    const isMatch = matcher(filters);
    let count = 0;
    for (let place = 0; place < found.length; place++) {
      const at = order === undefined ? place : (order[sort?.descending ? found.length - 1 - place : place] ?? 0);
      const inText = this.#texts[at] ?? "";
      const row = this.#rows[at];
      if (words.every((word) => inText.includes(word)) && row !== undefined && isMatch(row) && !this.#gone.has(at)) found[count++] = at;
    }
    return found.slice(0, count);
  }

  facets(): Facets {
    const counts = { license: new Map(), domain: new Map(), blueprint: new Map(), sponsor: new Map(), nextAction: new Map() };
    const count = (of: Map<string, number>, value: string) => of.set(value, (of.get(value) ?? 0) + 1);
    this.#rows.forEach((row, at) => {
      if (this.#gone.has(at)) return;
      for (const sku of row.licenses.length > 0 ? row.licenses : [""]) count(counts.license, sku);
      count(counts.domain, row.domain);
      if (row.blueprint !== undefined) count(counts.blueprint, row.blueprint);
      if (row.sponsors !== undefined) for (const name of row.sponsors.length > 0 ? row.sponsors : [""]) count(counts.sponsor, name);
      if (row.nextAction !== undefined) count(counts.nextAction, row.nextAction);
    });
    const sorted = (of: Map<string, number>) => [...of].sort(([a, n], [b, m]) => m - n || this.#collator.compare(a, b));
    const { license, domain, blueprint, sponsor, nextAction } = counts;
    return { license: sorted(license), domain: sorted(domain), blueprint: sorted(blueprint), sponsor: sorted(sponsor), nextAction: sorted(nextAction) };
  }

  #set(at: number, row: Row): void {
    this.#rows[at] = row;
    this.#texts[at] = [row.displayName, row.userPrincipalName, row.id, ...(row.sponsors ?? [])].join("\n").toLowerCase();
    this.#numbers.set(row.id, at);
  }

  /** All rows in the order of a column. Rows that came since the last time are sorted by themselves and merged in. */
  #ordered(by: ColumnId): Uint32Array {
    const former = this.#order?.by === by ? this.#order.indices : new Uint32Array(0);
    if (former.length === this.#rows.length) return former;
    const key = sortKey(by, this.skus);
    const keys = this.#rows.map(key);
    const compare = (a: number, b: number) => this.#collator.compare(keys[a] ?? "", keys[b] ?? "") || a - b;
    const added = Uint32Array.from({ length: this.#rows.length - former.length }, (_, at) => former.length + at).sort(compare);
    const indices = former.length === 0 ? added : merged(former, added, compare);
    this.#order = { by, indices };
    return indices;
  }
}

/** The order of two columns, as one. */
function merged(a: Uint32Array, b: Uint32Array, compare: (a: number, b: number) => number): Uint32Array {
  const result = new Uint32Array(a.length + b.length);
  for (let at = 0, i = 0, j = 0; at < result.length; at++) {
    const [x, y] = [a[i], b[j]];
    const first = y === undefined || (x !== undefined && compare(x, y) <= 0);
    result[at] = (first ? x : y) ?? 0;
    if (first) i++;
    else j++;
  }
  return result;
}

function matcher({ status, license, domain, blueprint, sponsor, nextAction }: Filters): (row: Row) => boolean {
  const has = (values: readonly string[], value: string) => (value === "" ? values.length === 0 : values.includes(value));
  return (row) =>
    (status === undefined || row.accountEnabled === (status === "enabled")) &&
    (license === undefined || has(row.licenses, license)) &&
    (domain === undefined || row.domain === domain) &&
    (blueprint === undefined || row.blueprint === blueprint) &&
    (sponsor === undefined || (row.sponsors !== undefined && has(row.sponsors, sponsor))) &&
    (nextAction === undefined || row.nextAction === nextAction);
}

function sortKey(by: ColumnId, skus: ReadonlyMap<string, string>): (row: Row) => string {
  switch (by) {
    case "status":
      return ({ accountEnabled }) => (accountEnabled === undefined ? "" : accountEnabled ? "1" : "2");
    case "licenses":
      return ({ licenses }) => licenses.map((sku) => skus.get(sku) ?? sku).join(" ");
    case "sponsors":
      return ({ sponsors }) => (sponsors ?? []).join(" ");
    case "nextAction":
      // Without an action, the row comes last.
      return ({ nextActionDateTime }) => nextActionDateTime || "9";
    default:
      return (row) => row[by] ?? "";
  }
}

/** The members that are defined. */
function definedOf<Value extends object>(value: Value): { [Name in keyof Value]?: Exclude<Value[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as { [Name in keyof Value]?: Exclude<Value[Name], undefined> };
}

