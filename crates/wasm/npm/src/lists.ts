import type { Run, Taken } from "./run.js";
import type { ListCount } from "./types.js";

/**
 * Agent users or agent identities, one by one or by the page. Every iteration asks Graph anew when it begins, and stays at
 * most a page ahead of its reader. Leaving the loop ends it.
 */
export class GraphList<Entry> implements AsyncIterable<Entry> {
  readonly #start: () => Run<Entry[], ListCount>;

  /** @internal */
  constructor(start: () => Run<Entry[], ListCount>) {
    this.#start = start;
  }

  /** Page by page. */
  async *pages(): AsyncGenerator<Entry[], void, undefined> {
    const run = this.#start();
    try {
      for (let page = await run.next(); page !== undefined; page = await run.next()) yield page;
    } finally {
      run.drop();
    }
  }

  /** One by one. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Entry, void, undefined> {
    for await (const page of this.pages()) yield* page;
  }

  /** All entries, or the first of them. */
  async toArray(most = Infinity): Promise<Entry[]> {
    const entries: Entry[] = [];
    if (most < 1) return entries;
    for await (const page of this.pages()) {
      for (const entry of page) entries.push(entry);
      if (entries.length >= most) return entries.slice(0, most);
    }
    return entries;
  }
}

/**
 * An operation that runs, such as a roster being applied. It runs whether it is read or not: iterate over it once for
 * its items as they come (a report per row), or await `result`.
 *
 * Leaving the loop early cancels the operation in good order and waits for its end. In a roster that is cancelled, every
 * row still has its report; after the last one, the loop and `result` fail with an `AbortError`, unless all rows had
 * ended before.
 */
export class OperationRun<Item, Result> implements AsyncIterable<Item> {
  /** The result. For a roster, the numbers of its rows; rows that failed do not make it fail. */
  readonly result: Promise<Result>;
  readonly #run: Taken<Item, Result>;

  /** @internal */
  constructor(run: Taken<Item, Result>) {
    this.#run = run;
    this.result = run.result;
  }

  /** Ends the operation in good order, as the signal does. */
  cancel(reason?: unknown): void {
    this.#run.cancel(reason ?? new DOMException("The operation was cancelled.", "AbortError"));
  }

  /** Its items as they come, once. */
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
