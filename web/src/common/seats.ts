import type { SubscribedSku } from "agentuser";

/** The seats of a SKU that are paid for and not taken. */
export function freeSeats({ prepaidUnits, consumedUnits }: Pick<SubscribedSku, "prepaidUnits" | "consumedUnits">): number {
  return Math.max(0, (prepaidUnits?.enabled ?? 0) - (consumedUnits ?? 0));
}
