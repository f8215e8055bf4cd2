import type { AuditReport, Finding, Unread } from "agentuser";
import { date, number, strings } from "../strings/index.js";
import { grouped, keyOf } from "./findings.js";
import { FindingRow } from "./rule.js";
import type { AuditResult } from "./store.js";

/** The findings that are accepted, each with the reason and the date. */
export function AcceptedSection({ findings }: { findings: readonly Finding[] }) {
  const text = strings.audit;
  if (findings.length === 0) return null;
  return (
    <section aria-labelledby="accepted">
      <h2 id="accepted">
        {text.accepted} <span className="count">{number(findings.length)}</span>
      </h2>
      <p>{text.acceptedIntro}</p>
      <ul className="plain">
        {findings.map((finding, at) => (
          <FindingRow key={`${keyOf(finding)}/${at}`} finding={dated(finding)} id={keyOf(finding)} store={undefined} isSelected={false} mend={undefined} />
        ))}
      </ul>
    </section>
  );
}

/** The finding with the date of its acceptance as people write it. */
function dated(finding: Finding): Finding {
  const { accepted } = finding;
  return accepted === undefined ? finding : { ...finding, accepted: { ...accepted, until: date(accepted.until) } };
}

/** The rules that could not be checked, each with what is missing. */
export function NotCheckedSection({ findings, report }: { findings: readonly Finding[]; report: AuditReport }) {
  const text = strings.audit;
  if (findings.length === 0) return null;
  return (
    <section aria-labelledby="not-checked">
      <h2 id="not-checked">
        {text.notChecked} <span className="count">{number(grouped(findings, ({ rule }) => rule).size)}</span>
      </h2>
      <p>{text.notCheckedIntro}</p>
      <ul className="plain">
        {[...grouped(findings, ({ rule }) => rule)].map(([rule, all]) => (
          <NotChecked key={rule} rule={rule} findings={all} report={report} />
        ))}
      </ul>
    </section>
  );
}

function NotChecked({ rule, findings, report }: { rule: string; findings: readonly Finding[]; report: AuditReport }) {
  const text = strings.audit;
  const result = report.rules.find((one) => one.rule === rule);
  // Many agent users mostly share one reason.
  const reasons = new Map(findings.map((one) => [one.reason?.message ?? one.message, one.reason]));
  const count = result?.notChecked ?? findings.length;
  return (
    <li className="finding">
      <div className="body">
        <div className="name">
          <span className="who">{result?.finds ?? rule}</span>
          <span className="count">{text.notCheckedOf(count, number(count))}</span>
          <code>{rule}</code>
        </div>
        {[...reasons].map(([message, reason]) => (
          <Reason key={message} message={message} reason={reason} />
        ))}
      </div>
    </li>
  );
}

function Reason({ message, reason }: { message: string; reason: Unread | undefined }) {
  const text = strings.audit;
  const { permissions = [], license } = reason ?? {};
  return (
    <>
      <p>{message}</p>
      {permissions.length > 0 && (
        <p className="missing">
          {text.permission}: <code>{permissions[0]}</code>
        </p>
      )}
      {license !== undefined && (
        <p className="missing">
          {text.license}: {license}
        </p>
      )}
    </>
  );
}

/** The findings of an older audit that are gone. */
export function GoneSection({ result }: { result: AuditResult }) {
  const text = strings.audit;
  const { gone = [] } = result.report;
  if (gone.length === 0 || result.older === undefined) return null;
  return (
    <section aria-labelledby="gone">
      <h2 id="gone">
        {text.gone} <span className="count">{number(gone.length)}</span>
      </h2>
      <p>{text.goneIntro(result.older.name)}</p>
      <ul className="plain">
        {gone.map(({ rule, message, subject, userPrincipalName }, at) => (
          <li className="finding" key={at}>
            <div className="body">
              <div className="name">
                <span className="who">{userPrincipalName ?? subject}</span>
                <code>{rule}</code>
              </div>
              <p>{message}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Every rule that ran, with its numbers. */
export function RuleTable({ report }: { report: AuditReport }) {
  const { columns, severities, rules } = strings.audit;
  return (
    <details className="rules">
      <summary>{rules}</summary>
      <div className="table" role="region" aria-label={rules} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {Object.values(columns).map((title) => (
                <th scope="col" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.rules.map(({ rule, finds, severity, found, clean, notChecked, accepted }) => (
              <tr key={rule}>
                <th scope="row">
                  <code>{rule}</code>
                </th>
                <td>{finds}</td>
                <td>{severities[severity]}</td>
                {[found, clean, notChecked, accepted].map((count, at) => (
                  <td key={at} className="number">
                    {number(count)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
