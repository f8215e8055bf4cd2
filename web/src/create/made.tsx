import { Button } from "@fluentui/react-button";
import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-message-bar";
import type { AgentUserRow, Problem, ProvisionStage } from "agentuser";
import { useSyncExternalStore } from "react";
import type { RunState } from "../changes/run.js";
import { WaitingNote } from "../changes/waiting.js";
import { href } from "../route.js";
import { ProblemNote } from "../common/problem.js";
import { strings } from "../strings/index.js";
import { ReportChanges } from "../user/change-dialog.js";
import { Readiness, Step } from "../user/readiness.js";
import { Card } from "../user/section.js";
import type { Creation, CreationStore } from "./store.js";

const STAGES: readonly ProvisionStage[] = [
  "notStarted",
  "parentVerified",
  "compared",
  "exists",
  "visible",
  "membersSet",
  "sponsorsSet",
  "licensed",
  "managerSet",
  "mailboxReady",
  "teamsReady",
  "oneDriveReady",
  "done",
];

/** The stages that a row goes through, and that people know. */
function stagesOf({ sponsors, licenses, manager }: AgentUserRow): readonly (keyof typeof strings.create.stages)[] {
  return [
    "parentVerified",
    "exists",
    "visible",
    ...(sponsors?.length ? (["sponsorsSet"] as const) : []),
    ...(licenses?.length ? (["licensed"] as const) : []),
    ...(manager ? (["managerSet"] as const) : []),
  ];
}

interface MadeProps {
  readonly store: CreationStore;
  readonly creation: Creation;
  readonly another: () => void;
}

/** The creation of an agent user, and its readiness afterwards. */
export function Making({ store, creation: { row, run, reached, user }, another }: MadeProps) {
  const state = useSyncExternalStore(run.subscribe, () => run.state);
  const text = strings.create;
  const [report] = state.reports;
  const id = user?.id ?? report?.id;
  const isStopping = "stopping" in state && state.stopping;
  const problem = problemOfRun(state);
  const hasFailed = problem !== undefined;
  return (
    <div className="making">
      {user !== undefined && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{text.made(user.displayName ?? "")}</MessageBarTitle>
            {user.userPrincipalName}
          </MessageBarBody>
        </MessageBar>
      )}
      {hasFailed && <ProblemNote title={report?.id === undefined ? text.failed : text.failedPartly} problem={problem} />}
      <Card id="stages" title={text.stagesTitle(row.displayName)}>
        <Stages row={row} state={state} reached={reached} />
        {report !== undefined && <ReportChanges report={report} />}
      </Card>
      {user !== undefined && (
        <Card id="readiness" title={strings.user.readiness.title}>
          <Readiness user={user} />
        </Card>
      )}
      <div className="ends">
        {run.isRunning && (
          <Button disabled={isStopping} onClick={() => run.stop()}>
            {isStopping ? strings.changes.stopping : strings.changes.stop}
          </Button>
        )}
        {hasFailed && id !== undefined && (
          <Button appearance="primary" onClick={() => void store.finish()}>
            {text.finish}
          </Button>
        )}
        {hasFailed && <Button onClick={() => store.dismiss()}>{text.toForm}</Button>}
        {!run.isRunning && id !== undefined && (
          <Button as="a" href={href("users", id)} appearance={hasFailed ? "secondary" : "primary"}>
            {text.openUser}
          </Button>
        )}
        {user !== undefined && <Button onClick={another}>{text.another}</Button>}
      </div>
    </div>
  );
}

/** Why it did not come to its end. */
function problemOfRun(state: RunState): Problem | string | undefined {
  if (state.step === "failed") return state.problem;
  return state.step === "applied" && state.isCancelled ? strings.create.stopped : undefined;
}

/** The stage that the creation has reached. */
function stageOf(state: RunState, reached: ProvisionStage): ProvisionStage {
  if (state.step === "applying") return state.stage ?? reached;
  return state.reports[0]?.stage ?? reached;
}

function Stages({ row, state, reached }: { row: AgentUserRow; state: RunState; reached: ProvisionStage }) {
  const text = strings.create;
  const isMade = state.step === "applied" && !state.isCancelled;
  const at = STAGES.indexOf(stageOf(state, reached));
  const stages = stagesOf(row);
  const next = isMade ? undefined : stages.find((one) => STAGES.indexOf(one) > at);
  const isRunning = state.step === "applying";
  return (
    <ol className="timeline">
      {stages.map((one) => {
        const isDone = isMade || STAGES.indexOf(one) <= at;
        return (
          <Step key={one} state={isDone ? "done" : one !== next ? "open" : isRunning ? "waiting" : "failed"} title={text.stages[one]}>
            {one === next && isRunning && <WaitingNote waiting={state.waiting} />}
          </Step>
        );
      })}
    </ol>
  );
}
