// The query of a list in the address, so that it outlives a reload and can be sent to others.
import { useEffect, useRef } from "react";
import { replaceQuery } from "../route.js";
import { COLUMNS } from "./columns.js";
import type { Filters, Query, Source } from "./model.js";
import type { ListStore } from "./store.js";

const FILTERS: readonly (keyof Filters)[] = ["status", "license", "domain", "blueprint", "sponsor", "nextAction"];

/** How long a query must stay before the address has it, in milliseconds. */
const SETTLED = 300;

/** The query that an address asks for; undefined where it asks for none. */
function queryOf(address: URLSearchParams): Query | undefined {
  const text = address.get("q") ?? "";
  const filters = Object.fromEntries(FILTERS.flatMap((name) => (address.has(name) ? [[name, address.get(name)]] : []))) as Filters;
  const by = address.get("sort") ?? "";
  const column = COLUMNS.find(({ id }) => id === by.replace(/^-/, ""))?.id;
  if (text === "" && Object.keys(filters).length === 0 && column === undefined) return undefined;
  return { text, filters, ...(column === undefined ? {} : { sort: { column, descending: by.startsWith("-") } }) };
}

function addressOf({ text, filters, sort }: Query, source: Source): URLSearchParams {
  const address = new URLSearchParams(source === "deleted" ? { view: "deleted" } : {});
  if (text !== "") address.set("q", text);
  for (const name of FILTERS) if (filters[name] !== undefined) address.set(name, filters[name]);
  if (sort !== undefined) address.set("sort", `${sort.descending ? "-" : ""}${sort.column}`);
  return address;
}

/** Lets the list follow an address that asks for a query, and the address follow the list. */
export function useQueryInAddress(store: ListStore, source: Source, address: URLSearchParams): void {
  const { query } = store.state;
  const former = useRef<URLSearchParams>(undefined);
  useEffect(() => {
    const isNew = former.current !== address;
    former.current = address;
    const own = addressOf(query, source);
    if (own.toString() === address.toString()) return undefined;
    const asked = isNew ? queryOf(address) : undefined;
    if (asked !== undefined) {
      store.query(asked);
      return undefined;
    }
    // Browsers slow down a page that changes its address with each key.
    const timer = setTimeout(() => replaceQuery(own), SETTLED);
    return () => clearTimeout(timer);
  }, [store, source, query, address]);
}
