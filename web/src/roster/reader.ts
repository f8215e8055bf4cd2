// The page's side of the worker that reads rosters.
import type { RequiredPermissions, RosterValidation } from "agentuser";
import { line, type Remote } from "../common/rpc.js";
import { compiledModule } from "../connection/module.js";
import { worker } from "../trusted.js";
import type { FileRow, FileTable } from "./table.js";
import type { Judging, PageHandlers, RosterHandlers } from "./worker.js";
import address from "./worker.ts?worker&url";

/** A file as the worker has read it. */
export interface ReadFile {
  readonly table: FileTable;
  readonly check: (judging: Judging) => Promise<RosterValidation>;
  /** The permissions that its rows need. */
  readonly needed: (domain: string | undefined) => Promise<RequiredPermissions>;
}

/** Reads a file in a worker of its own, which ends with `end`. */
export async function readFile(bytes: Uint8Array, end: AbortSignal): Promise<ReadFile> {
  const rows: FileRow[] = [];
  const handlers: PageHandlers = {
    rows: (more) => {
      rows.push(...more);
    },
  };
  const remote: Remote<RosterHandlers> = line<RosterHandlers>(worker(address, "roster", end), handlers);
  await remote.open(await compiledModule());
  const head = await remote.read(bytes);
  return { table: { ...head, rows }, check: remote.check, needed: remote.needed };
}
