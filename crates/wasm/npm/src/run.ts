import { AgentUserError, problemLater } from "./error.js";
import type { Input } from "./bytes.js";
import { loadSecond } from "./module.js";
import { KeptPages } from "./kept.js";
import type { CallOptions } from "./options.js";
import { completed } from "./texts.js";
import { type Tokens, unlessAborted } from "./tokens.js";
import { lost, NOTHING, noToken, send, type Answer, type Fetch } from "./transport.js";
import type { RequestMessage, StepMessage } from "./messages.js";
import type { AgentUserEvent, AgentUserRecord, OperationRequest } from "./types.js";
import type { Operation, Session } from "../wasm/agentuser.js";

/** The parts that the calls of one client share. */
export interface Host {
  readonly session: Session;
  readonly tokens: Tokens;
  readonly fetch: Fetch;
  /** How long a call may take that does not say it itself, in milliseconds. */
  readonly timeoutMs: number | undefined;
}

/** Why a run ended as it did. */
export interface Ended {
  /** Why it was cancelled. */
  readonly cancelled: { readonly reason: unknown } | undefined;
  /** The JavaScript error or reason behind a problem, where there is one. */
  cause(code: string): ErrorOptions | undefined;
}

/** A run whose items are taken. */
export interface Taken<Item, Result> {
  readonly result: Promise<Result>;
  next(): Promise<Item | undefined>;
  cancel(reason: unknown): void;
}

/** How a kind of call treats items and results. */
export interface Kind<Item, Raw, Result> {
  /** How many items may wait to be taken; with more, the operation pauses. */
  readonly ahead: number;
  /** True for a call that changes nothing: when it is cancelled, its requests in flight are aborted. */
  readonly reads?: boolean;
  /** Receives each item before it is taken. */
  readonly see?: (item: Item) => void;
  /** Makes the call's result of the operation's, or throws. */
  readonly end: (raw: Raw, run: Ended) => Result;
}

/** The longest timer of the platform; a longer wait takes several. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The operations of the first module. */
const FIRST: ReadonlySet<string> = new Set(["get", "list", "listDeleted", "skus"]);

/** The beginning of a step with agent users, in which nothing is replaced. */
const PAGE = /^\{"step":"item","item":\{"kind":"(?:agentUsers|kept)"/;

/** Stands for an operation that is cancelled before its input is read: the core would find fault with the rest of it. */
const UNREAD: OperationRequest = { operation: "skus" };

/** The problem of an input that was not read in the time for the call, with the texts of its code. */
const LATE = JSON.stringify({
  code: "DeadlineExceeded",
  kind: "timeout",
  message: "The time for this call was used up before its input was read.",
  cause: "\uE000DeadlineExceeded.cause\uE001",
  fix: "\uE000DeadlineExceeded.fix\uE001",
});

/** Runs an operation: polls it, sends its requests and hands back the answers. */
export class Run<Item, Raw, Result = Raw> {
  /** The result. A failure also ends the taking of items. */
  readonly result: Promise<Result>;
  /** Why it was cancelled. */
  cancelled: { readonly reason: unknown } | undefined;
  /** The error of the last `getToken` that failed. */
  tokenFailure: { readonly reason: unknown } | undefined;

  readonly #host: Host;
  readonly #options: CallOptions;
  readonly #kind: Kind<Item, Raw, Result>;
  readonly #requests = new Map<number, AbortController>();
  readonly #items: Item[] = [];
  readonly #reading = new AbortController();
  readonly #kept = new KeptPages();
  #operation: Operation | undefined;
  #answers: [id: number, answer: Answer][] = [];
  #dropped = false;
  #ended = false;
  /** Whether something has come for the operation since the last poll began. */
  #isAwake = false;
  #resume = () => {};
  #taken = () => {};
  #arrived = () => {};

  constructor(
    host: Host,
    kind: Kind<Item, Raw, Result>,
    request: OperationRequest,
    input: Input,
    options: CallOptions,
  ) {
    this.#host = host;
    this.#options = options;
    this.#kind = kind;
    this.result = this.#start(request, input);
    // A caller that takes the items sees the failure there and need not handle this promise.
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

  /** Ends the operation in good order. */
  cancel(reason: unknown): void {
    if (this.cancelled) return;
    this.cancelled = { reason };
    this.#reading.abort(reason);
    this.#operation?.cancel();
    if (this.#kind.reads) {
      for (const [id, request] of this.#requests) {
        request.abort();
        this.#answers.push([id, lost("broken", "The call was cancelled.")]);
      }
      this.#requests.clear();
    }
    this.#awake();
    // The reader may have left: items that wait to be taken no longer pause the operation.
    this.#taken();
  }

  /** Ends the operation at once and aborts its requests. Only for reads, which leave nothing half-done. */
  drop(): void {
    this.#dropped = true;
    for (const request of this.#requests.values()) request.abort();
    this.#awake();
    this.#taken();
  }

  /** The bytes beside the request; none when it is cancelled before they are read. The time for the call runs meanwhile. */
  async #read(input: Input, timeoutMs: number | undefined): Promise<Uint8Array | undefined> {
    if (typeof input !== "function") return input;
    const late = timeoutMs === undefined ? undefined : setTimeout(() => this.#reading.abort(LATE), Math.min(timeoutMs, LONGEST_TIMER));
    try {
      return await unlessAborted(input(this.#reading.signal), this.#reading.signal);
    } catch (reason) {
      if (this.cancelled) return undefined;
      throw reason;
    } finally {
      clearTimeout(late);
    }
  }

  async #start(request: OperationRequest, input: Input): Promise<Result> {
    const { signal } = this.#options;
    const abort = () => this.cancel(signal?.reason);
    try {
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      const began = performance.now();
      const allowedMs = this.#options.timeoutMs ?? this.#host.timeoutMs;
      const bytes = await this.#read(input, allowedMs);
      // 53 bits: the ids that requests carry follow from it.
      const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
      const seed = (high % 2 ** 21) * 2 ** 32 + low;
      const { onRecord, reason } = this.#options;
      // Whole milliseconds, of which at least one is left: none would be a mistake of the caller.
      const isRead = allowedMs !== undefined && typeof input === "function";
      const timeoutMs = isRead ? Math.max(1, Math.round(allowedMs - (performance.now() - began))) : this.#options.timeoutMs;
      const records = onRecord && ["requests", "changes"];
      const asked = bytes === undefined ? UNREAD : request;
      const whole = JSON.stringify({ ...asked, timeoutMs, records, reason });
      this.#operation = await begun(this.#host.session, asked, whole, bytes ?? NOTHING, seed);
      if (this.cancelled) this.#operation.cancel();
      return await this.#drive(this.#operation);
    } catch (thrown) {
      throw await problemLater(thrown);
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
      this.#isAwake = false;
      // Answers go in before the poll: after a long pause, a poll would time out requests that have been answered.
      for (const [id, { message, body }] of this.#answers.splice(0)) {
        operation.answer(id, JSON.stringify(message), body);
      }
      const json = operation.poll(performance.now(), Date.now());
      const step = JSON.parse(PAGE.test(json) ? json : await completed(json)) as StepMessage;
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
        case "item": {
          const { item } = step;
          const value = (item.kind === "kept" ? this.#kept.take(item.value) : item.value) as Item;
          this.#kind.see?.(value);
          this.#items.push(value);
          this.#arrived();
          await this.#room();
          break;
        }
        case "event":
          this.#progress(step.event);
          break;
        case "record":
          await this.#record(step.record);
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

  /** The JavaScript error or reason behind a problem, where there is one. */
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

  async #record(record: AgentUserRecord): Promise<void> {
    try {
      await this.#options.onRecord?.(record);
    } catch (thrown) {
      this.cancel(thrown);
    }
  }

  async #room(): Promise<void> {
    while (this.#items.length > this.#kind.ahead && !this.cancelled && !this.#dropped) {
      await new Promise<void>((resolve) => (this.#taken = resolve));
    }
  }

  /** Ends the pause, or keeps the next one from beginning. */
  #awake(): void {
    this.#isAwake = true;
    this.#resume();
  }

  #pause(untilMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      // An answer may have come since the poll that said to wait.
      if (this.#isAwake) return resolve();
      let timer: ReturnType<typeof setTimeout> | undefined;
      if (untilMs !== undefined) {
        timer = setTimeout(resolve, Math.min(Math.max(untilMs - performance.now(), 0), LONGEST_TIMER));
      }
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Sends a request and keeps its answer. The answer to an aborted request is dropped: the operation may be gone. */
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
    const { session, tokens, fetch } = this.#host;
    const body = operation.body(request.id);
    const rejected = request.rejectedToken ?? undefined;
    let token = tokens.current(rejected);
    if (token === undefined) {
      // One failed sign-in ends the call. Otherwise every row of a roster would prompt again.
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
    const answer = await send(fetch, request, body, token, signal);
    const { message } = answer;
    if (message.answer !== "response") return answer;
    if (!session.hasNoted(token.tag)) session.noteToken(token.tag, token.text);
    const { columns } = request;
    const isPage = columns !== undefined && message.status >= 200 && message.status < 300;
    return isPage ? { message, body: this.#kept.digest(answer.body, columns) } : answer;
  }
}

/** Begins an operation with the module that has it. */
async function begun(
  session: Session,
  { operation }: OperationRequest,
  request: string,
  input: Uint8Array,
  seed: number,
): Promise<Operation> {
  if (FIRST.has(operation)) {
    try {
      return session.startFirst(request, seed);
    } catch (thrown) {
      // The second module's rules propose more.
      await loadSecond().catch(() => {
        throw thrown;
      });
    }
  } else {
    await loadSecond();
  }
  return session.start(request, input, seed);
}

function words(reason: unknown): string {
  return `getToken failed: ${reason instanceof Error ? reason.message : String(reason)}`;
}
