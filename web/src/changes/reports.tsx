import type { ProvisionReport } from "agentuser";
import { ProblemText } from "../common/problem.js";
import { number, strings } from "../strings/index.js";
import { describe } from "./describe.js";

/** How many reports are drawn. The file that is saved has all of them. */
const SHOWN = 200;

/** The worst first: what failed, what was stopped, what changed, and what was so before. */
const ORDER: readonly ProvisionReport["outcome"][] = ["failed", "cancelled", "planned", "created", "changed", "unchanged"];

/** Reports as a table: who, what, and how it ended with Graph's own words. */
export function Reports({ reports, label }: { reports: readonly ProvisionReport[]; label: string }) {
  const text = strings.changes;
  const sorted = reports.toSorted((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || (a.row ?? 0) - (b.row ?? 0));
  const shown = sorted.slice(0, SHOWN);
  return (
    <>
      <div className="reports" role="region" aria-label={label} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.who}</th>
              <th scope="col">{text.change}</th>
              <th scope="col">{text.result}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((report, at) => (
              <Report key={`${report.id ?? ""}${report.row ?? at}`} report={report} />
            ))}
          </tbody>
        </table>
      </div>
      {reports.length > SHOWN && <p>{text.showing(number(SHOWN), number(reports.length))}</p>}
    </>
  );
}

function Report({ report }: { report: ProvisionReport }) {
  const { userPrincipalName, displayName, id, outcome, problem, remarks = [], changes } = report;
  return (
    <tr>
      <th scope="row">{userPrincipalName || displayName || id}</th>
      <td>
        <ul>
          {changes.map((change, at) => (
            <li key={at} className={change.applied || outcome === "planned" ? undefined : "undone"}>
              {describe(change)}
            </li>
          ))}
        </ul>
      </td>
      <td>
        <span className={`outcome ${outcome}`}>{strings.changes.outcome[outcome]}</span>
        {problem && <ProblemText problem={problem} />}
        {remarks.map(({ code, message }) => (
          <p key={code}>{message}</p>
        ))}
      </td>
    </tr>
  );
}
