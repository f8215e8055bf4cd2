import { Checkbox } from "@fluentui/react-checkbox";
import { Select } from "@fluentui/react-select";
import { useId, useMemo, useState } from "react";
import { describe } from "../changes/describe.js";
import { href } from "../route.js";
import { ProblemText } from "../common/problem.js";
import { useNarrow } from "../common/window.js";
import { number, strings } from "../strings/index.js";
import { countsOf, type PlanRow, type Standing } from "./rows.js";
import { type Place, Sheet, type SheetCell, type SheetColumn } from "./sheet.js";
import type { RosterStore } from "./store.js";
import type { FileTable } from "./table.js";

interface PlanSheetProps {
  readonly store: RosterStore;
  readonly rows: readonly PlanRow[];
  /** The file, which has what a new agent user is to be. */
  readonly table: FileTable;
  readonly approved: ReadonlySet<number>;
  /** Whether rows can be approved and left out now. */
  readonly canApprove: boolean;
}

/** The rows of a plan: what each would change, and how far each came. */
export function PlanSheet({ store, rows, table, approved, canApprove }: PlanSheetProps) {
  const text = strings.roster;
  const narrow = useNarrow();
  const id = useId();
  const [filter, setFilter] = useState<Standing | "all">("all");
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const counts = countsOf(rows);
  // The last row of a standing may leave it while it is filtered by.
  const by = counts.some(([standing]) => standing === filter) ? filter : "all";
  const shown = useMemo(() => (by === "all" ? rows : rows.filter(({ standing }) => standing === by)), [rows, by]);
  const current = shown[active.row];
  const toggle = (at: number) => {
    const row = shown[at];
    if (canApprove && row?.isPlanned) store.approve([row.row], !approved.has(row.row));
  };
  const widths = narrow ? ["40px", "56px", "200px", "130px", "260px"] : ["40px", "72px", "minmax(190px, 2fr)", "minmax(100px, 1fr)", "minmax(230px, 4fr)"];
  const heads = [<ApproveShown key="all" store={store} rows={shown} approved={approved} canApprove={canApprove} />, text.row, strings.changes.who, strings.changes.result, strings.changes.change];
  const columns: readonly SheetColumn[] = heads.map((head, at) => ({ id: String(at), head: typeof head === "string" ? <span>{head}</span> : head, width: widths[at] ?? "" }));
  return (
    <>
      <div className="tools">
        <span className="labelled">
          <label htmlFor={id}>{text.show}</label>
          <Select id={id} value={by} onChange={(_, { value }) => (setFilter(value as Standing), setActive({ row: 0, column: 0 }))}>
            <option value="all">{text.ofAll(number(rows.length))}</option>
            {counts.map(([standing, count]) => (
              <option key={standing} value={standing}>
                {text.ofStanding(text.standing[standing], number(count))}
              </option>
            ))}
          </Select>
        </span>
      </div>
      <div className="plan">
        <Sheet
          label={text.rows}
          columns={columns}
          count={shown.length}
          cell={(row, column) => cellOf(shown[row], column, approved)}
          className={(row) => (row === active.row ? "current" : "")}
          isSelected={(row) => (shown[row]?.isPlanned ? approved.has(shown[row].row) : undefined)}
          active={active}
          move={setActive}
          toggle={toggle}
          each={40}
        />
        {current !== undefined && <RowDetails row={current} table={table} />}
      </div>
    </>
  );
}

/** Approves all rows that are shown, or none of them. */
function ApproveShown({ store, rows, approved, canApprove }: Omit<PlanSheetProps, "table">) {
  const planned = rows.filter(({ isPlanned }) => isPlanned).map(({ row }) => row);
  const count = planned.reduce((sum, row) => sum + (approved.has(row) ? 1 : 0), 0);
  const isAll = planned.length > 0 && count === planned.length;
  return (
    <Checkbox
      className="approve"
      aria-label={strings.roster.approveShown}
      checked={isAll ? true : count > 0 ? "mixed" : false}
      disabled={!canApprove || planned.length === 0}
      onChange={() => store.approve(planned, !isAll)}
    />
  );
}

function cellOf(row: PlanRow | undefined, column: number, approved: ReadonlySet<number>): SheetCell {
  if (row === undefined) return { content: null };
  const { report, standing, stage } = row;
  switch (column) {
    case 0:
      return { content: row.isPlanned ? <span className={approved.has(row.row) ? "box checked" : "box"} aria-label={approved.has(row.row) ? strings.roster.isApproved : strings.roster.isLeftOut} role="img" /> : null };
    case 1:
      return { content: <span>{number(row.row)}</span> };
    case 2:
      return { content: <span>{report.userPrincipalName || report.displayName || report.identityParentId}</span> };
    case 3:
      return { content: <span className={`standing ${standing}`}>{stage === undefined ? strings.roster.standing[standing] : strings.roster.stages[stage]}</span> };
    default:
      return { content: <span>{report.problem?.message ?? report.changes.map(describe).join("; ")}</span> };
  }
}

/** The chosen row in full. */
function RowDetails({ row, table }: { row: PlanRow; table: FileTable }) {
  const text = strings.roster;
  const { report, standing, stage } = row;
  const { changes, problem, remarks = [], id } = report;
  const isAhead = standing === "create" || standing === "change" || standing === "running" || standing === "leftOut";
  return (
    <section className="details" aria-label={text.details} tabIndex={0}>
      <h2>
        {text.rowOf(number(row.row), report.userPrincipalName || (report.identityParentId ?? ""))}
        {id !== undefined && (
          <a href={href("users", id)}>{text.open}</a>
        )}
      </h2>
      <p>{stage === undefined ? text.standing[standing] : text.stages[stage]}</p>
      {problem !== undefined && (
        <div className="failed">
          <ProblemText problem={problem} />
        </div>
      )}
      {changes.length > 0 && (
        <ul>
          {changes.map((change, at) => (
            <li key={at} className={isAhead || change.applied ? undefined : "undone"}>
              {describe(change)}
              {!isAhead && !change.applied && ` (${text.notMade})`}
            </li>
          ))}
        </ul>
      )}
      {remarks.map(({ code, message }) => (
        <p key={code}>{message}</p>
      ))}
      {standing === "create" && <Declared row={row.row} table={table} />}
    </section>
  );
}

/** The values of the file for a new agent user. */
function Declared({ row, table }: { row: number; table: FileTable }) {
  const cells = table.rows.find(({ number }) => number === row)?.cells ?? [];
  return (
    <>
      <h3>{strings.roster.declared}</h3>
      <dl className="facts">
        {table.columns.map((name, at) =>
          cells[at] ? (
            <div key={at}>
              <dt>{name}</dt>
              <dd>{cells[at]}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </>
  );
}
