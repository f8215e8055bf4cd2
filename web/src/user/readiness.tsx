import "./timeline.css";
import { Button } from "@fluentui/react-button";
import { CheckmarkCircleFilled, CircleRegular, ErrorCircleRegular } from "@fluentui/react-icons";
import { Spinner } from "@fluentui/react-spinner";
import type { AgentUser, Readiness as Services } from "agentuser";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { WaitingNote } from "../changes/waiting.js";
import { announce } from "../common/announce.js";
import { ProblemText } from "../common/problem.js";
import { moment, strings } from "../strings/index.js";
import { type Reading, useReading } from "./reading.js";

/** The services of an agent user as a timeline. Each is waited for by looking, as long as the page is open. */
export function Readiness({ user }: { user: AgentUser }) {
  const text = strings.user.readiness;
  const [isOneDriveAsked, askOneDrive] = useState(false);
  const isLicensed = (user.assignedLicenses?.length ?? 0) > 0;
  const key = isLicensed ? (user.assignedLicenses ?? []).map(({ skuId }) => skuId).join() : undefined;
  const mailbox = useService(user, key, "mailbox");
  const teams = useService(user, key, "teams");
  const oneDrive = useService(user, isOneDriveAsked ? key : undefined, "oneDrive");
  return (
    <ol className="timeline">
      <Step state="done" title={text.created}>
        {moment(user.createdDateTime)}
      </Step>
      <Step state={isLicensed ? "done" : "open"} title={isLicensed ? text.licensed : text.notLicensed}>
        {!isLicensed && text.licenseFirst}
      </Step>
      <Service title={text.mailbox} reading={mailbox} isAsked={isLicensed} />
      <Service title={text.teams} reading={teams} isAsked={isLicensed} />
      <Service title={text.oneDrive} reading={oneDrive} isAsked={isLicensed && isOneDriveAsked}>
        {isLicensed && (
          <Button size="small" onClick={() => askOneDrive(true)}>
            {text.lookForOneDrive}
          </Button>
        )}
      </Service>
    </ol>
  );
}

/** Waits for a service, and gives what is known of it then: the address of a mailbox. */
function useService(user: AgentUser, key: string | undefined, service: keyof Services): Reading<string> {
  const id = user.id ?? "";
  const reading = useReading(key, async (client, options) => {
    await client.waitReady(id, { [service]: true }, options);
    return service === "mailbox" ? (user.mail ?? (await client.get(id, options)).mail ?? "") : "";
  });
  const hadToWait = useRef(false);
  useEffect(() => {
    if (reading.waiting !== undefined) hadToWait.current = true;
    else if (reading.step === "read" && hadToWait.current) {
      hadToWait.current = false;
      announce(strings.user.readiness.nowReady[service]);
    }
  }, [reading, service]);
  return reading;
}

interface ServiceProps {
  readonly title: string;
  readonly reading: Reading<string>;
  readonly isAsked: boolean;
  readonly children?: ReactNode;
}

function Service({ title, reading: { step, value, problem, waiting, again }, isAsked, children }: ServiceProps) {
  const text = strings.user.readiness;
  if (!isAsked) {
    return (
      <Step state="open" title={title}>
        {children}
      </Step>
    );
  }
  if (step === "read") {
    return (
      <Step state="done" title={title}>
        {[text.ready, value].filter(Boolean).join(": ")}
      </Step>
    );
  }
  if (step === "reading") {
    return (
      <Step state="waiting" title={title}>
        {waiting === undefined ? text.looking : <WaitingNote waiting={waiting} />}
      </Step>
    );
  }
  return (
    <Step state="failed" title={title}>
      {problem !== undefined && <ProblemText problem={problem} />}
      <Button size="small" onClick={again}>
        {text.lookAgain}
      </Button>
    </Step>
  );
}

export type StepState = "done" | "waiting" | "failed" | "open";

const ICONS: Readonly<Record<StepState, ReactNode>> = {
  done: <CheckmarkCircleFilled aria-hidden />,
  waiting: <Spinner size="extra-tiny" role="presentation" />,
  failed: <ErrorCircleRegular aria-hidden />,
  open: <CircleRegular aria-hidden />,
};

/** A step of a timeline. */
export function Step({ state, title, children }: { state: StepState; title: string; children?: ReactNode }) {
  return (
    <li className={state}>
      {ICONS[state]}
      <div>
        <strong>{title}</strong>
        <span className="unseen">{strings.user.readiness.states[state]}</span>
        <div>{children}</div>
      </div>
    </li>
  );
}
