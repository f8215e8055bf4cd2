// The runs of the page. Each lives outside of pages and dialogs: it goes on while others are shown, and its results stay until
// they are dismissed.
import { useSyncExternalStore } from "react";
import { type Connection, endOf } from "../connection/connection.js";
import { subscribe as onRoute } from "../route.js";
import type { ChangeRun } from "./run.js";

export interface KeptRun {
  readonly id: number;
  readonly run: ChangeRun;
  readonly connection: Connection;
  readonly title: string;
  /** The page that shows the run, such as `roster`. A run without one is shown in a dialog. */
  readonly page?: string;
  /** The element that has the focus again after the dialog. */
  readonly opener?: Element | null;
}

interface Runs {
  readonly all: readonly KeptRun[];
  /** The run whose dialog is open. */
  readonly open: KeptRun | undefined;
}

let last = 0;
let runs: Runs = { all: [], open: undefined };
const listeners = new Set<() => void>();

function become(next: Runs): void {
  runs = next;
  for (const listener of listeners) listener();
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** Keeps a run, and shows it at once. */
export function keepRun(run: Omit<KeptRun, "id">): void {
  const kept = keepRunAside(run);
  if (kept?.page === undefined) become({ ...runs, open: kept });
}

/** Keeps a run whose place was left: a line stands for it. */
export function keepRunAside(run: Omit<KeptRun, "id">): KeptRun | undefined {
  const end = endOf(run.connection);
  if (end.aborted) return undefined;
  const kept: KeptRun = { id: ++last, ...run };
  end.addEventListener("abort", () => dismissRun(kept.run));
  become({ ...runs, all: [...runs.all, kept] });
  return kept;
}

/** Opens the dialog of a run. */
export function openRun(kept: KeptRun): void {
  become({ ...runs, open: kept });
}

/** Closes the dialog. Its run goes on, and its results stay. */
export function closeRun(): void {
  if (runs.open !== undefined) become({ ...runs, open: undefined });
}

/** Forgets a run with its results. */
export function dismissRun(run: ChangeRun): void {
  if (!runs.all.some((one) => one.run === run)) return;
  become({ all: runs.all.filter((one) => one.run !== run), open: runs.open?.run === run ? undefined : runs.open });
}

// Another place in the page is another page: a dialog would lie over it.
onRoute(closeRun);

export function useRuns(): Runs {
  return useSyncExternalStore(subscribe, () => runs);
}
