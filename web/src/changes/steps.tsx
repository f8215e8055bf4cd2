import "./changes.css";
import { Button } from "@fluentui/react-button";
import { DialogActions } from "@fluentui/react-dialog";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import { ProgressBar } from "@fluentui/react-progress";
import type { ProvisionReport } from "agentuser";
import { useSyncExternalStore } from "react";
import { download } from "../common/download.js";
import { ProblemNote } from "../common/problem.js";
import { number, strings } from "../strings/index.js";
import { SignInAgain } from "../shell/again.js";
import { Reports } from "./reports.js";
import type { ChangeRun, RunState } from "./run.js";
import { Step } from "./step.js";
import { WaitingNote } from "./waiting.js";
import { isWhole, progressOf, titleOf, useAnnounced } from "./words.js";

interface RunStepsProps {
  readonly run: ChangeRun;
  /** Closes the dialog of a run that goes on. */
  readonly leave: () => void;
  /** Closes the dialog, and forgets the run with its results. */
  readonly close: () => void;
}

/** The steps of a run in a dialog: the plan, its changes, their making, and how each ended. */
export function RunSteps({ run, leave, close }: RunStepsProps) {
  const state = useSyncExternalStore(run.subscribe, () => run.state);
  useAnnounced(state);
  switch (state.step) {
    case "planning":
    case "applying":
      return <Running run={run} state={state} leave={leave} />;
    case "planned":
      return <Planned run={run} state={state} close={close} />;
    case "applied":
      return <Applied state={state} close={close} />;
    case "failed":
      return <Failed state={state} close={close} />;
  }
}

interface RunningProps {
  readonly run: ChangeRun;
  readonly state: Extract<RunState, { step: "planning" | "applying" }>;
  readonly leave: () => void;
}

function Running({ run, state, leave }: RunningProps) {
  const text = strings.changes;
  const { counts, waiting, stopping } = state;
  const title = titleOf(state);
  return (
    <>
      <Step>
        <SignInAgain />
        <p>{stopping ? text.stopping : title}</p>
        <ProgressBar aria-label={title} thickness="large" {...(counts.of > 0 ? { value: counts.done / counts.of } : {})} />
        {counts.of > 0 && <p>{progressOf(state)}</p>}
        <WaitingNote waiting={waiting} />
      </Step>
      <DialogActions>
        <Button disabled={stopping} onClick={() => run.stop()}>
          {text.stop}
        </Button>
        <Button onClick={leave}>{strings.runs.leave}</Button>
      </DialogActions>
    </>
  );
}

function Planned({ run, state, close }: { run: ChangeRun; state: Extract<RunState, { step: "planned" }>; close: () => void }) {
  const text = strings.changes;
  const { plan, reports } = state;
  const count = (outcome: ProvisionReport["outcome"]) => reports.filter((report) => report.outcome === outcome).length;
  const [planned, unchanged, failed] = [count("planned"), count("unchanged"), count("failed")];
  const changes = reports.reduce((sum, report) => sum + (report.outcome === "planned" ? report.changes.length : 0), 0);
  return (
    <>
      <Step>
        <p>{titleOf(state)}</p>
        <ul className="totals">
          {planned > 0 && <li>{text.toChange(planned, number(planned))}</li>}
          {unchanged > 0 && <li>{text.alreadySo(unchanged, number(unchanged))}</li>}
          {failed > 0 && <li>{text.cannot(failed, number(failed))}</li>}
        </ul>
        <Reports reports={reports} label={text.ready} />
        <p className="digest">
          {text.digest}: <code>{plan.digest}</code>
        </p>
      </Step>
      <DialogActions fluid>
        <Button onClick={() => void plan.file().then((file) => download(text.planFile, file))}>
          {text.savePlan}
        </Button>
        <Button onClick={close}>{strings.app.cancel}</Button>
        <Button appearance="primary" disabled={planned === 0} onClick={() => void run.apply()}>
          {text.apply(changes, number(changes))}
        </Button>
      </DialogActions>
    </>
  );
}

function Applied({ state, close }: { state: Extract<RunState, { step: "applied" }>; close: () => void }) {
  const text = strings.changes;
  const { reports } = state;
  return (
    <>
      <Step>
        <MessageBar intent={isWhole(state) ? "success" : "warning"} layout="multiline">
          <MessageBarBody>{titleOf(state)}</MessageBarBody>
        </MessageBar>
        <Reports reports={reports} label={text.result} />
      </Step>
      <Ending reports={reports} close={close} />
    </>
  );
}

function Failed({ state, close }: { state: Extract<RunState, { step: "failed" }>; close: () => void }) {
  const { problem, reports } = state;
  const text = strings.changes;
  return (
    <>
      <Step>
        <ProblemNote title={titleOf(state)} problem={problem} />
        {reports.length > 0 && <Reports reports={reports} label={text.result} />}
      </Step>
      <Ending reports={reports} close={close} />
    </>
  );
}

function Ending({ reports, close }: { reports: readonly ProvisionReport[]; close: () => void }) {
  const text = strings.changes;
  return (
    <DialogActions fluid>
      {reports.length > 0 && (
        <Button onClick={() => download(text.resultFile, JSON.stringify(reports), "application/json")}>
          {text.saveResult}
        </Button>
      )}
      <Button appearance="primary" onClick={close}>
        {strings.app.close}
      </Button>
    </DialogActions>
  );
}
