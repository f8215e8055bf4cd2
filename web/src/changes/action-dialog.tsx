import { Button } from "@fluentui/react-button";
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-dialog";
import { Spinner } from "@fluentui/react-spinner";
import { type ReactNode, Suspense, useState } from "react";
import type { Problem } from "agentuser";
import { useClient, useConnection } from "../connection/session.js";
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
export default function ActionDialog(props: ActionDialogProps) {
  const { action, list, close } = props;
  const [count] = useState(list.state.selected);
  const title = titleOf(action, count, number(count));
  return (
    <Dialog open onOpenChange={(_, { type }) => type === "escapeKeyDown" && close()}>
      <DialogSurface className="changes">
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <PageBoundary>
            <Suspense fallback={<Loading />}>
              <Form {...props} title={title} />
            </Suspense>
          </PageBoundary>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Loading() {
  return (
    <DialogContent>
      <SignInAgain />
      <Spinner label={strings.app.loading} />
    </DialogContent>
  );
}

function Form({ action, list, opener, close, title }: ActionDialogProps & { readonly title: string }) {
  const client = useClient();
  const connection = useConnection();
  const [choices, setChoices] = useState<Choices>({});
  const choose = (change: Choices) => setChoices({ ...choices, ...change });

  const [problem, setProblem] = useState<Problem | string>();

  const start = async () => {
    const ids = await list.selectedIds().catch((error: unknown) => setProblem(problemOf(error)));
    if (ids === undefined) return;
    const selected = new Set(ids);
    const { onlySelected = true } = choices;
    const isWanted = ({ id = "" }: { readonly id?: string }) => action !== "handover" || !onlySelected || selected.has(id);
    const run = new ChangeRun((users) => changed(connection, users, list));
    close();
    keepRun({ run, connection, title, opener });
    await run.plan((options) => planBy(client, planOf(client, action, ids, choices, options)), isWanted);
  };

  const forms: Readonly<Record<string, ReactNode>> = {
    license: <LicenseForm choices={choices} choose={choose} />,
    retire: <RetireForm choices={choices} choose={choose} />,
    handover: <HandoverForm choices={choices} choose={choose} />,
  };
  return (
    <>
      <DialogContent>
        {problem !== undefined && <ProblemNote title={strings.changes.planFailed} problem={problem} />}
        <p>{INTROS[action]}</p>
        <div className="form">{forms[action]}</div>
      </DialogContent>
      <DialogActions>
        <Button onClick={close}>{strings.app.cancel}</Button>
        <Button appearance="primary" disabled={!isFilled(action, choices)} onClick={() => void start()}>
          {strings.changes.next}
        </Button>
      </DialogActions>
    </>
  );
}
