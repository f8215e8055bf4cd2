import { Button } from "@fluentui/react-button";
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-dialog";
import { Spinner } from "@fluentui/react-spinner";
import { type ReactNode, Suspense, useState } from "react";
import type { Problem } from "agentuser";
import { clientOf } from "../connection/connection.js";
import { useConnection } from "../connection/session.js";
import { changed, type ListStore } from "../list/store.js";
import { ProblemNote, problemOf } from "../common/problem.js";
import { SignInAgain } from "../shell/again.js";
import { PageBoundary } from "../shell/boundary.js";
import { number, strings } from "../strings/index.js";
import { type ActionId, type Choices, planOf, titleOf } from "./actions.js";
import { HandoverForm, isFilled, LicenseForm, RetireForm } from "./forms.js";
import { ChangeRun, planBy } from "./run.js";
import { keepRun } from "./runs.js";

interface ActionDialogProps {
  readonly action: ActionId;
  readonly list: ListStore;
  /** The element that has the focus again afterwards. */
  readonly opener: Element | null;
  readonly close: () => void;
}

const INTROS = {
  enable: strings.actions.introEnable,
  disable: strings.actions.introDisable,
  license: strings.actions.introLicense,
  retire: strings.actions.introRetire,
  restore: strings.actions.introRestore,
  handover: strings.actions.introHandover,
};

/** The form of an action on the selected agent users. Its plan and its run have a dialog of their own, which is not the list's. */
export default function ActionDialog({ action, list, opener, close }: ActionDialogProps) {
  const [count] = useState(list.state.selected);
  const title = titleOf(action, count, number(count));
  const connection = useConnection();
  const [choices, setChoices] = useState<Choices>({});
  const choose = (change: Choices) => setChoices({ ...choices, ...change });
  const [isStarting, setStarting] = useState(false);
  const [problem, setProblem] = useState<Problem | string>();

  const start = async () => {
    setStarting(true);
    try {
      const [client, ids] = await Promise.all([clientOf(connection), list.selectedIds()]);
      const selected = new Set(ids);
      const { onlySelected = true } = choices;
      const isWanted = ({ id = "" }: { readonly id?: string }) => action !== "handover" || !onlySelected || selected.has(id);
      const run = new ChangeRun((users) => changed(connection, users, list));
      close();
      keepRun({ run, connection, title, opener });
      await run.plan((options) => planBy(client, planOf(client, action, ids, choices, options)), isWanted);
    } catch (error) {
      setProblem(problemOf(error));
      setStarting(false);
    }
  };

  const forms: Readonly<Record<string, ReactNode>> = {
    license: <LicenseForm choices={choices} choose={choose} />,
    retire: <RetireForm choices={choices} choose={choose} />,
    handover: <HandoverForm choices={choices} choose={choose} />,
  };
  return (
    <Dialog open onOpenChange={(_, { type }) => type === "escapeKeyDown" && close()}>
      <DialogSurface className="changes">
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>
            {problem !== undefined && <ProblemNote title={strings.changes.planFailed} problem={problem} />}
            <p>{INTROS[action]}</p>
            <div className="form">
              <PageBoundary title={strings.actions.formFailed}>
                <Suspense fallback={<Loading />}>{forms[action]}</Suspense>
              </PageBoundary>
            </div>
          </DialogContent>
          {/* They are there while the form is read: a dialog without a button keeps no focus, and only the Escape key would close it. */}
          <DialogActions>
            <Button onClick={close}>{strings.app.cancel}</Button>
            <Button appearance="primary" disabled={isStarting || !isFilled(action, choices)} onClick={() => void start()}>
              {strings.changes.next}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Loading() {
  return (
    <>
      <SignInAgain />
      <Spinner label={strings.app.loading} />
    </>
  );
}
