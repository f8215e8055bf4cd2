import { useSyncExternalStore } from "react";

/**
 * The place in the page that the address names: `#/users/ID?q=x` has the path `["users", "ID"]`. `#demo` and `#/demo/users/ID` are
 * places in the demo.
 */
export interface Route {
  readonly demo: boolean;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const parts = path.split("/").filter(Boolean).map(decoded);
  const demo = parts[0] === "demo";
  return { demo, path: demo ? parts.slice(1) : parts, query: new URLSearchParams(query) };
}

/** A part of the address. One that can't be decoded was typed by hand: it stays as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let current = parse(location.hash);
const listeners = new Set<() => void>();

addEventListener("hashchange", () => {
  current = parse(location.hash);
  for (const listener of listeners) listener();
});

/** Calls `changed` after each change of the address. */
export function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** The place that the address names now. */
export const currentPath = (): readonly string[] => current.path;

/** Whether the address is a place in the demo. */
export const inDemo = (): boolean => current.demo;

/** Makes the address that of the same place in the demo, without a new entry in the history. */
export function enterDemo(): void {
  if (current.demo) return;
  const hash = `#/demo/${location.hash.replace(/^#\/?/, "")}`;
  history.replaceState(history.state, "", hash);
  current = parse(hash);
  for (const listener of listeners) listener();
}

/** Changes the query of the place that is shown, without a new entry in the history. */
export function replaceQuery(query: URLSearchParams): void {
  const path = location.hash.split("?", 1)[0] || "#/";
  const hash = query.size === 0 ? path : `${path}?${query}`;
  if (hash === location.hash) return;
  history.replaceState(history.state, "", hash);
  current = parse(hash);
  for (const listener of listeners) listener();
}

/** The route, which the address keeps. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, () => current);
}

/** The address of a place in the page, for `href`. */
export function href(...path: readonly string[]): string {
  return `#/${[...(current.demo ? ["demo"] : []), ...path].map(encodeURIComponent).join("/")}`;
}

/** The address of a place with a query, such as `#/users/ID?part=people`. */
export function hrefAt(query: Readonly<Record<string, string>>, ...path: readonly string[]): string {
  return `${href(...path)}?${new URLSearchParams(query)}`;
}

/** The address of the same page outside of the demo, whose objects are not there. */
export function hrefOutside([page = "users"]: readonly string[]): string {
  return `#/${encodeURIComponent(page)}`;
}

/** Goes to a place in the page. */
export function go(...path: readonly string[]): void {
  location.hash = href(...path);
}
