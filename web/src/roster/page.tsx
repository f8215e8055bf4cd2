import "../common/box.css";
import "./roster.css";
import { Spinner } from "@fluentui/react-spinner";
import { useEffect, useSyncExternalStore } from "react";
import { useConnection } from "../connection/session.js";
import { announce } from "../common/announce.js";
import { ProblemNote } from "../common/problem.js";
import { PageHeading } from "../common/heading.js";
import { number, strings } from "../strings/index.js";
import { Checked } from "./checked.js";
import { ChooseFile } from "./choose.js";
import { RunPart } from "./run-part.js";
import { rosterOf, type RosterState, type RosterStore } from "./store.js";

/** A roster: its file, its errors in their cells, its plan, and its run. */
export default function Page() {
  const store = rosterOf(useConnection());
  const state = useSyncExternalStore(store.subscribe, () => store.state);
  useAnnounced(state);
  return (
    <div className="roster">
      <PageHeading title={strings.pages.roster} intro={strings.roster.intro} />
      <Steps state={state} />
      <Part store={store} state={state} />
    </div>
  );
}

function Part({ store, state }: { store: RosterStore; state: RosterState }) {
  const { file, isReading, check, run } = state;
  if (isReading && file === undefined) return <Spinner className="waiting" label={strings.roster.reading} />;
  if (file === undefined || check === undefined) return <ChooseFile store={store} unread={state.unread} />;
  if (run !== undefined) return <RunPart store={store} state={state} file={file} run={run} />;
  return (
    <>
      {state.unread !== undefined && <ProblemNote title={strings.roster.unread} problem={state.unread} />}
      <Checked store={store} state={state} file={file} check={check} />
    </>
  );
}

/** Where the work stands: file, check, plan, changes. */
function Steps({ state }: { state: RosterState }) {
  const step = useStep(state);
  const text = strings.roster.steps;
  return (
    <ol className="steps" aria-label={strings.roster.progress}>
      {(["file", "check", "plan", "apply"] as const).map((name, at) => (
        <li key={name} aria-current={at === step ? "step" : undefined} className={at < step ? "past" : undefined}>
          <span aria-hidden>{number(at + 1)}</span>
          {text[name]}
        </li>
      ))}
    </ol>
  );
}

const never = () => () => {};

function useStep({ file, run }: RosterState): number {
  const state = useSyncExternalStore(run?.subscribe ?? never, () => run?.state);
  if (file === undefined) return 0;
  if (state === undefined) return 1;
  return state.step === "planning" || state.step === "planned" || (state.step === "failed" && state.during === "planning") ? 2 : 3;
}

/** Says what came of the check. */
function useAnnounced({ file, check, places }: RosterState): void {
  useEffect(() => {
    if (file === undefined || check === undefined) return;
    const text = strings.roster;
    const errors = places.listed.length + places.ofFile.length;
    announce(check.problem === undefined ? text.valid(check.rows, number(check.rows)) : errors > 0 ? text.invalid(errors, number(errors)) : check.problem.message);
  }, [file, check, places]);
}
