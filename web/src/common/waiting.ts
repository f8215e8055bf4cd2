import type { AgentUserEvent, WaitReason } from "agentuser";

/** A wait, with its end by the clock of this window. */
export interface Waiting {
  readonly why: WaitReason;
  readonly until: number;
}

/** The wait that begins now. */
export function waiting({ why, waitMs }: { readonly why: WaitReason; readonly waitMs: number }): Waiting {
  return { why, until: performance.now() + waitMs };
}

/** The wait that an event tells of. */
export function waitOf(event: AgentUserEvent): Waiting | undefined {
  return event.event === "waiting" ? waiting(event) : undefined;
}
