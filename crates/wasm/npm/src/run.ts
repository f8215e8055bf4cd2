import { AgentUserError, problem } from "./error.js";
import type { CallOptions } from "./options.js";
import type { Tokens } from "./tokens.js";
import { lost, noToken, send, type Answer, type Fetch } from "./transport.js";
import type { RequestMessage, StepMessage } from "./messages.js";
import type { AgentUserEvent, OperationRequest } from "./types.js";
import type { Operation, Session } from "../wasm/agentuser.js";

/** What the calls of one client share. */
export interface Host {
  readonly session: Session;
  readonly tokens: Tokens;
  readonly fetch: Fetch;
}

/** What a kind of call makes of items and results. */
export interface Kind<Item, Raw, Result> {
  /** So many items may be ready and not taken; then the operation waits, a page ahead. */
  readonly ahead: number;
  /** It changes nothing: when it is cancelled, nobody has to wait for what is in flight. */
  readonly reads?: boolean;
  /** Looks at each item. */
  readonly see?: (item: Item) => void;
  /** Turns what the operation ends with into the result, or throws. */
  readonly end: (raw: Raw, run: Run<Item, Raw, Result>) => Result;
}

/** Timers can't be longer: a wait is then taken in parts. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** An operation under way: polls it, sends what it wants sent, hands back what came. */
export class Run<Item, Raw, Result = Raw> {
  /** The result. Whoever takes the items sees a failure there, too. */
  readonly result: Promise<Result>;
  /** Why it was cancelled. */
  cancelled: { readonly reason: unknown } | undefined;
  /** What the last `getToken` failed with. */
  tokenFailure: { readonly reason: unknown } | undefined;

  readonly #host: Host;
  readonly #options: CallOptions;
  readonly #kind: Kind<Item, Raw, Result>;
  readonly #requests = new Map<number, AbortController>();
  readonly #items: Item[] = [];
  #operation: Operation | undefined;
  #answers: [id: number, answer: Answer][] = [];
  #dropped = false;
  #ended = false;
  #awake = () => {};
  #taken = () => {};
  #arrived = () => {};

  constructor(
    host: Host,
    kind: Kind<Item, Raw, Result>,
    request: OperationRequest,
    input: Uint8Array | Promise<Uint8Array>,
    options: CallOptions,
  ) {
    this.#host = host;
    this.#options = options;
    this.#kind = kind;
    this.result = this.#start(request, input);
    // Whoever takes the items need not look at the result.
    this.result.catch(() => {});
  }

  /** The next item; none at the end. */
  async next(): Promise<Item | undefined> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        this.#taken();
        return item;
      }
      if (this.#ended) {
        await this.result;
        return undefined;
      }
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  /** Ends it in good order. */
  cancel(reason: unknown): void {
    if (this.cancelled) return;
    this.cancelled = { reason };
    this.#operation?.cancel();
    if (this.#kind.reads) {
      for (const [id, request] of this.#requests) {
        request.abort();
        this.#answers.push([id, lost("broken", "The call was cancelled.")]);
      }
      this.#requests.clear();
    }
    this.#awake();
    // Nobody may be there to take items: they hold nothing back any more.
    this.#taken();
  }

  /** Ends it at once: requests in flight are cut. For reads, where nothing is left half-done. */
  drop(): void {
    this.#dropped = true;
    for (const request of this.#requests.values()) request.abort();
    this.#awake();
    this.#taken();
  }

  async #start(request: OperationRequest, input: Uint8Array | Promise<Uint8Array>): Promise<Result> {
    const { signal } = this.#options;
    const abort = () => this.cancel(signal?.reason);
    try {
      const bytes = await input;
      const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
      this.#operation = this.#host.session.start(JSON.stringify(request), bytes, seed);
      if (this.cancelled) this.#operation.cancel();
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      return await this.#drive(this.#operation);
    } catch (thrown) {
      throw problem(thrown);
    } finally {
      signal?.removeEventListener("abort", abort);
      for (const request of this.#requests.values()) request.abort();
      this.#operation?.free();
      this.#operation = undefined;
      this.#ended = true;
      this.#arrived();
    }
  }

  async #drive(operation: Operation): Promise<Result> {
    while (!this.#dropped) {
      // What has come counts, however late somebody asks for it: a poll first would call it timed out.
      for (const [id, { message, body }] of this.#answers.splice(0)) {
        operation.answer(id, JSON.stringify(message), body);
      }
      const step = JSON.parse(operation.poll(performance.now(), Date.now())) as StepMessage;
      switch (step.step) {
        case "send":
          for (const request of step.requests) void this.#send(operation, request);
          break;
        case "abort":
          for (const id of step.ids) {
            this.#requests.get(id)?.abort();
            this.#requests.delete(id);
          }
          break;
        case "item":
          this.#kind.see?.(step.item.value as Item);
          this.#items.push(step.item.value as Item);
          this.#arrived();
          await this.#room();
          break;
        case "event":
          this.#progress(step.event);
          break;
        case "wait":
          await this.#pause(step.untilMs ?? undefined);
          break;
        case "done":
          if (step.problem) throw new AgentUserError(step.problem, {}, this.cause(step.problem.code));
          return this.#kind.end(step.result as Raw, this);
      }
    }
    throw new DOMException("The list was left.", "AbortError");
  }

  /** What lies behind a problem, where this side knows it. */
  cause(code: string): ErrorOptions | undefined {
    const known = code === "Cancelled" ? this.cancelled : code.startsWith("Token") ? this.tokenFailure : undefined;
    return known && { cause: known.reason };
  }

  #progress(event: AgentUserEvent): void {
    try {
      this.#options.onProgress?.(event);
    } catch (thrown) {
      this.cancel(thrown);
    }
  }

  async #room(): Promise<void> {
    while (this.#items.length > this.#kind.ahead && !this.cancelled && !this.#dropped) {
      await new Promise<void>((resolve) => (this.#taken = resolve));
    }
  }

  #pause(untilMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      if (untilMs !== undefined) {
        timer = setTimeout(resolve, Math.min(Math.max(untilMs - performance.now(), 0), LONGEST_TIMER));
      }
      this.#awake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One request, to its answer. Once it is aborted, nobody wants the answer, and the operation may be gone. */
  async #send(operation: Operation, request: RequestMessage): Promise<void> {
    const controller = new AbortController();
    this.#requests.set(request.id, controller);
    const answer = await this.#answer(operation, request, controller.signal);
    if (controller.signal.aborted || answer === undefined) return;
    this.#requests.delete(request.id);
    this.#answers.push([request.id, answer]);
    this.#awake();
  }

  async #answer(
    operation: Operation,
    request: RequestMessage,
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    const { tokens, fetch } = this.#host;
    const body = operation.body(request.id);
    const rejected = request.rejectedToken ?? undefined;
    let token = tokens.current(rejected);
    if (token === undefined) {
      // One failed sign-in ends the call: else every row of a roster would prompt again.
      if (this.tokenFailure) return noToken(words(this.tokenFailure.reason));
      operation.tokenPending(request.id);
      try {
        token = await tokens.get(rejected, signal);
      } catch (reason) {
        if (signal.aborted) return undefined;
        this.tokenFailure = { reason };
        return noToken(words(reason));
      }
      if (signal.aborted || !operation.maySend(request.id)) return undefined;
      this.#awake();
    }
    return send(fetch, request, body, token, signal);
  }
}

function words(reason: unknown): string {
  return `getToken failed: ${reason instanceof Error ? reason.message : String(reason)}`;
}
