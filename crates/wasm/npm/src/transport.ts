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
const LIMIT = 64 * 1024 * 1024;

/** Node's names for connections that were never made. Browsers don't say. */
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

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
    const headers = [...response.headers] as [string, string][];
    return { message: { answer: "response", status: response.status, headers, token: token.tag }, body: bytes };
  } catch (error) {
    const [code, message] = innermost(error);
    if (UNREACHABLE.has(code) || code.startsWith("ERR_TLS_") || code.includes("CERT")) {
      return lost("unreachable", message, "no");
    }
    return lost("broken", message);
  }
}

/** The run's name, where the platform lets a `User-Agent` be sent: in browsers it would need a preflight, or be dropped. */
function named(request: RequestMessage): [string, string][] {
  return "document" in globalThis || "WorkerGlobalScope" in globalThis ? [] : [["User-Agent", request.userAgent]];
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

/** The code and message of an error of `fetch`. Node gives the reason in a chain of causes. */
function innermost(error: unknown): [code: string, message: string] {
  let code = "";
  let message = String(error);
  for (let at = error; at instanceof Error; at = at.cause) {
    message = at.message || message;
    if ("code" in at && typeof at.code === "string") code = at.code;
  }
  return [code, message];
}
