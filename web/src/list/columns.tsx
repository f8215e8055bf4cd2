import type { ReactNode } from "react";
import { href } from "../route.js";
import { date, list, number, strings } from "../strings/index.js";
import type { ColumnId, Row } from "./model.js";

/** The facts that cells show beside the row. */
export interface CellContext {
  /** The names of SKUs by id. */
  readonly skus: ReadonlyMap<string, string>;
  /** Whether the window is narrow: the user principal name is below the name, and not in a column of its own. */
  readonly narrow: boolean;
}

export interface Column {
  readonly id: ColumnId;
  /** Its least width in pixels, and its share of what is left. */
  readonly width: readonly [least: number, share: number];
  readonly cell: (row: Row, context: CellContext) => ReactNode;
}

/** How many names a cell shows. */
const NAMES = 2;

function text(id: "userPrincipalName" | "domain" | "department" | "jobTitle" | "companyName" | "usageLocation" | "mail" | "identityParentId" | "id", width: Column["width"]): Column {
  return { id, width, cell: (row) => row[id] };
}

/** "A, B, and 3 more". */
function names(values: readonly string[] | undefined): string {
  if (values === undefined) return "";
  if (values.length === 0) return strings.list.none;
  const shown = values.slice(0, NAMES);
  return list(values.length > NAMES ? [...shown, strings.list.more(number(values.length - NAMES))] : shown);
}

export function actionName(action: string): string {
  const text = strings.filters;
  if (action === "") return text.noAction;
  if (action === "disable") return text.actionDisable;
  if (action === "delete") return text.actionDelete;
  return action;
}

function Name({ row, narrow }: { row: Row; narrow: boolean }) {
  const name = (
    <a href={href("users", row.id)} tabIndex={-1}>
      {row.displayName || strings.list.unnamed}
    </a>
  );
  return narrow ? (
    <span className="two">
      {name}
      <small>{row.userPrincipalName}</small>
    </span>
  ) : (
    name
  );
}

function Status({ row }: { row: Row }) {
  if (row.deletedDateTime !== "") return <span className="status deleted">{strings.list.deleted}</span>;
  if (row.accountEnabled === undefined) return <span className="status">{strings.list.unknown}</span>;
  return row.accountEnabled ? <span className="status enabled">{strings.list.enabled}</span> : <span className="status disabled">{strings.list.disabled}</span>;
}

/** All columns, in the order of the grid. */
export const COLUMNS: readonly Column[] = [
  { id: "displayName", width: [180, 1.4], cell: (row, { narrow }) => <Name row={row} narrow={narrow} /> },
  text("userPrincipalName", [220, 1.6]),
  { id: "status", width: [100, 0.5], cell: (row) => <Status row={row} /> },
  {
    id: "licenses",
    width: [160, 1],
    cell: ({ licenses, licenseError }, { skus }) => (
      <>
        {licenseError && <span className="warning">{strings.list.licenseError}: </span>}
        {names(licenses.map((sku) => skus.get(sku) ?? sku))}
      </>
    ),
  },
  { id: "blueprint", width: [150, 1], cell: ({ blueprint }) => blueprint },
  { id: "sponsors", width: [160, 1], cell: ({ sponsors }) => names(sponsors) },
  {
    id: "nextAction",
    width: [170, 1],
    cell: ({ nextAction, nextActionDateTime }) => nextAction !== undefined && `${actionName(nextAction)} ${date(nextActionDateTime)}`.trim(),
  },
  text("domain", [130, 0.8]),
  text("department", [120, 0.8]),
  text("jobTitle", [130, 0.8]),
  text("companyName", [130, 0.8]),
  text("usageLocation", [100, 0.4]),
  text("mail", [200, 1.2]),
  { id: "createdDateTime", width: [130, 0.6], cell: ({ createdDateTime }) => date(createdDateTime) },
  { id: "deletedDateTime", width: [130, 0.6], cell: ({ deletedDateTime }) => date(deletedDateTime) },
  text("identityParentId", [290, 1]),
  text("id", [290, 1]),
];

/** The columns before others are chosen. */
export const USUAL: Readonly<Record<"active" | "deleted", readonly ColumnId[]>> = {
  active: ["displayName", "userPrincipalName", "status", "licenses", "department", "createdDateTime"],
  deleted: ["displayName", "userPrincipalName", "deletedDateTime", "identityParentId"],
};

/** The columns on a narrow window, which has no room for others. */
export const NARROW: Readonly<Record<"active" | "deleted", readonly ColumnId[]>> = {
  active: ["displayName", "status"],
  deleted: ["displayName", "deletedDateTime"],
};
