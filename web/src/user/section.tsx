import { Button } from "@fluentui/react-button";
import { ArrowClockwiseRegular } from "@fluentui/react-icons";
import { Spinner } from "@fluentui/react-spinner";
import type { Problem } from "agentuser";
import type { ReactNode } from "react";
import { WaitingNote } from "../changes/waiting.js";
import { ProblemNote } from "../common/problem.js";
import { strings } from "../strings/index.js";
import { usePartOfAddress } from "./parts.js";
import type { Reading } from "./reading.js";

interface SectionProps<Value> {
  readonly id: string;
  readonly title: string;
  readonly reading: Reading<Value>;
  readonly actions?: ReactNode;
  readonly children: (value: Value) => ReactNode;
}

/** A part of the page, which loads by itself and fails by itself. */
export function Section<Value>({ id, title, reading, actions, children }: SectionProps<Value>) {
  return (
    <Card id={id} title={title} actions={actions} again={reading.again} isBusy={reading.step === "reading"}>
      <Read reading={reading}>{children}</Read>
    </Card>
  );
}

interface CardProps {
  readonly id: string;
  readonly title: string;
  readonly actions?: ReactNode;
  readonly again?: () => void;
  readonly isBusy?: boolean;
  readonly children: ReactNode;
}

export function Card({ id, title, actions, again, isBusy = false, children }: CardProps) {
  usePartOfAddress(id);
  return (
    <section className="card" id={id} aria-labelledby={`${id}-title`} aria-busy={isBusy}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        {actions}
        {again !== undefined && (
          <Button
            appearance="subtle"
            size="small"
            icon={isBusy ? <Spinner size="extra-tiny" role="presentation" /> : <ArrowClockwiseRegular />}
            disabledFocusable={isBusy}
            aria-label={strings.user.readAgain(title)}
            title={strings.user.readAgain(title)}
            onClick={again}
          />
        )}
      </header>
      {children}
    </section>
  );
}

/** A part of a card, under a title of its own. */
export function Part({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <div className="part">
      <div className="part-title">
        <h3>{title}</h3>
        {actions}
      </div>
      {children}
    </div>
  );
}

interface ReadProps<Value> {
  readonly reading: Reading<Value>;
  /** The text while there is nothing to show. */
  readonly label?: string;
  readonly children: (value: Value) => ReactNode;
}

/** The value of a reading, or how far it is. */
export function Read<Value>({ reading, label = strings.app.loading, children }: ReadProps<Value>) {
  const { step, value, problem, waiting, again } = reading;
  return (
    <>
      {step === "failed" && problem !== undefined && <SectionProblem problem={problem} again={again} isOld={value !== undefined} />}
      {step === "reading" && value === undefined && <Spinner className="part-waiting" size="tiny" label={label} />}
      {step === "reading" && <WaitingNote waiting={waiting} />}
      {value !== undefined && children(value)}
    </>
  );
}

interface SectionProblemProps {
  readonly problem: Problem | string;
  readonly again?: () => void;
  readonly isOld?: boolean;
}

/** The problem of one part. One of a missing permission names it at once: it is not a fault of the page. */
export function SectionProblem({ problem, again, isOld = false }: SectionProblemProps) {
  const text = strings.user;
  const permissions = typeof problem === "string" ? undefined : problem.permissions;
  return (
    <ProblemNote {...(permissions === undefined ? {} : { title: text.forbidden(permissions), intent: "warning" })} problem={problem} again={again}>
      {isOld && <p>{text.formerShown}</p>}
    </ProblemNote>
  );
}
