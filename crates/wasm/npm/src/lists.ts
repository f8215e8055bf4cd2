import type { Run } from "./run.js";
import type { AgentUser, Count, Report, Summary } from "./types.js";

/**
 * Agent users, one by one or by the page. Every iteration asks anew, when it is begun, and is at most a page ahead of
 * who reads it. Leaving the loop ends it.
 */
export class AgentUsers implements AsyncIterable<AgentUser> {
  readonly #start: () => Run<AgentUser[], Count>;

  /** @internal */
  constructor(start: () => Run<AgentUser[], Count>) {
    this.#start = start;
  }

  /** Page by page. */
  async *pages(): AsyncGenerator<AgentUser[], void, undefined> {
    const run = this.#start();
    try {
      for (let page = await run.next(); page !== undefined; page = await run.next()) yield page;
    } finally {
      run.drop();
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<AgentUser, void, undefined> {
    for await (const page of this.pages()) yield* page;
  }
}

/**
 * A roster being applied. It runs whether somebody looks or not: iterate over it once for a report per row as the rows
 * end, or await `result` for the numbers.
 *
 * Leaving the loop early cancels it, in good order, and waits for its end. Once it is cancelled every row still has
 * its report; after the last one the loop, and `result`, fail with an `AbortError`, unless all rows were finished.
 */
export class RosterRun implements AsyncIterable<Report> {
  /** The numbers of all rows. A row that failed is no failure of the run: its report has the problem. */
  readonly result: Promise<Summary>;
  readonly #run: Run<Report, Summary>;

  /** @internal */
  constructor(run: Run<Report, Summary>) {
    this.#run = run;
    this.result = run.result;
  }

  /** Ends it in good order, as the signal does. */
  cancel(reason?: unknown): void {
    this.#run.cancel(reason ?? new DOMException("The roster was cancelled.", "AbortError"));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Report, void, undefined> {
    const run = this.#run;
    let ended = false;
    try {
      for (let report = await run.next(); report !== undefined; report = await run.next()) yield report;
      ended = true;
    } finally {
      if (!ended) {
        this.cancel();
        await run.result.catch(() => {});
      }
    }
  }
}
