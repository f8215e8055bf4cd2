import "../changes/changes.css";
import "./single.css";
import { Button } from "@fluentui/react-button";
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-dialog";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import { ProgressBar } from "@fluentui/react-progress";
import type { ProvisionReport } from "agentuser";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { describe } from "../changes/describe.js";
import type { ChangeRun } from "../changes/run.js";
import { Step as StepContent } from "../changes/step.js";
import { WaitingNote } from "../changes/waiting.js";
import { isWhole, titleOf, useAnnounced } from "../changes/words.js";
import { useFocusBack } from "../common/focus.js";
import { ProblemNote } from "../common/problem.js";
import type { Waiting } from "../common/waiting.js";
import { SignInAgain } from "../shell/again.js";
import { number, strings } from "../strings/index.js";
import { type Change, type ChangeState, useChange } from "./change.js";

interface ChangeDialogProps {
  readonly title: string;
  /** The coming change, in a sentence. */
  readonly intro?: string;
  /** The change, once the form has what it needs. */
  readonly change: Change | undefined;
  /** The form. Without one, the dialog begins with the change. */
  readonly children?: ReactNode;
  /** Closes the dialog. `isChanged`: something may be another than before; `isMade`: the change came to its end. */
  readonly close: (isChanged: boolean, isMade: boolean) => void;
}

/** A change of one object: its form, what would change, the change, and how it ended. */
export function ChangeDialog({ title, intro, change, children, close }: ChangeDialogProps) {
  const hasForm = children !== undefined;
  const { state, look, make, back, stop, dismiss } = useChange(title, hasForm ? undefined : change);
  useFocusBack();
  // A look that is stopped goes back to the form, where there is one.
  const halt = () => {
    stop();
    if (!hasForm) close(false, false);
  };
  const end = () => {
    const made = state.step === "making" ? state.run.state : undefined;
    dismiss();
    close(made !== undefined, made?.step === "applied" && !made.isCancelled);
  };
  const leave = () => close(false, false);
  const escape = () => (state.step === "making" && state.run.isRunning ? leave() : state.step !== "looking" && end());
  const toForm = hasForm ? { back } : {};
  return (
    <Dialog open onOpenChange={(_, { type }) => type === "escapeKeyDown" && escape()}>
      <DialogSurface className="changes single">
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          {state.step === "form" ? (
            <Form intro={intro} change={change} look={look} cancel={end}>
              {children}
            </Form>
          ) : state.step === "making" ? (
            <Making run={state.run} leave={leave} close={end} {...toForm} />
          ) : (
            <Look state={state} intro={hasForm ? undefined : intro} make={make} stop={halt} close={end} {...toForm} />
          )}
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

interface FormProps {
  readonly intro: string | undefined;
  readonly change: Change | undefined;
  readonly look: (change: Change) => void;
  readonly cancel: () => void;
  readonly children: ReactNode;
}

function Form({ intro, change, look, cancel, children }: FormProps) {
  const submit = (event: { preventDefault(): void }) => {
    event.preventDefault();
    if (change !== undefined) look(change);
  };
  return (
    <form className="whole" onSubmit={submit}>
      <DialogContent>
        {intro !== undefined && <p>{intro}</p>}
        <div className="form">{children}</div>
      </DialogContent>
      <DialogActions>
        <Button onClick={cancel}>{strings.app.cancel}</Button>
        <Button type="submit" appearance="primary" disabled={change === undefined}>
          {strings.changes.next}
        </Button>
      </DialogActions>
    </form>
  );
}

interface LookProps {
  readonly state: Exclude<ChangeState, { step: "form" | "making" }>;
  readonly intro: string | undefined;
  readonly make: () => void;
  readonly back?: () => void;
  readonly stop: () => void;
  readonly close: () => void;
}

function Look({ state, intro, make, back, stop, close }: LookProps) {
  const text = strings.changes;
  const toForm = back === undefined ? {} : { back };
  switch (state.step) {
    case "looking":
      return (
        <Running title={state.isStopping ? text.stopping : text.planning} waiting={state.waiting} isStopping={state.isStopping} stop={stop} />
      );
    case "looked":
      return <Looked report={state.report} intro={intro} make={make} close={close} {...toForm} />;
    case "failed":
      return (
        <Ended close={close} {...toForm}>
          <ProblemNote title={text.planFailed} problem={state.problem} />
          {state.report !== undefined && <ReportChanges report={state.report} />}
        </Ended>
      );
  }
}

interface MakingProps {
  readonly run: ChangeRun;
  /** Closes the dialog of a change that goes on. */
  readonly leave: () => void;
  readonly close: () => void;
  readonly back?: () => void;
}

/** The making of the change, and how it ended. */
function Making({ run, leave, close, back }: MakingProps) {
  const state = useSyncExternalStore(run.subscribe, () => run.state);
  useAnnounced(state);
  const text = strings.changes;
  const [report] = state.reports;
  switch (state.step) {
    case "applied":
      return (
        <Ended close={close}>
          <MessageBar intent={isWhole(state) ? "success" : "warning"} layout="multiline">
            <MessageBarBody>{titleOf(state)}</MessageBarBody>
          </MessageBar>
          {report !== undefined && <ReportChanges report={report} />}
        </Ended>
      );
    case "failed":
      return (
        <Ended close={close} {...(back === undefined ? {} : { back })}>
          <ProblemNote title={text.applyFailed} problem={state.problem} />
          {report !== undefined && <ReportChanges report={report} />}
        </Ended>
      );
    default: {
      const { stopping, waiting } = { stopping: false, waiting: undefined, ...state };
      return <Running title={stopping ? text.stopping : text.applying} waiting={waiting} isStopping={stopping} stop={() => run.stop()} leave={leave} />;
    }
  }
}

interface RunningProps {
  readonly title: string;
  readonly waiting: Waiting | undefined;
  readonly isStopping: boolean;
  readonly stop: () => void;
  readonly leave?: () => void;
}

function Running({ title, waiting, isStopping, stop, leave }: RunningProps) {
  return (
    <>
      <StepContent>
        <SignInAgain />
        <p>{title}</p>
        <ProgressBar aria-label={title} thickness="large" />
        <WaitingNote waiting={waiting} />
      </StepContent>
      <DialogActions>
        <Button disabled={isStopping} onClick={stop}>
          {strings.changes.stop}
        </Button>
        {leave !== undefined && <Button onClick={leave}>{strings.runs.leave}</Button>}
      </DialogActions>
    </>
  );
}

function Looked({ report, intro, make, back, close }: { report: ProvisionReport; intro: string | undefined; make: () => void; back?: () => void; close: () => void }) {
  const text = strings.changes;
  const count = report.changes.length;
  return (
    <>
      <StepContent>
        {intro !== undefined && <p>{intro}</p>}
        <p>{count > 0 ? text.ready : text.nothing}</p>
        <ReportChanges report={report} />
      </StepContent>
      <DialogActions>
        {back !== undefined && <Button onClick={back}>{strings.app.back}</Button>}
        <Button onClick={close}>{strings.app.cancel}</Button>
        <Button appearance="primary" disabled={count === 0} onClick={make}>
          {text.apply(count, number(count))}
        </Button>
      </DialogActions>
    </>
  );
}

function Ended({ close, back, children }: { close: () => void; back?: () => void; children: ReactNode }) {
  return (
    <>
      <StepContent>{children}</StepContent>
      <DialogActions>
        {back !== undefined && <Button onClick={back}>{strings.app.back}</Button>}
        <Button appearance="primary" onClick={close}>
          {strings.app.close}
        </Button>
      </DialogActions>
    </>
  );
}

/** The changes of a report in words, and what is to be known beside them. */
export function ReportChanges({ report: { changes, remarks = [], outcome } }: { report: ProvisionReport }) {
  const isDone = (applied: boolean) => applied || outcome === "planned";
  return (
    <>
      <ul className="change-list">
        {changes.map((change, at) => (
          <li key={at} className={isDone(change.applied) ? undefined : "undone"}>
            {describe(change)}
            {!isDone(change.applied) && ` (${strings.user.notMade})`}
          </li>
        ))}
      </ul>
      {remarks.map(({ code, message }) => (
        <p key={code}>{message}</p>
      ))}
    </>
  );
}

/** A dialog that a button opens. */
export function useDialog(): readonly [isOpen: boolean, open: () => void, close: () => void] {
  const [isOpen, setOpen] = useState(false);
  return [isOpen, () => setOpen(true), () => setOpen(false)];
}
