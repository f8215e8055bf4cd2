// The sentences of a run: in its dialog, in the line that stands for it on other pages, and for screen readers.
import { useEffect } from "react";
import { announce } from "../common/announce.js";
import { number, strings } from "../strings/index.js";
import type { RunState } from "./run.js";

type Running = Extract<RunState, { step: "planning" | "applying" }>;

/** The sentence of a step, which is shown and said. */
export function titleOf(state: RunState): string {
  const text = strings.changes;
  switch (state.step) {
    case "planning":
      return text.planning;
    case "planned":
      return state.reports.some(({ outcome }) => outcome === "planned") ? text.ready : text.nothing;
    case "applying":
      return text.applying;
    case "applied":
      return state.isCancelled ? text.cancelled : isWhole(state) ? text.done : text.doneSome;
    case "failed":
      return state.during === "planning" ? text.planFailed : text.applyFailed;
  }
}

/** Whether every change that was planned is made. */
export function isWhole({ reports, isCancelled }: Extract<RunState, { step: "applied" }>): boolean {
  return !isCancelled && reports.every(({ outcome }) => outcome !== "failed" && outcome !== "cancelled");
}

/** "12 of 40 done"; empty until the number is known. */
export function progressOf({ step, counts: { done, of } }: Running): string {
  if (of === 0) return "";
  return (step === "planning" ? strings.changes.plannedOf : strings.changes.appliedOf)(number(done), number(of));
}

/** Says each step as it comes. */
export function useAnnounced(state: RunState): void {
  const title = titleOf(state);
  useEffect(() => announce(title), [title]);
}
