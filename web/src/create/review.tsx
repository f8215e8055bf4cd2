import "../changes/changes.css";
import "../user/single.css";
import { Button } from "@fluentui/react-button";
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-dialog";
import { ProgressBar } from "@fluentui/react-progress";
import type { AgentUserRow } from "agentuser";
import { WaitingNote } from "../changes/waiting.js";
import { useFocusBack } from "../common/focus.js";
import { ProblemNote } from "../common/problem.js";
import { SignInAgain } from "../shell/again.js";
import { strings } from "../strings/index.js";
import { type Change, useChange } from "../user/change.js";
import { ReportChanges } from "../user/change-dialog.js";

interface ReviewProps {
  readonly row: AgentUserRow;
  readonly back: () => void;
  readonly create: () => void;
}

/** The changes that creating would make, by a dry run, before it is done. */
export function Review({ row, back, create }: ReviewProps) {
  // A dry run whatever it is asked for: the creation is the page's.
  const look: Change = (client, options) => client.provision(row, { ...options, dryRun: true });
  const { state } = useChange(strings.create.reviewTitle(row.displayName), look);
  useFocusBack();
  const text = strings.changes;
  return (
    <Dialog open onOpenChange={(_, { type }) => type === "escapeKeyDown" && back()}>
      <DialogSurface className="changes single">
        <DialogBody>
          <DialogTitle>{strings.create.reviewTitle(row.displayName)}</DialogTitle>
          <DialogContent>
            <SignInAgain />
            {state.step === "looking" && (
              <>
                <p>{text.planning}</p>
                <ProgressBar aria-label={text.planning} thickness="large" />
                <WaitingNote waiting={state.waiting} />
              </>
            )}
            {state.step === "looked" && (
              <>
                <p>{text.ready}</p>
                <ReportChanges report={state.report} />
              </>
            )}
            {state.step === "failed" && <ProblemNote title={text.planFailed} problem={state.problem} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={back}>{strings.app.back}</Button>
            <Button appearance="primary" disabled={state.step !== "looked"} onClick={create}>
              {strings.create.create}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
