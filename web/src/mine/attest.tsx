import { Button } from "@fluentui/react-button";
import { Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-dialog";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import { Spinner } from "@fluentui/react-spinner";
import type { AgentUserClient, Problem, ProvisionReport } from "agentuser";
import { useEffect, useRef, useState } from "react";
import { announce } from "../common/announce.js";
import { ProblemNote, problemOf } from "../common/problem.js";
import { SignInAgain } from "../shell/again.js";
import { strings } from "../strings/index.js";
import type { Agent } from "./read.js";

type Step =
  | { readonly step: "asked" | "attesting" }
  | { readonly step: "done"; readonly report: ProvisionReport }
  | { readonly step: "failed"; readonly problem: Problem | string };

interface AttestDialogProps {
  readonly client: AgentUserClient;
  readonly agent: Agent;
  /** Is called once it is attested. */
  readonly attested: () => void;
  readonly close: () => void;
}

/** Attests an agent identity, after one more click. */
export default function AttestDialog({ client, agent, attested, close }: AttestDialogProps) {
  const text = strings.mine;
  const [state, setState] = useState<Step>({ step: "asked" });
  const content = useRef<HTMLDivElement>(null);
  // The button of the step before is gone.
  useEffect(() => (state.step === "asked" ? undefined : content.current?.focus()), [state.step]);
  const attest = async () => {
    setState({ step: "attesting" });
    try {
      const report = await client.attest(agent.identity ?? "");
      setState({ step: "done", report });
      announce(text.attested);
      attested();
    } catch (error) {
      setState({ step: "failed", problem: problemOf(error) });
      announce(text.attestFailed);
    }
  };
  return (
    <Dialog open onOpenChange={(_, { type }) => type === "escapeKeyDown" && state.step !== "attesting" && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{text.attestOf(agent.name)}</DialogTitle>
          <DialogContent>
            <div ref={content} tabIndex={-1} className="mine-step">
              <SignInAgain />
              {state.step === "asked" && (
                <>
                  <p>{text.attestBody}</p>
                  <p>{text.attestWho}</p>
                </>
              )}
              {state.step === "attesting" && <Spinner label={text.attesting} />}
              {state.step === "failed" && <ProblemNote title={text.attestFailed} problem={state.problem} />}
              {state.step === "done" && <Done report={state.report} />}
            </div>
          </DialogContent>
          <DialogActions>
            {(state.step === "asked" || state.step === "attesting") && (
              <>
                <Button disabled={state.step === "attesting"} onClick={close}>
                  {strings.app.cancel}
                </Button>
                <Button appearance="primary" disabled={state.step === "attesting"} onClick={() => void attest()}>
                  {text.attest}
                </Button>
              </>
            )}
            {(state.step === "done" || state.step === "failed") && (
              <Button appearance="primary" onClick={close}>
                {strings.app.close}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Done({ report: { remarks = [] } }: { report: ProvisionReport }) {
  return (
    <>
      <MessageBar intent="success">
        <MessageBarBody>{strings.mine.attested}</MessageBarBody>
      </MessageBar>
      {remarks.map(({ code, message }) => (
        <p key={code}>{message}</p>
      ))}
    </>
  );
}
