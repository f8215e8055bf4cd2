import { Button } from "@fluentui/react-button";
import { ArrowDownRegular, ArrowUpRegular, ErrorCircleRegular } from "@fluentui/react-icons";
import { Switch } from "@fluentui/react-switch";
import type { RowError } from "agentuser";
import { useMemo, useState } from "react";
import { announce } from "../common/announce.js";
import { number, strings } from "../strings/index.js";
import { type Place, Sheet, type SheetColumn } from "./sheet.js";
import { type FileTable, placeKey, type Places } from "./table.js";

interface FileSheetProps {
  readonly table: FileTable;
  readonly places: Places;
}

/** The file, with every error in its cell and the words of the chosen one below. */
export function FileSheet({ table, places }: FileSheetProps) {
  const text = strings.roster;
  const hasErrors = places.listed.length > 0;
  const [onlyWrong, setOnlyWrong] = useState(hasErrors);
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const [shown, setShown] = useState(0);
  const rows = useMemo(() => (onlyWrong ? table.rows.filter(({ number }) => places.rows.has(number)) : table.rows), [table, places, onlyWrong]);
  const columns: readonly SheetColumn[] = [
    { id: "row", head: text.row, width: "64px" },
    ...table.columns.map((name, at) => ({
      id: `${at}`,
      head: <HeadCell name={name} errors={errorsAt(places, table.header ?? 0, at)} />,
      width: "minmax(180px, 1fr)",
      isWrong: errorsAt(places, table.header ?? 0, at).length > 0,
    })),
  ];
  const cell = (at: number, column: number) => {
    const row = rows[at];
    if (row === undefined) return { content: null };
    const errors = errorsAt(places, row.number, column - 1);
    const value = column === 0 ? number(row.number) : (row.cells[column - 1] ?? "");
    return { content: <ValueCell value={value} errors={errors} />, isWrong: errors.length > 0 };
  };
  /** Goes to an error of the list: its row may be hidden in no case, because it has one. */
  const show = (at: number) => {
    const to = (at + places.listed.length) % places.listed.length;
    const placed = places.listed[to];
    if (placed === undefined) return;
    setShown(to);
    const row = rows.findIndex((one) => one.number === placed.row);
    if (row >= 0) setActive({ row, column: placed.column + 1 });
    announce(`${text.errorAt(number(placed.row), placed.error.field)}: ${placed.error.message} ${placed.error.fix}`);
  };
  const move = (to: Place) => {
    setActive(to);
    const row = rows[to.row]?.number;
    const found = places.listed.findIndex((one) => one.row === row && one.column === to.column - 1);
    if (found >= 0) setShown(found);
  };
  return (
    <>
      {hasErrors && (
        <div className="tools">
          <Switch checked={onlyWrong} label={text.onlyWrong(number(places.rows.size))} onChange={(_, { checked }) => (setOnlyWrong(checked), setActive({ row: 0, column: 0 }))} />
          <Button icon={<ArrowUpRegular />} onClick={() => show(shown - 1)}>
            {text.formerError}
          </Button>
          <Button icon={<ArrowDownRegular />} onClick={() => show(shown + 1)}>
            {text.nextError}
          </Button>
        </div>
      )}
      <Sheet label={text.file} columns={columns} count={rows.length} cell={cell} active={active} move={move} each={hasErrors ? 48 : 36} />
      {hasErrors && <ErrorNote places={places} at={shown} />}
    </>
  );
}

const NONE: readonly RowError[] = [];

function errorsAt(places: Places, row: number, column: number): readonly RowError[] {
  return places.at.get(placeKey(row, column)) ?? NONE;
}

function HeadCell({ name, errors }: { name: string; errors: readonly RowError[] }) {
  return (
    <>
      <span>{name}</span>
      {errors.length > 0 && <small title={errors.map(({ message }) => message).join(" ")}>{errors[0]?.message}</small>}
    </>
  );
}

function ValueCell({ value, errors }: { value: string; errors: readonly RowError[] }) {
  const [first] = errors;
  if (first === undefined) return <span>{value}</span>;
  return (
    <>
      <span>{value || strings.roster.emptyCell}</span>
      <small title={errors.map(({ message, fix }) => `${message} ${fix}`).join(" ")}>{first.message}</small>
    </>
  );
}

/** One error in full: what is wrong and what to do. */
function ErrorNote({ places, at }: { places: Places; at: number }) {
  const text = strings.roster;
  const placed = places.listed[at];
  if (placed === undefined) return null;
  const { error, row } = placed;
  return (
    <div className="error-note">
      <ErrorCircleRegular aria-hidden />
      <div>
        <strong>
          {text.errorOf(number(at + 1), number(places.listed.length))} {text.errorAt(number(row), error.field)}
        </strong>
        <p>
          {error.message} {error.fix}
        </p>
      </div>
    </div>
  );
}
