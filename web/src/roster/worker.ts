// The worker of rosters: it reads a file and judges its rows, so that the page answers meanwhile.
import { AgentUserClient, init, initAll, type RequiredPermissions, type RosterValidation, validateRoster } from "agentuser/init";
import { line } from "../common/rpc.js";
import { Mistake } from "../common/mistake.js";
import { type FileRow, type FileTable, tableOf, textOf } from "./table.js";

/** How many rows cross at once: the page takes them between two frames. */
const CHUNK = 1_000;

/** The judging of a roster. */
export interface Judging {
  readonly verifiedDomains?: readonly string[];
  readonly domain?: string;
  readonly maxErrors: number;
}

/** The calls that the page answers. */
export type PageHandlers = {
  /** Takes the next rows of the file that is being read. */
  rows(rows: readonly FileRow[]): void;
};

/** The calls that the worker answers. */
export type RosterHandlers = {
  open(module: WebAssembly.Module): Promise<void>;
  /** Reads a file, whose rows are given to the page, and keeps it for the calls below. */
  read(bytes: Uint8Array): Promise<Omit<FileTable, "rows">>;
  check(judging: Judging): RosterValidation;
  /** The permissions that the rows need. */
  needed(domain: string | undefined): Promise<RequiredPermissions>;
};

let file = new Uint8Array(0);

const handlers: RosterHandlers = {
  async open(module) {
    await init(module);
    await initAll();
  },

  async read(bytes) {
    file = bytes as Uint8Array<ArrayBuffer>;
    const { rows, ...head } = tableOf(textOf(bytes));
    for (let at = 0; at < rows.length; at += CHUNK) await page.rows(rows.slice(at, at + CHUNK));
    return head;
  },

  check: ({ verifiedDomains, domain, maxErrors }) =>
    validateRoster(file, {
      maxErrors,
      ...(verifiedDomains === undefined ? {} : { verifiedDomains: [...verifiedDomains] }),
      ...(domain === undefined ? {} : { domain }),
    }),

  needed(domain) {
    // The table of permissions is in the package: no request is sent for it.
    const client = new AgentUserClient({ getToken: () => Promise.reject(new Mistake("A roster is judged without a token.")) });
    return client.requiredPermissions([], { roster: file, ...(domain === undefined ? {} : { domain }) });
  },
};

/** The page that has this worker. */
const page = line<PageHandlers>(self as unknown as Worker, handlers);
