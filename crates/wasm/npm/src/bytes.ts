import { unlessAborted } from "./tokens.js";
import type { AgentUserRow, Plan, ProvisionReport } from "./types.js";

/** The content of a file that is at hand. */
export type BytesAtHand = string | Uint8Array | ArrayBuffer;

/** The content of a file: text, bytes, the `File` of a page's input, or a stream of bytes such as the body of a response. */
export type Bytes = BytesAtHand | Blob | ReadableStream<Uint8Array>;

/** A roster that is at hand: the content of a CSV or JSON file, or its rows. */
export type RosterAtHand = BytesAtHand | readonly AgentUserRow[];

/**
 * A roster: the content of a CSV or JSON file, also as a stream of Node, or its rows, also those that come one by one. Reports number
 * rows from 1.
 */
export type RosterSource = Bytes | readonly AgentUserRow[] | AsyncIterable<AgentUserRow | Uint8Array>;

/** The bytes beside an operation: at hand, or read until the signal ends it. */
export type Input = Uint8Array | ((signal: AbortSignal) => Promise<Uint8Array>);

/**
 * The most that is read of a roster. One byte or one row more is read and nothing behind it: by that the core knows that the roster is too
 * large.
 */
interface Limits {
  readonly maxBytes?: number | undefined;
  readonly maxRows?: number | undefined;
}

const MEBIBYTE = 2 ** 20;
/** The limits of the core where a call names none. */
const ROSTER = { bytes: 64 * MEBIBYTE, rows: 200_000 };
const PLAN = { bytes: 128 * MEBIBYTE };
const REPORTS = { bytes: 128 * MEBIBYTE };
const SNAPSHOT = { bytes: 512 * MEBIBYTE };

/** The bytes of a roster that is at hand. */
export function rosterBytes(roster: RosterAtHand): Uint8Array {
  return Array.isArray(roster) ? bytes(JSON.stringify(roster)) : bytes(roster as BytesAtHand);
}

/** The input that a roster is. */
export function rosterInput(roster: RosterSource, { maxBytes = ROSTER.bytes, maxRows = ROSTER.rows }: Limits = {}): Input {
  if (Array.isArray(roster)) return rosterBytes(roster);
  // Streams of the web can be iterated over, too, where the platform lets them.
  if (isIterable(roster) && !isStream(roster)) return (signal) => read(roster[Symbol.asyncIterator](), maxBytes, maxRows, signal);
  return input(roster as Bytes, maxBytes);
}

/** The input that reports are: those of calls, or the content of a file. */
export function reportInput(reports: Bytes | readonly ProvisionReport[]): Input {
  return input(Array.isArray(reports) ? JSON.stringify(reports) : (reports as Bytes), REPORTS.bytes);
}

/** The input that a snapshot of an audit is: the content of its file. */
export function snapshotInput(snapshot: Bytes): Input {
  return input(snapshot, SNAPSHOT.bytes);
}

/** The input that a plan is: one that was made, or the content of its file. */
export function planInput(plan: Plan | Bytes, maxBytes = PLAN.bytes): Input {
  return input(isPlan(plan) ? JSON.stringify(plan) : plan, maxBytes);
}

/** The input that a content is, of which no more is read than one byte over the most. */
export function input(content: Bytes, maxBytes = Infinity): Input {
  if (isAtHand(content)) return bytes(content);
  if (isStream(content)) return (signal) => read(stepsOf(content), maxBytes, 0, signal);
  return async () => new Uint8Array(await content.slice(0, maxBytes + 1).arrayBuffer());
}

/** The bytes of a content that is at hand. */
export function bytes(content: BytesAtHand): Uint8Array {
  if (typeof content === "string") return new TextEncoder().encode(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

function isAtHand(content: Bytes): content is BytesAtHand {
  return typeof content === "string" || content instanceof Uint8Array || content instanceof ArrayBuffer;
}

function isPlan(plan: Plan | Bytes): plan is Plan {
  return typeof plan === "object" && "changes" in plan;
}

function isIterable(roster: RosterSource): roster is AsyncIterable<AgentUserRow | Uint8Array> {
  return typeof roster === "object" && Symbol.asyncIterator in roster;
}

/** Whether it is a stream of the web. Hosts without such streams have no class to ask for. */
function isStream(content: object): content is ReadableStream<Uint8Array> {
  return "getReader" in content;
}

/** The parts of an asynchronous iterator, or of the reader of a stream, that are needed here. */
interface Steps {
  next(): Promise<IteratorResult<AgentUserRow | Uint8Array>>;
  return?(): Promise<unknown>;
}

function stepsOf(stream: ReadableStream<Uint8Array>): Steps {
  const reader = stream.getReader();
  return { next: () => reader.read() as Promise<IteratorResult<Uint8Array>>, return: () => reader.cancel() };
}

/** The bytes of rows, or of the parts of a file, until they are enough or the signal is aborted. */
async function read(steps: Steps, maxBytes: number, maxRows: number, signal: AbortSignal): Promise<Uint8Array> {
  const taken: (string | Uint8Array)[] = [];
  let isRows = false;
  let size = 0;
  try {
    while (size <= maxBytes && !(isRows && taken.length > maxRows)) {
      signal.throwIfAborted();
      const { done, value } = await unlessAborted(steps.next(), signal);
      if (done) break;
      isRows = !(value instanceof Uint8Array);
      const part = isRows ? JSON.stringify(value) : (value as Uint8Array);
      taken.push(part);
      size += part.length;
    }
  } finally {
    // A source that does not answer is left and not waited for.
    steps.return?.().catch(() => {});
  }
  const file = new Blob(isRows ? [`[${taken.join()}]`] : (taken as BlobPart[]));
  return new Uint8Array(await file.arrayBuffer());
}
