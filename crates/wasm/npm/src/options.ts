import type { AgentUserEvent, AgentUserRecord } from "./types.js";

/** The options of every call. */
export interface CallOptions {
  /**
   * Cancels the call in good order: it starts nothing new. A call that changes something finishes and reports the
   * changes in flight, and looks up lost answers. Then the call rejects with an `AbortError`, unless it had reached its
   * end.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long the call may take, in milliseconds; by default as `settings.operationTimeoutMs` says. Then it ends in good
   * order, with `DeadlineExceeded` and what it waited for.
   */
  readonly timeoutMs?: number | undefined;
  /** Receives progress. If it throws, the call is cancelled, and that error is the cause. */
  readonly onProgress?: ((event: AgentUserEvent) => void) | undefined;
  /**
   * Receives a record of each request and of each change, in order. Nothing goes on before it returns, or before its promise
   * is settled. If it throws, the call is cancelled, and that error is the cause.
   */
  readonly onRecord?: ((record: AgentUserRecord) => void | Promise<void>) | undefined;
  /** Why the changes are made, for their records. */
  readonly reason?: string | undefined;
}
