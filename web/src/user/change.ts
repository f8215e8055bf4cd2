// One change of one object, step by step: looked at by a dry run, then made.
import type { AgentUserClient, AgentUserEvent, ChangeOptions, Problem, ProvisionReport } from "agentuser";
import { useEffect, useRef, useState } from "react";
import { changedIds } from "../changes/run.js";
import { holdPage } from "../common/leaving.js";
import { waitOf, type Waiting } from "../common/waiting.js";
import { useClient, useConnection } from "../connection/session.js";
import { changed } from "../list/store.js";
import { announce } from "../common/announce.js";
import { problemOf } from "../common/problem.js";
import { strings } from "../strings/index.js";

/** A change of one object. With `dryRun` it says what it would change. */
export type Change = (client: AgentUserClient, options: ChangeOptions) => Promise<ProvisionReport>;

export type ChangeState =
  | { readonly step: "form" }
  | { readonly step: "looking" | "making"; readonly waiting: Waiting | undefined; readonly isStopping: boolean }
  | { readonly step: "looked" | "made"; readonly report: ProvisionReport }
  | { readonly step: "failed"; readonly during: "looking" | "making"; readonly problem: Problem | string; readonly report?: ProvisionReport };

/** The steps of a change. One that is given at the beginning is looked at at once. */
export function useChange(first: Change | undefined) {
  const client = useClient();
  const connection = useConnection();
  const isLeft = useRef(false);
  const [state, setState] = useState<ChangeState>(first === undefined ? { step: "form" } : { step: "looking", waiting: undefined, isStopping: false });
  const current = useRef<{ readonly change: Change; readonly controller: AbortController }>(undefined);

  const run = async (change: Change, during: "looking" | "making") => {
    const controller = new AbortController();
    current.current = { change, controller };
    setState({ step: during, waiting: undefined, isStopping: false });
    const onProgress = (event: AgentUserEvent) => {
      const waiting = waitOf(event);
      if (waiting !== undefined) setState((now) => (now.step === during ? { ...now, waiting } : now));
    };
    const text = strings.changes;
    // The change goes on where its dialog is left for another page.
    const release = during === "making" ? holdPage() : () => {};
    const ended = (reports: readonly ProvisionReport[]) => {
      release();
      if (during === "making" && isLeft.current) changed(connection, changedIds(reports));
    };
    announce(during === "looking" ? text.planning : text.applying);
    try {
      const report = await change(client, { dryRun: during === "looking", signal: controller.signal, onProgress });
      ended([report]);
      setState({ step: during === "looking" ? "looked" : "made", report });
      announce(during === "making" ? text.done : report.changes.length > 0 ? text.ready : text.nothing);
    } catch (error) {
      const { report } = error as { readonly report?: ProvisionReport };
      ended(report === undefined ? [] : [report]);
      if (during === "looking" && controller.signal.aborted) {
        setState({ step: "form" });
        return;
      }
      setState({ step: "failed", during, problem: problemOf(error), ...(report === undefined ? {} : { report }) });
      announce(during === "looking" ? text.planFailed : text.applyFailed);
    }
  };

  useEffect(() => {
    if (first !== undefined) void run(first, "looking");
    return () => {
      isLeft.current = true;
    };
    // The change at the beginning is that of the first drawing.
  }, []);

  return {
    state,
    look: (change: Change) => void run(change, "looking"),
    make: () => void (current.current && run(current.current.change, "making")),
    back: () => setState({ step: "form" }),
    stop: () => {
      setState((now) => ("isStopping" in now ? { ...now, isStopping: true } : now));
      current.current?.controller.abort(new DOMException("", "AbortError"));
    },
  };
}
