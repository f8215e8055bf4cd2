import type { AgentUserClient, AgentUserEvent, CallOptions, Problem } from "agentuser";
import { createContext, useContext, useEffect, useReducer, useRef, useState } from "react";
import { waitOf, type Waiting } from "../common/waiting.js";
import { useClient } from "../connection/session.js";
import { problemOf } from "../common/problem.js";

/** Something that a part of the page reads. While it is read again, or where that fails, the former value stays. */
export interface Reading<Value> {
  readonly step: "reading" | "read" | "failed";
  readonly value?: Value;
  readonly problem?: Problem | string;
  readonly waiting?: Waiting;
  readonly again: () => void;
}

/** How often the page's agent user was changed: each change is a reason to read all of it again. */
export const Changes = createContext(0);

type Read<Value> = (client: AgentUserClient, options: CallOptions) => Promise<Value>;
type State<Value> = Omit<Reading<Value>, "again">;

/**
 * Reads a part of the page, by itself: a failure is a value here, and breaks no other part. It is read again where `key` is
 * another one; without one it is not read yet.
 */
export function useReading<Value>(key: string | undefined, read: Read<Value>): Reading<Value> {
  const client = useClient();
  const changes = useContext(Changes);
  const [asked, again] = useReducer((n: number) => n + 1, 0);
  const [state, setState] = useState<State<Value>>({ step: "reading" });
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  useEffect(() => {
    if (key === undefined) return undefined;
    const controller = new AbortController();
    const become = (next: (former: State<Value>) => State<Value>) => {
      if (!controller.signal.aborted) setState(next);
    };
    const onProgress = (event: AgentUserEvent) => {
      const waiting = waitOf(event);
      if (waiting !== undefined) become((former) => ({ ...former, waiting }));
    };
    become((former) => ({ ...kept(former), step: "reading" }));
    latest.current(client, { signal: controller.signal, onProgress }).then(
      (value) => become(() => ({ step: "read", value })),
      (error: unknown) => become((former) => ({ ...kept(former), step: "failed", problem: problemOf(error) })),
    );
    return () => controller.abort();
  }, [client, key, changes, asked]);
  return { ...state, again };
}

function kept<Value>({ value }: State<Value>): Pick<State<Value>, "value"> {
  return value === undefined ? {} : { value };
}
