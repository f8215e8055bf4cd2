import type { AnswerMessage, LossReason, RequestMessage, SentMessage } from "./messages.js";

/** Sends a request, as the platform's `fetch` does. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The answer to a request, with the body of a response. */
export interface Answer {
  readonly message: AnswerMessage;
  readonly body: Uint8Array;
}

export const NOTHING = new Uint8Array(0);

/** The size of the largest response that is read, in bytes after decompression. */
const LIMIT = 16 * 1024 * 1024;

/** A shorter text would be found in answers that do not repeat it. */
const SHORTEST_TOKEN = 8;

/** The platform's own `fetch`, which refuses to be called as a method of another object. */
export const platformFetch: Fetch = (url, init) => globalThis.fetch(url, init);

/** Sends one request and takes the whole answer. The token goes where the request goes and nowhere else. */
export async function send(
  fetch: Fetch,
  request: RequestMessage,
  body: Uint8Array | undefined,
  token: { readonly tag: number; readonly text: string },
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: [...request.headers, ...named(request), ["Authorization", `Bearer ${token.text}`]],
      body: (body ?? null) as BodyInit | null,
      signal,
      redirect: "error",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
    // An opaque response hides even its status.
    if (response.status === 0 || response.type === "opaque") return lost("broken", "The answer can't be seen.");
    const bytes = await read(response);
    if (bytes === undefined) return lost("tooLarge", "");
    // A server may repeat the token in what it says of a failure, which may be a part of a batch.
    const clean = (text: string): string =>
      token.text.length < SHORTEST_TOKEN ? text : text.replaceAll(token.text, "[redacted]");
    const headers = [...response.headers].map(([name, value]): [string, string] => [name, clean(value)]);
    const message: AnswerMessage = { answer: "response", status: response.status, headers, token: token.tag };
    if (response.status < 400 && !request.url.endsWith("/$batch")) return { message, body: bytes };
    const said = new TextDecoder().decode(bytes);
    const cleaned = clean(said);
    return { message, body: cleaned === said ? bytes : new TextEncoder().encode(cleaned) };
  } catch (error) {
    const inner = innermost(error);
    const unsent = fetch === platformFetch ? wasNeverSent(inner) : saysUnsent(error);
    return unsent ? lost("unreachable", inner.message, "no") : lost("broken", inner.message);
  }
}

/** Whether it is a browser. Asked once, because a look at a page's global object takes a while. */
const isBrowser = "document" in globalThis || "WorkerGlobalScope" in globalThis;

/** The run's name, where the platform lets a `User-Agent` be sent: in browsers it would need a preflight, or be dropped. */
function named(request: RequestMessage): [string, string][] {
  return isBrowser ? [] : [["User-Agent", request.userAgent]];
}

/** The body of a response, unless it is too large. */
async function read(response: Response): Promise<Uint8Array | undefined> {
  if (!response.body) return NOTHING;
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LIMIT) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function lost(why: LossReason, message: string, sent: SentMessage = "maybe"): Answer {
  return { message: { answer: "lost", sent, why, message }, body: NOTHING };
}

export function noToken(message: string): Answer {
  return { message: { answer: "noToken", message }, body: NOTHING };
}

/** An error as Node makes them. */
interface NodeError extends Error {
  readonly code?: unknown;
  readonly syscall?: unknown;
  /** The errors of all addresses of a host. */
  readonly errors?: readonly NodeError[];
}

/** The reason for an error of `fetch`, which Node gives at the end of a chain of causes. */
function innermost(error: unknown): NodeError {
  let at = error instanceof Error ? error : new Error(String(error));
  while (at.cause instanceof Error) at = at.cause;
  return at;
}

/**
 * Whether a connection was never made, by Node's names; browsers don't say. A code such as `EHOSTUNREACH` alone proves
 * nothing: a system also reports it for a connection whose request has arrived.
 */
function wasNeverSent({ code, syscall, errors }: NodeError): boolean {
  if (errors?.length) return errors.every(wasNeverSent);
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  const name = String(code);
  return (
    name === "UND_ERR_CONNECT_TIMEOUT" ||
    name === "UNABLE_TO_VERIFY_LEAF_SIGNATURE" ||
    name.startsWith("ERR_TLS_CERT") ||
    name.includes("CERT_") ||
    name.endsWith("_CERT")
  );
}

/** Whether an error of another `fetch` says that the request was not sent. It may have tried more than once. */
function saysUnsent(error: unknown): boolean {
  return error instanceof Error && "sent" in error && error.sent === "no";
}
