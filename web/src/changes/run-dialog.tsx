import { Dialog, DialogBody, DialogSurface, DialogTitle } from "@fluentui/react-dialog";
import { useFocusBack } from "../common/focus.js";
import { closeRun, dismissRun, type KeptRun } from "./runs.js";
import { RunSteps } from "./steps.js";

/** The dialog of a run. A run that goes on is not ended by it. */
export default function RunDialog({ kept: { run, title, opener } }: { kept: KeptRun }) {
  useFocusBack(opener);
  const close = () => dismissRun(run);
  const escape = () => (run.isRunning ? closeRun() : close());
  return (
    <Dialog open onOpenChange={(_, { type }) => type === "escapeKeyDown" && escape()}>
      <DialogSurface className="changes">
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <RunSteps run={run} leave={closeRun} close={close} />
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
