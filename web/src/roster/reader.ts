// The page's side of the worker that has a roster: it reads the file, plans it, and makes the changes of the plan.
import type { AgentUserEvent, CallOptions, ProvisionReport, RequiredPermissions, RosterSummary, RosterValidation } from "agentuser";
import { ending, type MadePlan, type Reporting } from "../changes/run.js";
import { line, type Remote } from "../common/rpc.js";
import { type Connection, endOf } from "../connection/connection.js";
import { openingOf, tokensOf } from "../connection/opening.js";
import { strings } from "../strings/index.js";
import { worker } from "../trusted.js";
import type { FileRow, FileTable } from "./table.js";
import type { Judging, PageHandlers, RosterHandlers } from "./worker.js";
import address from "./worker.ts?worker&url";

/** A file as the worker has read it. */
export interface ReadFile {
  readonly table: FileTable;
  readonly check: (judging: Judging) => Promise<RosterValidation>;
  /** The permissions that its rows need. */
  readonly needed: (domain: string | undefined) => Promise<RequiredPermissions>;
  readonly plan: (judging: Judging, options: CallOptions) => Reporting<MadePlan>;
}

/** Reads a file in a worker of its own, which ends with `end`. The bytes are the worker's then. */
export async function readFile(connection: Connection, bytes: Uint8Array<ArrayBuffer>, end: AbortSignal): Promise<ReadFile> {
  const rows: FileRow[] = [];
  const runs = new Runs();
  const handlers: PageHandlers = {
    ...tokensOf(connection, end),
    rows: (more) => {
      rows.push(...more);
    },
    follow: ({ run, reports, events }) => runs.follow(run, reports, events),
  };
  const remote: Remote<RosterHandlers> = line<RosterHandlers>(worker(address, "roster", end), handlers);
  runs.begin(remote, AbortSignal.any([end, endOf(connection)]));
  const [opening, moved] = await openingOf(connection);
  await remote.open(opening, moved);
  const head = await remote.read(bytes, [bytes.buffer]);
  const file = async () => new Blob([await remote.planFile(undefined)], { type: "application/json" });
  return {
    table: { ...head, rows },
    check: remote.check,
    needed: remote.needed,
    plan: (judging, options) => {
      const planning = runs.start(options, (run) => remote.plan({ run, ...judging }));
      const apply: MadePlan["apply"] = ({ only, dryRun, ...call }) =>
        runs.start(call, (run): Promise<RosterSummary> => remote.apply({ run, ...(only === undefined ? {} : { only }), ...(dryRun === undefined ? {} : { dryRun }) }));
      return ending(planning, (made) => ({ ...made, file, apply }));
    },
  };
}

/** A run in the worker as the page follows it. */
interface Followed {
  readonly options: CallOptions;
  readonly reports: ProvisionReport[];
  /** Tells the one who takes the reports that there are more, or that it has ended. */
  arrived: () => void;
  isEnded: boolean;
}

/** The runs in a worker, by their numbers. */
class Runs {
  readonly #followed = new Map<number, Followed>();
  #last = 0;
  #remote: Remote<RosterHandlers> | undefined;
  #end: AbortSignal | undefined;

  begin(remote: Remote<RosterHandlers>, end: AbortSignal): void {
    this.#remote = remote;
    this.#end = end;
  }

  follow(run: number, reports: readonly ProvisionReport[], events: readonly AgentUserEvent[]): void {
    const followed = this.#followed.get(run);
    if (followed === undefined) return;
    for (const event of events) followed.options.onProgress?.(event);
    followed.reports.push(...reports);
    followed.arrived();
  }

  /** Starts a run, which its signal ends in good order, and the end of the worker at once. */
  start<Result>(options: CallOptions, begin: (run: number) => Promise<Result>): Reporting<Result> {
    const run = ++this.#last;
    const followed: Followed = { options, reports: [], arrived: () => {}, isEnded: false };
    this.#followed.set(run, followed);
    const stop = () => void this.#remote?.stop(run);
    options.signal?.addEventListener("abort", stop, { once: true });
    const ended = new Promise<never>((_, reject) => {
      this.#end?.addEventListener("abort", () => reject(new Error(strings.connection.gave)), { once: true });
    });
    const result = Promise.race([begin(run), ended]).finally(() => {
      options.signal?.removeEventListener("abort", stop);
      this.#followed.delete(run);
      followed.isEnded = true;
      followed.arrived();
    });
    result.catch(() => {});
    return { result, [Symbol.asyncIterator]: () => reportsOf(followed, result) };
  }
}

async function* reportsOf(followed: Followed, result: Promise<unknown>): AsyncGenerator<ProvisionReport> {
  for (;;) {
    // Reports that came with the end are taken, too.
    const { isEnded } = followed;
    yield* followed.reports.splice(0);
    if (isEnded) break;
    if (followed.reports.length === 0 && !followed.isEnded) await new Promise<void>((resolve) => (followed.arrived = resolve));
  }
  await result;
}
