import { Button } from "@fluentui/react-button";
import type { Finding } from "agentuser";
import { memo, useEffect, useRef, useState } from "react";
import { useSession } from "../connection/session.js";
import { href } from "../route.js";
import { CopyText } from "../common/copy.js";
import { portalIdentity, portalUser } from "../common/portal.js";
import { number, strings } from "../strings/index.js";
import { keyOf, nameOf } from "./findings.js";
import { Mending, mendingText } from "./mending.js";
import type { AuditResult, AuditStore } from "./store.js";

/** How many findings of a rule are drawn at first, and how many more with each click. */
const FIRST = 10;
const MORE = 100;

interface RuleProps {
  readonly rule: string;
  readonly findings: readonly Finding[];
  readonly result: AuditResult;
  readonly store: AuditStore;
  readonly selected: ReadonlySet<string>;
  /** Plans the fix of findings; absent without a connection. */
  readonly mend: ((findings: readonly Finding[]) => void) | undefined;
}

/** The findings of one rule. */
export function RuleFindings({ rule, findings, result, store, selected, mend }: RuleProps) {
  const text = strings.audit;
  const [shown, setShown] = useState(FIRST);
  const list = useRef<HTMLUListElement>(null);
  const { report, mendable } = result;
  const [first] = findings;
  if (first === undefined) return null;
  const finds = report.rules.find((one) => one.rule === rule)?.finds ?? rule;
  const keys = findings.map(keyOf).filter((key) => mendable.has(key));
  const isPlanned = (one: Finding) => mendable.has(keyOf(one));
  const ways = [...new Set(findings.map((one) => mendingText(rule, isPlanned(one))))];
  const showMore = () => {
    // The first of the new ones has the focus, because the button may be gone.
    const at = shown;
    setShown(shown + MORE);
    requestAnimationFrame(() => (list.current?.children[at] as HTMLElement | undefined)?.focus());
  };
  return (
    <section className="rule" aria-labelledby={`rule-${rule}`}>
      <div className="rule-heading">
        <h3 id={`rule-${rule}`}>{finds}</h3>
        <span className={`severity ${first.severity}`}>{text.severities[first.severity]}</span>
        <span className="count">{text.shown(findings.length, number(findings.length))}</span>
        <code>{rule}</code>
      </div>
      {ways.map((way) => (
        <p key={way} className="why">
          {way}
        </p>
      ))}
      {keys.length > 1 && <SelectAll keys={keys} store={store} selected={selected} />}
      <ul ref={list}>
        {findings.slice(0, shown).map((finding, at) => {
          const key = keyOf(finding);
          return (
            <FindingRow
              key={`${key}/${at}`}
              finding={finding}
              id={key}
              store={mendable.has(key) ? store : undefined}
              isSelected={selected.has(key)}
              mend={mendable.has(key) ? mend : undefined}
            />
          );
        })}
      </ul>
      {findings.length > shown && (
        <Button size="small" onClick={showMore}>
          {text.more(number(Math.min(MORE, findings.length - shown)))}
        </Button>
      )}
    </section>
  );
}

function SelectAll({ keys, store, selected }: { keys: readonly string[]; store: AuditStore; selected: ReadonlySet<string> }) {
  const box = useRef<HTMLInputElement>(null);
  const unique = new Set(keys).size;
  const count = [...new Set(keys)].filter((key) => selected.has(key)).length;
  useEffect(() => {
    if (box.current) box.current.indeterminate = count > 0 && count < unique;
  }, [count, unique]);
  return (
    <label className="select-all">
      <input ref={box} type="checkbox" checked={count === unique} onChange={({ target }) => store.select(keys, target.checked)} />
      {strings.audit.selectRule(number(unique))}
    </label>
  );
}

interface RowProps {
  readonly finding: Finding;
  readonly id: string;
  /** The audit, where a plan can mend the finding. */
  readonly store: AuditStore | undefined;
  readonly isSelected: boolean;
  readonly mend: ((findings: readonly Finding[]) => void) | undefined;
}

export const FindingRow = memo(function FindingRow({ finding, id, store, isSelected, mend }: RowProps) {
  const text = strings.audit;
  const { message, comparison, accepted } = finding;
  return (
    <li className="finding" tabIndex={-1}>
      {store !== undefined && (
        <input
          type="checkbox"
          aria-label={text.select(nameOf(finding))}
          checked={isSelected}
          onChange={({ target }) => store.select([id], target.checked)}
        />
      )}
      <div className="body">
        <div className="name">
          <Name finding={finding} />
          {comparison !== undefined && <span className={`comparison ${comparison}`}>{comparison === "new" ? text.new : text.unchanged}</span>}
        </div>
        <p>{message}</p>
        {accepted !== undefined && (
          <p className="accepted">
            {text.acceptedBy(accepted.by, accepted.until)}: {accepted.reason}
          </p>
        )}
        {accepted === undefined && (store === undefined || mend !== undefined) && (
          <div className="ways">
            <Mending finding={finding} plan={mend && (() => mend([finding]))} />
          </div>
        )}
        <Details finding={finding} />
      </div>
    </li>
  );
});

/** The name, which leads to the agent user. One in the recycle bin has no page of its own. */
function Name({ finding }: { finding: Finding }) {
  const { user, subject, rule } = finding;
  if (user === undefined) return <span className="who">{subject.name}</span>;
  return (
    <a className="who" href={rule === "deleted" ? `${href("users")}?view=deleted` : href("users", user.id)}>
      {user.userPrincipalName}
    </a>
  );
}

function Details({ finding }: { finding: Finding }) {
  const text = strings.audit;
  const session = useSession();
  const { user, subject, fix, evidence } = finding;
  const connection = session.state === "connected" ? session.connection : undefined;
  const isIdentity = subject.kind === "agentIdentity";
  const portal = isIdentity ? portalIdentity(subject.id, connection) : portalUser(user?.id ?? "", connection);
  const values = Object.entries(evidence);
  return (
    <details>
      <summary>{text.details}</summary>
      <dl className="facts">
        {fix !== undefined && (
          <div>
            <dt>{text.command}</dt>
            <dd>
              <CopyText name={text.command} text={fix} />
            </dd>
          </div>
        )}
        {subject.name !== nameOf(finding) && (
          <div>
            <dt>{text.subject}</dt>
            <dd>{subject.name}</dd>
          </div>
        )}
        <div>
          <dt>{text.objectId}</dt>
          <dd>
            <code>{user !== undefined && !isIdentity ? user.id : subject.id}</code>{" "}
            {portal !== undefined && (
              <a href={portal} target="_blank" rel="noopener noreferrer">
                {text.viewInEntra}
              </a>
            )}
          </dd>
        </div>
        {values.length > 0 && (
          <div>
            <dt>{text.evidence}</dt>
            <dd>
              <ul className="evidence">
                {values.map(([name, value]) => (
                  <li key={name}>
                    <code>{name}</code> {typeof value === "object" ? JSON.stringify(value) : String(value)}
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
    </details>
  );
}
