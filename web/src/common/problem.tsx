import { Button } from "@fluentui/react-button";
import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from "@fluentui/react-message-bar";
import type { Problem } from "agentuser";
import type { ReactNode } from "react";
import { strings } from "../strings/index.js";
import { Facts } from "./facts.js";
import { Mistake } from "./mistake.js";
import { WorkerLost } from "./rpc.js";

/** The problem of an error; its message alone, where the package did not make it. */
export function problemOf(error: unknown): Problem | string {
  if (error !== null && typeof error === "object" && "problem" in error && error.problem !== undefined) return error.problem as Problem;
  if (error instanceof WorkerLost) return strings.problem.workerLost;
  return error instanceof Error && !(error instanceof Mistake) && error.message !== "" ? error.message : strings.problem.unexpected;
}

interface ProblemNoteProps {
  readonly title?: string;
  readonly problem: Problem | string;
  /** Tries again what failed. */
  readonly again?: (() => void) | undefined;
  readonly intent?: "error" | "warning";
  /** Sentences beside the problem. */
  readonly children?: ReactNode;
}

/** A problem with its cause, its fix and Graph's own words. */
export function ProblemNote({ title, problem, again, intent = "error", children }: ProblemNoteProps) {
  return (
    <MessageBar intent={intent} layout="multiline" className="problem">
      <MessageBarBody>
        {title !== undefined && <MessageBarTitle>{title}</MessageBarTitle>}
        <ProblemText problem={problem} />
        {children}
      </MessageBarBody>
      {again !== undefined && (
        <MessageBarActions>
          <Button size="small" onClick={again}>
            {strings.app.tryAgain}
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

/** The same without a frame, for a row of a table. */
export function ProblemText({ problem }: { problem: Problem | string }) {
  if (typeof problem === "string") return <span>{problem}</span>;
  const text = strings.problem;
  const graph = [problem.graphCode, problem.graphMessage].filter(Boolean).join(": ");
  const permissions = problem.permissions?.join(", ");
  return (
    <>
      <span>{problem.message}</span>
      <details>
        <summary>{text.more}</summary>
        <Facts
          of={[
            [text.cause, problem.cause],
            [text.fix, problem.fix],
            [text.graph, graph],
            [text.permissions, permissions],
            [text.requestId, problem.requestId],
          ]}
        />
      </details>
    </>
  );
}
