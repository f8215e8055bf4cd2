import { Button } from "@fluentui/react-button";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import { ProgressBar } from "@fluentui/react-progress";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { ChangeRun, RunState } from "../changes/run.js";
import { WaitingNote } from "../changes/waiting.js";
import { announce } from "../common/announce.js";
import { ProblemNote } from "../common/problem.js";
import { number, strings } from "../strings/index.js";
import { AnotherFile } from "./another.js";
import { savePlan, saveResultsCsv, saveResultsJson } from "./files.js";
import { PlanSheet } from "./plan-sheet.js";
import { countsOf, type PlanRow, rowsOf, withoutManager } from "./rows.js";
import { Seats } from "./seats.js";
import type { RosterFile, RosterState, RosterStore } from "./store.js";

interface RunPartProps {
  readonly store: RosterStore;
  readonly state: RosterState;
  readonly file: RosterFile;
  readonly run: ChangeRun;
}

/** The plan of a roster, its making, and how it ended. */
export function RunPart({ store, state, file, run }: RunPartProps) {
  const current = useSyncExternalStore(run.subscribe, () => run.state);
  const { planned, approved } = state;
  const rows = useMemo(() => (planned === undefined ? [] : rowsOf(planned, approved, current)), [planned, approved, current]);
  useAnnounced(current);
  return (
    <>
      {(current.step === "planning" || current.step === "applying") && <Running run={run} state={current} />}
      {current.step === "planned" && planned !== undefined && <PlanHead store={store} state={state} file={file} run={current} rows={rows} />}
      {current.step === "applied" && <Ended store={store} file={file} rows={rows} run={current} />}
      {current.step === "failed" && <Failed store={store} file={file} run={current} />}
      {planned !== undefined && <PlanSheet store={store} rows={rows} table={file.table} approved={approved} canApprove={current.step === "planned"} />}
    </>
  );
}

function Running({ run, state }: { run: ChangeRun; state: Extract<RunState, { step: "planning" | "applying" }> }) {
  const text = strings.changes;
  const { counts, stages, waiting, stopping, step } = state;
  const title = step === "planning" ? text.planning : text.applying;
  const progress = (step === "planning" ? text.plannedOf : text.appliedOf)(number(counts.done), number(counts.of));
  return (
    <div className="running">
      <p>{stopping ? text.stopping : step === "applying" ? strings.roster.applying : title}</p>
      <ProgressBar aria-label={title} thickness="large" {...(counts.of > 0 ? { value: counts.done / counts.of } : {})} />
      <div className="tools">
        {counts.of > 0 && <span>{progress}</span>}
        <WaitingNote waiting={waiting} />
        <Button disabled={stopping} onClick={() => run.stop()}>
          {text.stop}
        </Button>
      </div>
      {step === "applying" && stages.length > 0 && (
        <ul className="chips" aria-label={strings.roster.stagesNow}>
          {stages.map(({ stage, rows }) => (
            <li key={stage}>
              {strings.roster.stages[stage]} <b>{number(rows)}</b>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Totals({ rows }: { rows: readonly PlanRow[] }) {
  return (
    <ul className="chips" aria-label={strings.roster.totals}>
      {countsOf(rows).map(([standing, count]) => (
        <li key={standing} className={standing}>
          {strings.roster.standing[standing]} <b>{number(count)}</b>
        </li>
      ))}
    </ul>
  );
}

interface PlanHeadProps extends Omit<RunPartProps, "run"> {
  readonly run: Extract<RunState, { step: "planned" }>;
  readonly rows: readonly PlanRow[];
}

function PlanHead({ store, state, file, run: { plan }, rows }: PlanHeadProps) {
  const text = strings.roster;
  const { planned, approved } = state;
  const hasChanges = rows.some(({ isPlanned }) => isPlanned);
  const changes = rows.reduce((sum, { row, isPlanned, report }) => sum + (isPlanned && approved.has(row) ? report.changes.length : 0), 0);
  const alone = withoutManager(rows, approved);
  const cannot = rows.filter(({ standing }) => standing === "cannot").length;
  return (
    <>
      <MessageBar intent={cannot > 0 ? "warning" : "info"} layout="multiline" className="note">
        <MessageBarBody>
          {hasChanges ? text.planReady : text.nothingLeft} {cannot > 0 && text.cannot(cannot, number(cannot))}
        </MessageBarBody>
      </MessageBar>
      {alone > 0 && (
        <MessageBar intent="warning" layout="multiline" className="note">
          <MessageBarBody>{text.withoutManager(alone, number(alone))}</MessageBarBody>
        </MessageBar>
      )}
      <div className="figures">
        <Totals rows={rows} />
        {planned !== undefined && <Seats planned={planned} approved={approved} />}
      </div>
      <div className="tools">
        {hasChanges && (
          <Button appearance="primary" disabled={approved.size === 0} onClick={() => void store.apply()}>
            {text.apply(changes, number(changes), approved.size, number(approved.size))}
          </Button>
        )}
        {hasChanges && <Button onClick={() => void savePlan(file.name, plan)}>{strings.changes.savePlan}</Button>}
        <AnotherFile store={store} isAsked={false} />
      </div>
      <p className="digest">
        {strings.changes.digest}: <code>{plan.digest}</code>
      </p>
    </>
  );
}

interface EndedProps {
  readonly store: RosterStore;
  readonly file: RosterFile;
}

function Ended({ store, file, rows, run }: EndedProps & { readonly rows: readonly PlanRow[]; readonly run: Extract<RunState, { step: "applied" }> }) {
  const text = strings.changes;
  const { reports, isCancelled, summary } = run;
  const isWhole = !isCancelled && reports.every(({ outcome }) => outcome !== "failed" && outcome !== "cancelled");
  return (
    <>
      <MessageBar intent={isWhole ? "success" : "warning"} layout="multiline" className="note">
        <MessageBarBody>
          {isCancelled ? text.cancelled : isWhole ? text.done : text.doneSome} {!isWhole && strings.roster.rerun}
          {summary?.remarks?.map(({ code, message }) => <p key={code}>{message}</p>)}
        </MessageBarBody>
      </MessageBar>
      <Totals rows={rows} />
      <Ending store={store} file={file} reports={reports} isWhole={isWhole} />
    </>
  );
}

function Failed({ store, file, run }: EndedProps & { readonly run: Extract<RunState, { step: "failed" }> }) {
  const text = strings.changes;
  const { during, problem, reports } = run;
  const isStopped = typeof problem !== "string" && problem.code === "Cancelled";
  return (
    <>
      {isStopped ? (
        <MessageBar intent="info" className="note">
          <MessageBarBody>{strings.roster.planStopped}</MessageBarBody>
        </MessageBar>
      ) : (
        <ProblemNote title={during === "planning" ? text.planFailed : text.applyFailed} problem={problem} />
      )}
      <Ending store={store} file={file} reports={during === "applying" ? reports : []} isWhole={false} again={during === "planning" ? strings.roster.planOnceMore : strings.roster.planAgain} />
    </>
  );
}

interface EndingProps extends EndedProps {
  readonly reports: RunState["reports"];
  readonly isWhole: boolean;
  readonly again?: string;
}

/** The next steps: the results, what is left, another file. */
function Ending({ store, file, reports, isWhole, again = strings.roster.planAgain }: EndingProps) {
  const text = strings.roster;
  return (
    <div className="tools">
      {!isWhole && (
        <Button appearance="primary" onClick={() => void store.plan()}>
          {again}
        </Button>
      )}
      {reports.length > 0 && (
        <>
          <Button appearance={isWhole ? "primary" : "secondary"} onClick={() => saveResultsCsv(file.name, reports)}>
            {text.saveCsv}
          </Button>
          <Button onClick={() => saveResultsJson(file.name, reports)}>{text.saveJson}</Button>
        </>
      )}
      <AnotherFile store={store} isAsked={reports.length > 0} />
    </div>
  );
}

/** Says each step as it comes. */
function useAnnounced(state: RunState): void {
  const { step } = state;
  const said = {
    planning: strings.changes.planning,
    planned: strings.roster.planReady,
    applying: strings.changes.applying,
    applied: state.step === "applied" && state.isCancelled ? strings.changes.cancelled : strings.roster.ended,
    failed: strings.roster.runFailed,
  }[step];
  useEffect(() => announce(said), [said]);
}
