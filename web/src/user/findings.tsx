import { Badge } from "@fluentui/react-badge";
import { Button } from "@fluentui/react-button";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import type { AgentUser, AuditReport, Finding } from "agentuser";
import { keyOf } from "../audit/findings.js";
import { mend as planMending } from "../audit/mend.js";
import { Mending, mendingText } from "../audit/mending.js";
import { storeOf, useAudit } from "../audit/store.js";
import { useConnection } from "../connection/session.js";
import { href } from "../route.js";
import { moment, number, strings } from "../strings/index.js";
import type { Reading } from "./reading.js";
import { Card, Read } from "./section.js";

/** The worst first. */
const ORDER: readonly Finding["severity"][] = ["high", "medium", "low", "info"];

/**
 * The findings about this agent user, of the connection's audit: that of the page of audits, too. The audit reads the whole tenant,
 * so that it is asked for, and changes here only make it old.
 */
export function FindingsSection({ user }: { user: AgentUser }) {
  const connection = useConnection();
  const store = storeOf(connection);
  const { running, failed, result, isStale } = useAudit(store);
  const text = strings.user.findings;
  // One of a file is of another time, and one of the worst findings alone is not whole.
  const whole = result?.file === undefined && result?.judging.severity === undefined ? result : undefined;
  const mend = (finding: Finding) => {
    if (whole !== undefined) void planMending(connection, store, whole, [finding]).catch((error: unknown) => store.fail(strings.changes.planFailed, error));
  };
  const run = () => void store.audit({ beta: whole?.judging.beta ?? false });
  if (whole === undefined && running === undefined && failed === undefined) {
    return (
      <Card id="findings" title={text.title}>
        <p>{text.intro}</p>
        <Button onClick={run}>{text.check}</Button>
      </Card>
    );
  }
  const reading: Reading<AuditReport> = {
    step: running !== undefined ? "reading" : failed !== undefined ? "failed" : "read",
    ...(whole === undefined ? {} : { value: whole.report }),
    ...(failed === undefined ? {} : { problem: failed.problem }),
    ...(running?.waiting === undefined ? {} : { waiting: running.waiting }),
    again: run,
  };
  return (
    <Card id="findings" title={text.title} again={run} isBusy={running !== undefined}>
      <Read reading={reading} label={text.reading}>
        {(report) => (
          <>
            {isStale && running === undefined && (
              <MessageBar intent="info" layout="multiline">
                <MessageBarBody>{strings.audit.stale}</MessageBarBody>
              </MessageBar>
            )}
            <Found report={report} user={user} mendable={whole?.mendable ?? new Set()} mend={mend} />
          </>
        )}
      </Read>
    </Card>
  );
}

interface FoundProps {
  readonly report: AuditReport;
  readonly user: AgentUser;
  /** The keys of the findings that a plan mends. */
  readonly mendable: ReadonlySet<string>;
  readonly mend: (finding: Finding) => void;
}

function Found({ report, user: { id, identityParentId }, mendable, mend }: FoundProps) {
  const text = strings.user.findings;
  const mine = report.findings.filter(({ user, subject }) => user?.id === id || subject.id === id || (subject.kind === "agentIdentity" && subject.id === identityParentId));
  const found = mine.filter(({ state }) => state === "found").toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  // A rule that could not be checked at all names no agent user.
  const open = report.findings.filter(({ state, user }) => state === "notChecked" && (user === undefined || user.id === id));
  return (
    <>
      <p>{found.length === 0 ? text.none : text.count(found.length, number(found.length))}</p>
      <ul className="findings">
        {found.map((finding, at) => (
          <li key={finding.rule + at}>
            <Badge appearance="tint" color={finding.severity === "high" ? "danger" : finding.severity === "medium" ? "warning" : "informative"}>
              {text.severities[finding.severity]}
            </Badge>
            <span className="two">
              <span>{finding.message}</span>
              <small>
                {finding.accepted === undefined ? mendingText(finding.rule, mendable.has(keyOf(finding))) : text.accepted(finding.rule, finding.accepted.by, finding.accepted.reason)}
              </small>
              {finding.accepted === undefined && (
                <span className="ways">
                  <Mending finding={finding} isHere plan={mendable.has(keyOf(finding)) ? () => mend(finding) : undefined} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {open.length > 0 && (
        <details>
          <summary>{text.notChecked(open.length, number(open.length))}</summary>
          <ul>
            {open.map(({ rule, reason, message }) => (
              <li key={rule}>
                <strong>{rule}</strong>
                {": "}
                {reason === undefined ? message : strings.user.notReadBecause(reason.message, reason.permissions ?? [])}
              </li>
            ))}
          </ul>
        </details>
      )}
      <p className="aside">
        {text.taken(moment(report.takenAt))} <a href={href("audit")}>{text.toAudit}</a>
      </p>
    </>
  );
}
