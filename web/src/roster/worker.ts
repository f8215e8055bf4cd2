// The worker of rosters: it reads a file, judges its rows, plans them and makes the changes of the plan, so that the page answers
// meanwhile.
import {
  type AgentUserClient,
  type AgentUserEvent,
  type CallOptions,
  init,
  initAll,
  type OperationRun,
  type Plan,
  type ProvisionReport,
  type RequiredPermissions,
  type RosterSummary,
  type RosterValidation,
  validateRoster,
} from "agentuser/init";
import { line, Moved } from "../common/rpc.js";
import { Mistake } from "../common/mistake.js";
import type { Opening, TokenHandlers } from "../connection/opening.js";
import { clientBy } from "../connection/worker-client.js";
import { type FileRow, type FileTable, tableOf, textOf } from "./table.js";

/** How many rows cross at once: the page takes them between two frames. */
const CHUNK = 1_000;

/** How long reports and events are gathered before they cross together, in milliseconds. */
const PAUSE = 50;

/** The judging of a roster. */
export interface Judging {
  readonly verifiedDomains?: readonly string[];
  readonly domain?: string;
  readonly maxErrors: number;
}

/** The news of a run. */
interface News {
  readonly run: number;
  readonly reports: readonly ProvisionReport[];
  readonly events: readonly AgentUserEvent[];
}

/** The calls that the page answers. */
export type PageHandlers = TokenHandlers & {
  /** Takes the next rows of the file that is being read. */
  rows(rows: readonly FileRow[]): void;
  follow(news: News): void;
};

/** The calls that the worker answers. Runs have numbers of the page, by which they are followed and stopped. */
export type RosterHandlers = {
  open(opening: Opening): Promise<void>;
  /** Reads a file, whose rows are given to the page, and keeps it for the calls below. */
  read(bytes: Uint8Array): Promise<Omit<FileTable, "rows">>;
  check(judging: Judging): RosterValidation;
  /** The permissions that the rows need. */
  needed(domain: string | undefined): Promise<RequiredPermissions>;
  /** Plans the rows, and keeps the plan: its digest, and how many changes it has. */
  plan(what: Judging & { readonly run: number }): Promise<{ readonly digest: string; readonly size: number }>;
  /** The bytes of the plan's file. */
  planFile(): Moved<Uint8Array<ArrayBuffer>>;
  /** Makes the changes of the plan: those of the rows with these numbers, where they are given. */
  apply(what: { readonly run: number; readonly only?: readonly number[]; readonly dryRun?: boolean }): Promise<RosterSummary>;
  /** Ends a run in good order. */
  stop(run: number): void;
};

let file = new Uint8Array(0);
let client: AgentUserClient | undefined;
let plan: Plan | undefined;
const running = new Map<number, AbortController>();

const handlers: RosterHandlers = {
  async open(opening) {
    await init(opening.module);
    await initAll();
    client = clientBy(opening, page);
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

  // The table of permissions is in the package: no request is sent for it.
  needed: (domain) => opened().requiredPermissions([], { roster: file, ...(domain === undefined ? {} : { domain }) }),

  async plan({ run, domain, maxErrors }) {
    plan = await followed(run, (options) => opened().planRoster(file, { ...(domain === undefined ? {} : { domain }), maxErrors, ...options }));
    return { digest: plan.digest, size: plan.changes.length };
  },

  planFile() {
    const bytes = new TextEncoder().encode(JSON.stringify(planned()));
    return new Moved(bytes, [bytes.buffer]);
  },

  apply({ run, only, dryRun }) {
    const made = planned();
    return followed(run, (options) => opened().applyPlan(made, made.digest, { only, dryRun, ...options }));
  },

  stop(run) {
    running.get(run)?.abort(new DOMException("", "AbortError"));
  },
};

function opened(): AgentUserClient {
  if (client === undefined) throw new Mistake("The worker of rosters is not open.");
  return client;
}

function planned(): Plan {
  if (plan === undefined) throw new Mistake("There is no plan.");
  return plan;
}

/** Runs an operation that the page follows and may stop. */
async function followed<Result>(run: number, start: (options: CallOptions) => OperationRun<ProvisionReport, Result>): Promise<Result> {
  const controller = new AbortController();
  running.set(run, controller);
  let [reports, events]: [ProvisionReport[], AgentUserEvent[]] = [[], []];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    clearTimeout(timer);
    timer = undefined;
    void page.follow({ run, reports, events });
    [reports, events] = [[], []];
  };
  const later = () => {
    timer ??= setTimeout(tell, PAUSE);
  };
  try {
    const operation = start({
      signal: controller.signal,
      onProgress: (event) => {
        events.push(event);
        later();
      },
    });
    for await (const report of operation) {
      reports.push(report);
      later();
    }
    return await operation.result;
  } finally {
    tell();
    running.delete(run);
  }
}

/** The page that has this worker. */
const page = line<PageHandlers>(self as unknown as Worker, handlers);
