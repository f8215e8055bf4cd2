import type { AgentUserEvent } from "./types.js";

/** What every call takes. */
export interface CallOptions {
  /**
   * Cancels the call in good order: nothing new is started; of a call that changes something, what is in flight is
   * finished and recorded, and lost answers are still looked up. Then the call rejects with an `AbortError`, unless it
   * had come to its end by itself.
   */
  readonly signal?: AbortSignal | undefined;
  /** Called with progress. If it throws, the call is cancelled, with that as the cause. */
  readonly onProgress?: ((event: AgentUserEvent) => void) | undefined;
}
