import type { AgentUserRow, Plan, ProvisionReport } from "./types.js";

/** The content of a file: text, bytes, or the `File` of a page's input. */
export type Bytes = string | Uint8Array | ArrayBuffer | Blob;

/** A roster: the content of a CSV or JSON file, or its rows, which reports number from 1. */
export type RosterSource = Bytes | readonly AgentUserRow[];

/** The bytes of a roster. */
export function rosterBytes(roster: Exclude<RosterSource, Blob>): Uint8Array;
export function rosterBytes(roster: RosterSource): Uint8Array | Promise<Uint8Array>;
export function rosterBytes(roster: RosterSource): Uint8Array | Promise<Uint8Array> {
  return bytes(Array.isArray(roster) ? JSON.stringify(roster) : (roster as Bytes));
}

/** The bytes of reports: those of calls, or the content of a file. */
export function reportBytes(reports: Bytes | readonly ProvisionReport[]): Uint8Array | Promise<Uint8Array> {
  return bytes(Array.isArray(reports) ? JSON.stringify(reports) : (reports as Bytes));
}

/** The bytes of a plan: one that was made, or the content of its file. */
export function planBytes(plan: Plan | Bytes): Uint8Array | Promise<Uint8Array> {
  return bytes(isPlan(plan) ? JSON.stringify(plan) : plan);
}

function isPlan(plan: Plan | Bytes): plan is Plan {
  return typeof plan === "object" && "changes" in plan;
}

/** The bytes. */
export function bytes(content: Exclude<Bytes, Blob>): Uint8Array;
export function bytes(content: Bytes): Uint8Array | Promise<Uint8Array>;
export function bytes(content: Bytes): Uint8Array | Promise<Uint8Array> {
  if (typeof content === "string") return new TextEncoder().encode(content);
  if (content instanceof Uint8Array) return content;
  if (content instanceof ArrayBuffer) return new Uint8Array(content);
  return content.arrayBuffer().then((buffer) => new Uint8Array(buffer));
}
