import "./audit.css";
import { Button } from "@fluentui/react-button";
import { Checkbox } from "@fluentui/react-checkbox";
import { Field } from "@fluentui/react-field";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import { ProgressBar } from "@fluentui/react-progress";
import { Select } from "@fluentui/react-select";
import { useEffect, useRef, useState } from "react";
import { WaitingNote } from "../changes/waiting.js";
import { useSession } from "../connection/session.js";
import type { PageProps } from "../pages.js";
import { PageHeading } from "../common/heading.js";
import { ProblemNote } from "../common/problem.js";
import { number, strings } from "../strings/index.js";
import { AuditCommands } from "./commands.js";
import { chooseFile } from "../common/files.js";
import { mend } from "./mend.js";
import { Result } from "./result.js";
import { type AuditResult, type AuditStore, type Judging, type Running, storeOf, useAudit } from "./store.js";

export default function Page({ query }: PageProps) {
  const session = useSession();
  const connection = session.state === "connected" ? session.connection : undefined;
  const store = storeOf(connection);
  const state = useAudit(store);
  const { running, failed, result, wasStopped } = state;
  const [judging, setJudging] = useState<Judging>({});
  useFindingsFocus(result, state.isStale);
  const run = connection === undefined ? undefined : () => void store.audit(judging);
  return (
    <>
      <PageHeading title={strings.pages.audit} intro={strings.audit.intro} />
      {result !== undefined && <AuditCommands store={store} result={result} isBusy={running !== undefined} run={run} />}
      {failed !== undefined && <ProblemNote title={failed.title} problem={failed.problem} />}
      {wasStopped && <Stopped />}
      {running !== undefined && <Progress store={store} running={running} />}
      {running === undefined && result === undefined && <Start store={store} judging={judging} choose={setJudging} run={run} />}
      {result !== undefined && (
        <Result store={store} state={state} result={result} query={query} mend={connection && ((findings) => mend(connection, store, result, findings))} />
      )}
    </>
  );
}

/** Takes the focus to the findings once an audit has ended or findings were mended, where the button of either is gone by then. */
function useFindingsFocus(result: AuditResult | undefined, isStale: boolean): void {
  const former = useRef({ result, isStale });
  useEffect(() => {
    const isNew = former.current.result !== result || (isStale && !former.current.isStale);
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (result !== undefined && isNew && isLost) document.getElementById("findings")?.focus({ preventScroll: true });
    former.current = { result, isStale };
  }, [result, isStale]);
}

function Stopped() {
  return (
    <MessageBar intent="info" className="audit-note">
      <MessageBarBody>{strings.audit.stopped}</MessageBarBody>
    </MessageBar>
  );
}

interface StartProps {
  readonly store: AuditStore;
  readonly judging: Judging;
  readonly choose: (judging: Judging) => void;
  readonly run: (() => void) | undefined;
}

/** Before the first audit: what it does, and a file in its place. */
function Start({ store, judging, choose, run }: StartProps) {
  const text = strings.audit;
  const open = async () => {
    const file = await chooseFile(".json,.ndjson,.jsonl,application/json");
    if (file !== undefined) await store.open(file);
  };
  return (
    <div className="audit-start">
      {run === undefined ? (
        <p>{text.notConnected}</p>
      ) : (
        <>
          <p>{text.startBody}</p>
          <Field label={text.severity}>
            <Select value={judging.severity ?? ""} onChange={(_, { value }) => choose(judgingBy(value, judging.beta))}>
              <option value="">{text.severityAll}</option>
              <option value="medium">{text.severityMedium}</option>
              <option value="high">{text.severityHigh}</option>
            </Select>
          </Field>
          <Checkbox label={text.beta} checked={judging.beta ?? false} onChange={(_, { checked }) => choose({ ...judging, beta: checked === true })} />
          <Button appearance="primary" onClick={run}>
            {text.start}
          </Button>
        </>
      )}
      <p>{text.openBody}</p>
      <Button onClick={() => void open()}>{text.openFile}</Button>
    </div>
  );
}

function judgingBy(severity: string, beta = false): Judging {
  return severity === "" ? { beta } : { beta, severity: severity as "high" };
}

function Progress({ store, running }: { store: AuditStore; running: Running }) {
  const text = strings.audit;
  const { requests, path, waiting, isJudging } = running;
  const title = isJudging ? text.judging : text.running;
  return (
    <div className="audit-progress">
      <p>{title}</p>
      <ProgressBar aria-label={title} thickness="large" />
      {requests > 0 && <p className="requests">{text.requests(requests, number(requests))}</p>}
      {path !== "" && (
        <p className="path">
          {text.reading}: <code>{path}</code>
        </p>
      )}
      <WaitingNote waiting={waiting} />
      <Button onClick={() => store.stop()}>{strings.changes.stop}</Button>
    </div>
  );
}
