// The creation under way: its stage, its wait, and how it ended.
import type { AgentUser, AgentUserClient, AgentUserEvent, AgentUserRow, Problem, ProvisionReport, ProvisionStage } from "agentuser";
import { useCallback, useEffect, useRef, useState } from "react";
import { holdPage } from "../common/leaving.js";
import { waitOf, type Waiting } from "../common/waiting.js";
import { useClient, useConnection } from "../connection/session.js";
import { changed } from "../list/store.js";
import { announce } from "../common/announce.js";
import { problemOf } from "../common/problem.js";
import { strings } from "../strings/index.js";

export interface MakingState {
  readonly step: "making" | "made" | "failed";
  readonly stage: ProvisionStage;
  readonly isStopping: boolean;
  readonly waiting?: Waiting;
  readonly user?: AgentUser;
  readonly problem?: Problem | string;
  readonly report?: ProvisionReport;
}

const BEGIN: MakingState = { step: "making", stage: "notStarted", isStopping: false };

/** Creates the agent user of a row, at once and exactly once. */
export function useMaking(row: AgentUserRow) {
  const client = useClient();
  const connection = useConnection();
  const [state, setState] = useState<MakingState>(BEGIN);
  const controller = useRef(new AbortController());

  const run = useCallback(
    async (make: (client: AgentUserClient, options: { signal: AbortSignal; onProgress: (event: AgentUserEvent) => void }) => Promise<AgentUser>) => {
      controller.current = new AbortController();
      setState((former) => ({ ...BEGIN, stage: former.stage }));
      announce(strings.create.making);
      // The creation goes on where its page is left for another one.
      const release = holdPage();
      const onProgress = (event: AgentUserEvent) => {
        const waiting = waitOf(event);
        if (event.event === "stage") setState(({ waiting: _, ...former }) => ({ ...former, stage: event.stage }));
        else if (waiting !== undefined) setState((former) => ({ ...former, waiting }));
      };
      try {
        const user = await make(client, { signal: controller.current.signal, onProgress });
        setState({ step: "made", stage: "done", isStopping: false, user });
        announce(strings.create.made(user.displayName ?? ""));
        changed(connection, user.id ? [user.id] : []);
      } catch (error) {
        const { report } = error as { readonly report?: ProvisionReport };
        setState(({ stage }) => ({ step: "failed", stage: report?.stage ?? stage, isStopping: false, problem: problemOf(error), ...(report === undefined ? {} : { report }) }));
        announce(report?.id === undefined ? strings.create.failed : strings.create.failedPartly);
        changed(connection, report?.id === undefined ? [] : [report.id]);
      } finally {
        release();
      }
    },
    [client, connection],
  );

  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    void run((client, options) => client.create(row, options));
  }, [run, row]);

  return {
    state,
    stop: () => {
      setState((former) => ({ ...former, isStopping: true }));
      controller.current.abort(new DOMException("", "AbortError"));
    },
    /** Does what is left of a creation that came to the agent user and no further. */
    finish: () =>
      void run(async (client, options) => {
        const { id = "" } = await client.provision(row, options);
        return client.get(id, options);
      }),
  };
}
