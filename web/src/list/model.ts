// The agent users of the list, as the worker keeps them and as the page shows them.
import type { Problem, WaitReason } from "agentuser";

/** A column, by the member that it shows or by what it is made of. */
export type ColumnId =
  | "displayName"
  | "userPrincipalName"
  | "status"
  | "licenses"
  | "blueprint"
  | "sponsors"
  | "nextAction"
  | "domain"
  | "department"
  | "jobTitle"
  | "companyName"
  | "usageLocation"
  | "mail"
  | "createdDateTime"
  | "deletedDateTime"
  | "identityParentId"
  | "id";

/** A row, as the worker hands it over: what the columns show and no more. */
export interface Row {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  /** Undefined where Graph does not show it. */
  readonly accountEnabled: boolean | undefined;
  readonly deletedDateTime: string;
  readonly createdDateTime: string;
  readonly department: string;
  readonly jobTitle: string;
  readonly companyName: string;
  readonly usageLocation: string;
  readonly mail: string;
  readonly domain: string;
  readonly identityParentId: string;
  /** The SKUs of its licenses. */
  readonly licenses: readonly string[];
  /** Whether an assignment of a license is in error. */
  readonly licenseError: boolean;
  /** The name of the parent's blueprint; undefined until the agent identities are read. */
  readonly blueprint?: string;
  /** The names of its sponsors; undefined until they are read. */
  readonly sponsors?: readonly string[];
  /** The next action of a lifecycle policy on its parent; undefined until it is read, empty where there is none. */
  readonly nextAction?: string;
  readonly nextActionDateTime?: string;
}

/** The filters: a value that a row must have, or nothing. The empty text means none of it, such as no license. */
export interface Filters {
  readonly status?: "enabled" | "disabled";
  readonly license?: string;
  readonly domain?: string;
  readonly blueprint?: string;
  readonly sponsor?: string;
  readonly nextAction?: string;
}

export interface Sort {
  readonly column: ColumnId;
  readonly descending: boolean;
}

/** The rows of the list that are shown, and their order: that of Graph, unless sorted. */
export interface Query {
  readonly text: string;
  readonly filters: Filters;
  readonly sort?: Sort;
}

/** The values that filters offer, with the number of their agent users, the most frequent first. */
export type Facets = Readonly<Record<"license" | "domain" | "blueprint" | "sponsor" | "nextAction", readonly (readonly [string, number])[]>>;

/** The answer to a query: the numbers of the rows in their order, and the first rows, so that they show at once. */
export interface View {
  readonly indices: Uint32Array;
  readonly first: readonly Row[];
  /** How many rows there are, found or not, and how many of those are gone from the list. */
  readonly rows: number;
  readonly gone: number;
}

/** Agent users were read again: the numbers of those that are gone, and whether the list must be read anew to show the others. */
export interface Refreshed {
  readonly gone: readonly number[];
  readonly isStale: boolean;
}

/** How far the reading is. */
export interface Progress {
  readonly read: number;
  readonly ended: boolean;
  /** Why it ended before its end. */
  readonly problem?: Problem | string;
  /** The wait of the reading, and for how long from now. */
  readonly waiting?: { readonly why: WaitReason; readonly waitMs: number };
}

/** Which agent users the list has. */
export type Source = "active" | "deleted";

/** Facts that lists of agent users don't tell, read when a filter or a column wants them. */
export type Extra = "blueprints" | "governance";
