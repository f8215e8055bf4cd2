import { type ComponentType, lazy } from "react";
import type { strings } from "./strings/index.js";

/** The properties of a page: the rest of its path, such as the id in `#/users/ID`, and the query of the address. */
export interface PageProps {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

type Load = () => Promise<{ default: ComponentType<PageProps> }>;

export interface Page {
  /** The first part of the address: `#/users`. */
  readonly at: string;
  readonly title: keyof typeof strings.pages;
  readonly component: ComponentType<PageProps>;
  /** Loads its code. */
  readonly load: Load;
  /** The page for one thing: that of `#/users/ID` beside that of `#/users`. */
  readonly detail?: { readonly title: keyof typeof strings.pages; readonly component: ComponentType<PageProps>; readonly load: Load };
  /** Whether it is shown without a connection. */
  readonly offline?: boolean;
}

const page = (load: Load) => ({ component: lazy(load), load });

/** The pages in the order of the navigation. Each is a chunk of its own. */
export const PAGES: readonly Page[] = [
  {
    at: "users",
    title: "users",
    ...page(() => import("./list/page.js")),
    detail: { title: "user", ...page(() => import("./user/page.js")) },
  },
  { at: "create", title: "create", ...page(() => import("./create/page.js")) },
  { at: "roster", title: "roster", ...page(() => import("./roster/page.js")) },
  { at: "audit", title: "audit", ...page(() => import("./audit/page.js")), offline: true },
  { at: "mine", title: "mine", ...page(() => import("./mine/page.js")) },
  { at: "settings", title: "settings", ...page(() => import("./settings/page.js")), offline: true },
];

/** Begins to load the code of a place in the page, which is needed once there is a connection. Its failure is told where it is drawn. */
export function preload([at = "users", ...rest]: readonly string[]): void {
  const page = PAGES.find((one) => one.at === at);
  const shown = rest.length > 0 && page?.detail ? page.detail : page;
  shown?.load().catch(() => {});
}
