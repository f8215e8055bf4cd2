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
  [Symbol.asyncIterator](): AsyncGenerator<Entry, void, undefined> {
    return new Entries(this.pages());
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
 * The entries of pages, one by one, as an asynchronous generator yields them. A generator would cost more: one promise more for each
 * entry, and its own resumption. Calls are answered in their order, one after the other.
 */
class Entries<Entry> implements AsyncGenerator<Entry, void, undefined> {
  readonly #pages: AsyncGenerator<Entry[], void, undefined>;
  #page: Entry[] = [];
  #at = 0;
  /** The end of the call that came last of those that are not answered yet. */
  #last: Promise<unknown> = Promise.resolve();
  #unanswered = 0;

  constructor(pages: AsyncGenerator<Entry[], void, undefined>) {
    this.#pages = pages;
  }

  next(): Promise<IteratorResult<Entry, void>> {
    const isAtHand = this.#unanswered === 0 && this.#at < this.#page.length;
    return isAtHand ? Promise.resolve(this.#taken()) : this.#inTurn(() => this.#more());
  }

  return(): Promise<IteratorResult<Entry, void>> {
    return this.#inTurn(() => this.#end(this.#pages.return()));
  }

  throw(reason: unknown): Promise<IteratorResult<Entry, void>> {
    return this.#inTurn(() => this.#end(this.#pages.throw(reason)));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #inTurn<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
    this.#unanswered += 1;
    const answered = this.#last.then(answer).finally(() => (this.#unanswered -= 1));
    this.#last = answered.catch(() => {});
    return answered;
  }

  async #more(): Promise<IteratorResult<Entry, void>> {
    while (this.#at === this.#page.length) {
      const page = await this.#pages.next();
      if (page.done) return page;
      [this.#page, this.#at] = [page.value, 0];
    }
    return this.#taken();
  }

  #taken(): IteratorResult<Entry, void> {
    return { done: false, value: this.#page[this.#at++] as Entry };
  }

  async #end(ended: Promise<unknown>): Promise<IteratorResult<Entry, void>> {
    [this.#page, this.#at] = [[], 0];
    await ended;
    return { done: true, value: undefined };
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
