// Calls between the page and a worker: each has an answer, and each side may call the other.

import { Mistake } from "./mistake.js";

type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

type Message =
  | { readonly call: string; readonly id: number; readonly argument: unknown }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failed: { readonly message: string; readonly problem?: unknown } };

/** One end of a line: a worker, or within a worker the page. */
interface End {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** The code of the other side did not load or did not start, so that it answers nothing. */
export class WorkerLost extends Error {}

/** A value whose buffers move to the other side in place of being copied. */
export class Moved<Value> {
  constructor(
    readonly value: Value,
    readonly transfer: Transferable[],
  ) {}
}

/** A failure of the other side, with the problem of the package where it has one. */
export class RemoteError extends Error {
  constructor(
    message: string,
    readonly problem?: unknown,
  ) {
    super(message);
  }
}

/** The functions of the other side, by the types of its handlers. */
export type Remote<Of extends Handlers> = {
  readonly [Name in keyof Of]: (
    argument: Parameters<Of[Name]>[0],
    transfer?: Transferable[],
  ) => Promise<Awaited<ReturnType<Of[Name]>> extends Moved<infer Value> ? Value : Awaited<ReturnType<Of[Name]>>>;
};

/** Answers calls by these handlers, and gives the functions of the other side. */
export function line<Other extends Handlers>(end: End, handlers: Handlers): Remote<Other> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>();
  let last = 0;
  let isLost = false;
  // Handlers catch their own errors, so that an error of the worker itself is that of its start.
  if (typeof Worker !== "undefined" && end instanceof Worker) {
    end.addEventListener("error", () => {
      isLost = true;
      for (const { reject } of waiting.values()) reject(new WorkerLost());
      waiting.clear();
    });
  }
  end.onmessage = async ({ data }: MessageEvent<Message>) => {
    if (!("call" in data)) {
      const asked = waiting.get(data.id);
      waiting.delete(data.id);
      if ("failed" in data) asked?.reject(new RemoteError(data.failed.message, data.failed.problem));
      else asked?.resolve(data.value);
      return;
    }
    try {
      const value = await handlers[data.call]?.(data.argument as never);
      if (value instanceof Moved) end.postMessage({ id: data.id, value: value.value }, value.transfer);
      else end.postMessage({ id: data.id, value });
    } catch (error) {
      const problem = error !== null && typeof error === "object" && "problem" in error ? { problem: error.problem } : {};
      const message = error instanceof Mistake ? "" : error instanceof Error ? error.message : String(error);
      end.postMessage({ id: data.id, failed: { message, ...problem } });
    }
  };
  return new Proxy({} as Remote<Other>, {
    get: (_, call: string) => (argument: unknown, transfer: Transferable[] = []) =>
      new Promise((resolve, reject) => {
        if (isLost) {
          reject(new WorkerLost());
          return;
        }
        const id = ++last;
        waiting.set(id, { resolve, reject });
        end.postMessage({ call, id, argument }, transfer);
      }),
  });
}
