import { Button } from "@fluentui/react-button";
import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-message-bar";
import type { AgentUserRow, ProvisionStage } from "agentuser";
import { WaitingNote } from "../changes/waiting.js";
import { href } from "../route.js";
import { ProblemNote } from "../common/problem.js";
import { strings } from "../strings/index.js";
import { ReportChanges } from "../user/change-dialog.js";
import { Readiness, Step } from "../user/readiness.js";
import { Card } from "../user/section.js";
import { type MakingState, useMaking } from "./making.js";

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
  readonly row: AgentUserRow;
  /** Goes back to the form, which is as it was. */
  readonly back: () => void;
  readonly another: () => void;
}

/** The creation of an agent user, and its readiness afterwards. */
export function Making({ row, back, another }: MadeProps) {
  const { state, stop, finish } = useMaking(row);
  const { step, user, problem, report } = state;
  const text = strings.create;
  const id = user?.id ?? report?.id;
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
      {problem !== undefined && <ProblemNote title={report?.id === undefined ? text.failed : text.failedPartly} problem={problem} />}
      <Card id="stages" title={text.stagesTitle(row.displayName)}>
        <Stages row={row} state={state} />
        {report !== undefined && <ReportChanges report={report} />}
      </Card>
      {user !== undefined && (
        <Card id="readiness" title={strings.user.readiness.title}>
          <Readiness user={user} />
        </Card>
      )}
      <div className="ends">
        {step === "making" && (
          <Button disabled={state.isStopping} onClick={stop}>
            {state.isStopping ? strings.changes.stopping : strings.changes.stop}
          </Button>
        )}
        {step === "failed" && id !== undefined && (
          <Button appearance="primary" onClick={finish}>
            {text.finish}
          </Button>
        )}
        {step === "failed" && <Button onClick={back}>{text.toForm}</Button>}
        {step !== "making" && id !== undefined && (
          <Button as="a" href={href("users", id)} appearance={step === "made" ? "primary" : "secondary"}>
            {text.openUser}
          </Button>
        )}
        {step === "made" && <Button onClick={another}>{text.another}</Button>}
      </div>
    </div>
  );
}

function Stages({ row, state: { step, stage, waiting } }: { row: AgentUserRow; state: MakingState }) {
  const text = strings.create;
  const reached = STAGES.indexOf(stage);
  const stages = stagesOf(row);
  const next = stages.find((one) => STAGES.indexOf(one) > reached);
  return (
    <ol className="timeline">
      {stages.map((one) => {
        const isDone = step === "made" || STAGES.indexOf(one) <= reached;
        const isNext = one === next && !isDone;
        return (
          <Step key={one} state={isDone ? "done" : isNext && step === "making" ? "waiting" : isNext ? "failed" : "open"} title={text.stages[one]}>
            {isNext && step === "making" && <WaitingNote waiting={waiting} />}
          </Step>
        );
      })}
    </ol>
  );
}
