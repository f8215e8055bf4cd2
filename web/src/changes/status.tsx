import "./status.css";
import { Button } from "@fluentui/react-button";
import { ProgressBar } from "@fluentui/react-progress";
import { useSyncExternalStore } from "react";
import { go } from "../route.js";
import { strings } from "../strings/index.js";
import type { RunState } from "./run.js";
import { dismissRun, type KeptRun, openRun } from "./runs.js";
import { WaitingNote } from "./waiting.js";
import { isWhole, progressOf, titleOf, useAnnounced } from "./words.js";

/** The runs that are not on the screen, each with a line: how far it is, and the way back to it. */
export default function RunStatus({ runs }: { runs: readonly KeptRun[] }) {
  return (
    <section className="runs" aria-label={strings.runs.title}>
      <ul>
        {runs.map((kept) => (
          <Line key={kept.id} kept={kept} />
        ))}
      </ul>
    </section>
  );
}

function Line({ kept }: { kept: KeptRun }) {
  const { run, page, title } = kept;
  const state = useSyncExternalStore(run.subscribe, () => run.state);
  const text = strings.runs;
  useAnnounced(state);
  const isRunning = state.step === "planning" || state.step === "applying";
  return (
    <li className={standing(state)}>
      <strong>{title}</strong>
      <span className="how">{isRunning ? <Progress state={state} /> : state.step === "planned" ? text.planned : titleOf(state)}</span>
      <span className="does">
        <Button size="small" aria-label={text.showOf(title)} onClick={() => (page === undefined ? openRun(kept) : go(page))}>
          {text.show}
        </Button>
        {isRunning ? (
          <Button size="small" aria-label={text.stopOf(title)} disabled={state.stopping} onClick={() => run.stop()}>
            {strings.changes.stop}
          </Button>
        ) : (
          <Button size="small" appearance="subtle" aria-label={text.dismissOf(title)} onClick={() => dismissRun(run)}>
            {text.dismiss}
          </Button>
        )}
      </span>
    </li>
  );
}

function Progress({ state }: { state: Extract<RunState, { step: "planning" | "applying" }> }) {
  const { counts, stopping, waiting } = state;
  const title = stopping ? strings.changes.stopping : titleOf(state);
  return (
    <>
      <ProgressBar className="progress" aria-label={title} thickness="large" {...(counts.of > 0 ? { value: counts.done / counts.of } : {})} />
      <span>{stopping ? title : progressOf(state) || title}</span>
      <WaitingNote waiting={waiting} />
    </>
  );
}

/** How a run stands, for its color. */
function standing(state: RunState): "good" | "bad" | undefined {
  if (state.step === "failed") return "bad";
  if (state.step !== "applied") return undefined;
  return isWhole(state) ? "good" : "bad";
}
