// Requests through a message port: what has no network, such as a simulator in a worker, answers them.
import type { Fetch } from "agentuser";

/** A request as it crosses the port. */
export interface PortRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | null;
}

/** An answer as it crosses the port. */
export interface PortResponse {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

type Asked = { readonly id: number; readonly request: PortRequest } | { readonly abort: number };
type Answered = { readonly id: number } & ({ readonly response: PortResponse } | { readonly lost: string });

/** Statuses whose answer has no body: `Response` refuses one. */
const EMPTY = new Set([101, 204, 205, 304]);

/** A `fetch` that asks the other end of a port. */
export function fetchBy(port: MessagePort): Fetch {
  const waiting = new Map<number, { resolve(response: Response): void; reject(reason: unknown): void }>();
  let last = 0;
  port.onmessage = ({ data }: MessageEvent<Answered>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (asked === undefined) return;
    if ("lost" in data) {
      asked.reject(new TypeError(data.lost));
      return;
    }
    const { status, headers, body } = data.response;
    const init = { status, headers: headers.map(([name, value]): [string, string] => [name, value]) };
    asked.resolve(new Response(EMPTY.has(status) ? null : (body as BodyInit), init));
  };
  return (url, { method = "GET", headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      signal?.addEventListener("abort", () => {
        if (!waiting.delete(id)) return;
        port.postMessage({ abort: id } satisfies Asked);
        reject(signal.reason);
      });
      waiting.set(id, { resolve, reject });
      const request = { url, method, headers: [...new Headers(headers)], body: body as Uint8Array | null };
      port.postMessage({ id, request } satisfies Asked);
    });
}

/** Answers the requests of a port's other end. A rejection is a lost answer. */
export function answerBy(port: MessagePort, answer: (request: PortRequest, signal: AbortSignal) => Promise<PortResponse>): void {
  const running = new Map<number, AbortController>();
  port.onmessage = async ({ data }: MessageEvent<Asked>) => {
    if ("abort" in data) {
      running.get(data.abort)?.abort();
      running.delete(data.abort);
      return;
    }
    const controller = new AbortController();
    running.set(data.id, controller);
    const reply = (answered: Answered) => {
      if (running.delete(data.id)) port.postMessage(answered);
    };
    try {
      reply({ id: data.id, response: await answer(data.request, controller.signal) });
    } catch (reason) {
      reply({ id: data.id, lost: reason instanceof Error ? reason.message : String(reason) });
    }
  };
}
