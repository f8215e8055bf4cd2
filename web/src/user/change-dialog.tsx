import "../changes/changes.css";
import "./single.css";
import { Button } from "@fluentui/react-button";
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-dialog";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import { ProgressBar } from "@fluentui/react-progress";
import type { ProvisionReport } from "agentuser";
import { type ReactNode, useState } from "react";
import { describe } from "../changes/describe.js";
import { Step as StepContent } from "../changes/step.js";
import { WaitingNote } from "../changes/waiting.js";
import { useFocusBack } from "../common/focus.js";
import { ProblemNote } from "../common/problem.js";
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
  const { state, look, make, back, stop } = useChange(hasForm ? undefined : change);
  const isRunning = state.step === "looking" || state.step === "making";
  useFocusBack();
  // A look that is stopped goes back to the form, where there is one.
  const halt = () => {
    stop();
    if (!hasForm && state.step === "looking") close(false, false);
  };
  const isMade = state.step === "made";
  const end = () => close(isMade || (state.step === "failed" && state.during === "making"), isMade);
  return (
    <Dialog open onOpenChange={(_, { type }) => type === "escapeKeyDown" && !isRunning && end()}>
      <DialogSurface className="changes single">
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          {state.step === "form" ? (
            <Form intro={intro} change={change} look={look} cancel={end}>
              {children}
            </Form>
          ) : (
            <Step state={state} intro={hasForm ? undefined : intro} make={make} stop={halt} close={end} {...(hasForm ? { back } : {})} />
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

interface StepProps {
  readonly state: Exclude<ChangeState, { step: "form" }>;
  readonly intro: string | undefined;
  readonly make: () => void;
  readonly back?: () => void;
  readonly stop: () => void;
  readonly close: () => void;
}

function Step({ state, intro, make, back, stop, close }: StepProps) {
  const text = strings.changes;
  switch (state.step) {
    case "looking":
    case "making": {
      const title = state.isStopping ? text.stopping : state.step === "looking" ? text.planning : text.applying;
      return (
        <>
          <StepContent>
            <SignInAgain />
            <p>{title}</p>
            <ProgressBar aria-label={title} thickness="large" />
            <WaitingNote waiting={state.waiting} />
          </StepContent>
          <DialogActions>
            <Button disabled={state.isStopping} onClick={stop}>
              {text.stop}
            </Button>
          </DialogActions>
        </>
      );
    }
    case "looked":
      return <Looked report={state.report} intro={intro} make={make} close={close} {...(back === undefined ? {} : { back })} />;
    case "made":
      return (
        <Ended close={close}>
          <MessageBar intent="success" layout="multiline">
            <MessageBarBody>{text.done}</MessageBarBody>
          </MessageBar>
          <ReportChanges report={state.report} />
        </Ended>
      );
    case "failed":
      return (
        <Ended close={close} {...(back === undefined ? {} : { back })}>
          <ProblemNote title={state.during === "looking" ? text.planFailed : text.applyFailed} problem={state.problem} />
          {state.report !== undefined && <ReportChanges report={state.report} />}
        </Ended>
      );
  }
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
