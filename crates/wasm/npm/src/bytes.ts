import type { AgentUserRow } from "./types.js";

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

/** The bytes. */
export function bytes(content: Exclude<Bytes, Blob>): Uint8Array;
export function bytes(content: Bytes): Uint8Array | Promise<Uint8Array>;
export function bytes(content: Bytes): Uint8Array | Promise<Uint8Array> {
  if (typeof content === "string") return new TextEncoder().encode(content);
  if (content instanceof Uint8Array) return content;
  if (content instanceof ArrayBuffer) return new Uint8Array(content);
  return content.arrayBuffer().then((buffer) => new Uint8Array(buffer));
}
