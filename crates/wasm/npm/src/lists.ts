import type { Run } from "./run.js";
import type { AgentUser, ListCount } from "./types.js";

/**
 * Agent users, one by one or by the page. Every iteration asks anew, when it is begun, and is at most a page ahead of
 * who reads it. Leaving the loop ends it.
 */
export class AgentUsers implements AsyncIterable<AgentUser> {
  readonly #start: () => Run<AgentUser[], ListCount>;

  /** @internal */
  constructor(start: () => Run<AgentUser[], ListCount>) {
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
 * An operation under way, such as a roster being applied. It runs whether somebody looks or not: iterate over it once
 * for its items as they come (a report per row), or await `result`.
 *
 * Leaving the loop early cancels it, in good order, and waits for its end. Once a roster is cancelled every row still
 * has its report; after the last one the loop, and `result`, fail with an `AbortError`, unless all rows were finished.
 */
export class OperationRun<Item, Result> implements AsyncIterable<Item> {
  /** What it ends with. For a roster, the numbers of its rows: a row that failed is no failure of the run. */
  readonly result: Promise<Result>;
  readonly #run: Run<Item, unknown, Result>;

  /** @internal */
  constructor(run: Run<Item, unknown, Result>) {
    this.#run = run;
    this.result = run.result;
  }

  /** Ends it in good order, as the signal does. */
  cancel(reason?: unknown): void {
    this.#run.cancel(reason ?? new DOMException("The operation was cancelled.", "AbortError"));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    const run = this.#run;
    let ended = false;
    try {
      for (let item = await run.next(); item !== undefined; item = await run.next()) yield item;
      ended = true;
    } finally {
      if (!ended) {
        this.cancel();
        await run.result.catch(() => {});
      }
    }
  }
}
