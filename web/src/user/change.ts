// One change of one object, step by step: looked at by a dry run, then made. Its making is a run, which outlives the dialog.
import type { AgentUserClient, AgentUserEvent, ChangeOptions, PermissionReport, Problem, ProvisionReport } from "agentuser";
import { useEffect, useRef, useState } from "react";
import { ChangeRun } from "../changes/run.js";
import { keepRunAside } from "../changes/runs.js";
import { waitOf, type Waiting } from "../common/waiting.js";
import { useClient, useConnection } from "../connection/session.js";
import { changed } from "../list/store.js";
import { announce } from "../common/announce.js";
import { problemOf } from "../common/problem.js";
import { strings } from "../strings/index.js";

/** A change of one object, or of its permissions. With `dryRun` it says what it would change. */
export type Change = (client: AgentUserClient, options: ChangeOptions) => Promise<ProvisionReport | PermissionReport>;

export type ChangeState =
  | { readonly step: "form" }
  | { readonly step: "looking"; readonly waiting: Waiting | undefined; readonly isStopping: boolean }
  | { readonly step: "looked"; readonly report: ProvisionReport }
  | { readonly step: "failed"; readonly problem: Problem | string; readonly report?: ProvisionReport }
  | { readonly step: "making"; readonly run: ChangeRun };

/** The report of permissions as one of the others, as the package has it among many. */
function reportOf(report: ProvisionReport | PermissionReport): ProvisionReport {
  return { stage: "visible", ...report, userPrincipalName: report.userPrincipalName ?? "" };
}

/** The steps of a change. One that is given at the beginning is looked at at once. */
export function useChange(title: string, first: Change | undefined) {
  const client = useClient();
  const connection = useConnection();
  const [state, setState] = useState<ChangeState>(first === undefined ? { step: "form" } : { step: "looking", waiting: undefined, isStopping: false });
  const current = useRef<{ readonly change: Change; readonly controller: AbortController }>(undefined);
  const making = useRef<ChangeRun>(undefined);
  const isLeft = useRef(false);

  const look = async (change: Change) => {
    const controller = new AbortController();
    current.current = { change, controller };
    setState({ step: "looking", waiting: undefined, isStopping: false });
    const onProgress = (event: AgentUserEvent) => {
      const waiting = waitOf(event);
      if (waiting !== undefined) setState((now) => (now.step === "looking" ? { ...now, waiting } : now));
    };
    const text = strings.changes;
    announce(text.planning);
    try {
      const report = reportOf(await change(client, { dryRun: true, signal: controller.signal, onProgress }));
      setState({ step: "looked", report });
      announce(report.changes.length > 0 ? text.ready : text.nothing);
    } catch (error) {
      if (controller.signal.aborted) {
        setState({ step: "form" });
        return;
      }
      const { report } = error as { readonly report?: ProvisionReport };
      setState({ step: "failed", problem: problemOf(error), ...(report === undefined ? {} : { report }) });
      announce(text.planFailed);
    }
  };

  const make = () => {
    const { change } = current.current ?? {};
    if (change === undefined) return;
    // While the dialog is open, its page follows what was changed when it is closed: the page may end the dialog.
    const run = new ChangeRun((ids) => isLeft.current && changed(connection, ids));
    making.current = run;
    setState({ step: "making", run });
    void run.change(async (options) => reportOf(await change(client, options)));
  };

  useEffect(() => {
    if (first !== undefined) void look(first);
    return () => {
      isLeft.current = true;
      if (making.current !== undefined) keepRunAside({ run: making.current, connection, title });
    };
    // The change at the beginning is that of the first drawing.
  }, []);

  return {
    state,
    look: (change: Change) => void look(change),
    make,
    back: () => {
      making.current = undefined;
      setState({ step: "form" });
    },
    /** Ends the look. */
    stop: () => {
      setState((now) => (now.step === "looking" ? { ...now, isStopping: true } : now));
      current.current?.controller.abort(new DOMException("", "AbortError"));
    },
    /** Forgets the making with its result, once the dialog is closed. */
    dismiss: () => {
      making.current = undefined;
    },
  };
}
