import "../changes/changes.css";
import { Button } from "@fluentui/react-button";
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-dialog";
import { Field } from "@fluentui/react-field";
import { Input } from "@fluentui/react-input";
import { ProgressBar } from "@fluentui/react-progress";
import type { AgentUserClient } from "agentuser";
import { useState, useSyncExternalStore } from "react";
import { Reports } from "../changes/reports.js";
import { ChangeRun, planBy, type RunState } from "../changes/run.js";
import { Step } from "../changes/step.js";
import { WaitingNote } from "../changes/waiting.js";
import { announce } from "../common/announce.js";
import { CopyText } from "../common/copy.js";
import { download } from "../common/download.js";
import { ProblemNote } from "../common/problem.js";
import { SignInAgain } from "../shell/again.js";
import { strings } from "../strings/index.js";

interface HandoverProps {
  readonly client: AgentUserClient;
  /** The user principal name or the object id of the sponsor. */
  readonly account: string;
  readonly close: () => void;
}

/** Plans to hand over what the person sponsors. It is never applied here: an administrator does that with the file. */
export default function HandoverDialog({ client, account, close }: HandoverProps) {
  const text = strings.mine;
  const [run] = useState(() => new ChangeRun());
  const [to, setTo] = useState("");
  const [isBegun, setIsBegun] = useState(false);
  const state = useSyncExternalStore(run.subscribe, () => run.state);
  const begin = () => {
    setIsBegun(true);
    void run.plan((options) => planBy(client, client.planHandover([{ from: account, to: to.trim() }], { handedOver: "sponsor", ...options })));
  };
  const isRunning = isBegun && state.step === "planning";
  return (
    <Dialog open onOpenChange={(_, { type }) => type === "escapeKeyDown" && !isRunning && close()}>
      <DialogSurface className="changes">
        <DialogBody>
          <DialogTitle>{text.handoverTitle}</DialogTitle>
          {isBegun ? (
            <Step key={state.step}>
              <SignInAgain />
              <Content state={state} />
            </Step>
          ) : (
            <DialogContent>
              <p>{text.handoverBody}</p>
              <Field label={text.follows} hint={text.followsHint} required>
                <Input value={to} onChange={(_, { value }) => setTo(value)} onKeyDown={({ key }) => key === "Enter" && to.trim() !== "" && begin()} />
              </Field>
            </DialogContent>
          )}
          <DialogActions fluid>
            {isRunning ? (
              <Button onClick={() => run.stop()}>{strings.changes.stop}</Button>
            ) : (
              <Button onClick={close}>{isBegun ? strings.app.close : strings.app.cancel}</Button>
            )}
            {!isBegun && (
              <Button appearance="primary" disabled={to.trim() === ""} onClick={begin}>
                {text.plan}
              </Button>
            )}
            {isBegun && state.step === "planned" && state.plan.size > 0 && (
              <Button appearance="primary" onClick={() => void save(state)}>
                {text.save}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

async function save({ plan }: Extract<RunState, { step: "planned" }>): Promise<void> {
  download(strings.mine.planFile, await plan.file());
  announce(strings.mine.saved);
}

function Content({ state }: { state: RunState }) {
  const text = strings.mine;
  switch (state.step) {
    case "failed":
      return <ProblemNote title={text.planFailed} problem={state.problem} />;
    case "planned":
      return (
        <>
          <p>{state.plan.size > 0 ? text.planned : strings.changes.nothing}</p>
          <Reports reports={state.reports} label={text.handoverTitle} />
          {state.plan.size > 0 && (
            <>
              <p>{text.howToApply}</p>
              <p className="digest">
                {strings.changes.digest}: <CopyText name={strings.changes.digest} text={state.plan.digest} />
              </p>
              <p className="digest">
                {text.command}: <CopyText name={text.command} text={text.apply(text.planFile, state.plan.digest)} />
              </p>
            </>
          )}
        </>
      );
    default:
      return (
        <>
          <p>{text.planning}</p>
          <ProgressBar aria-label={text.planning} thickness="large" />
          <WaitingNote waiting={"waiting" in state ? state.waiting : undefined} />
        </>
      );
  }
}
