import "./sheet.css";
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useRowInView, useWindowOf } from "../common/virtual.js";

/** Rows drawn above and below those in view. */
const BEYOND = 6;

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface SheetColumn {
  readonly id: string;
  readonly head: ReactNode;
  readonly width: string;
  readonly isWrong?: boolean;
}

/** The content of a cell. */
export interface SheetCell {
  readonly content: ReactNode;
  readonly isWrong?: boolean;
}

interface SheetProps {
  readonly label: string;
  readonly columns: readonly SheetColumn[];
  /** How many rows there are. */
  readonly count: number;
  readonly cell: (row: number, column: number) => SheetCell;
  readonly className?: (row: number) => string;
  /** Whether a row is selected; none where rows can't be. */
  readonly isSelected?: (row: number) => boolean | undefined;
  /** The cell of the keyboard. */
  readonly active: Place;
  readonly move: (to: Place) => void;
  /** The space bar, and a click on the first cell. */
  readonly toggle?: (row: number) => void;
  /** The height of a row in pixels. */
  readonly each: number;
}

/** A table of any length, of which only the rows in view are drawn. The focus stays on it: `aria-activedescendant` names the cell. */
export function Sheet({ label, columns, count, cell, className, isSelected, active, move, toggle, each }: SheetProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [{ top, height }, setWindow] = useState({ top: 0, height: 400 });
  const first = Math.max(0, Math.min(Math.floor(top / each) - BEYOND, count));
  const last = Math.min(count, Math.ceil((top + height) / each) + BEYOND);
  useWindowOf(scroller, each, setWindow);
  useRowInView(scroller, active.row, each);
  useCellInView(active, active.row >= first && active.row < last);

  const page = Math.max(1, Math.floor(height / each) - 3);
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey || count === 0) return;
    const to = moved(event, active, page, { rows: count, columns: columns.length });
    if (to !== undefined) move(to);
    else if (event.key === " " && toggle !== undefined && active.row < count) toggle(active.row);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      className="sheet"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-multiselectable={isSelected === undefined ? undefined : true}
      aria-activedescendant={active.row >= first && active.row < last ? cellId(active) : undefined}
      style={{ "--columns": columns.map(({ width }) => width).join(" "), "--each": `${each}px` } as object}
      onKeyDown={onKey}
    >
      <div role="rowgroup" className="head">
        <div role="row" aria-rowindex={1} className="row">
          {columns.map(({ id, head, isWrong }, at) => (
            <div key={id} role="columnheader" aria-colindex={at + 1} className={isWrong ? "cell wrong" : "cell"}>
              {head}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="rows" style={{ blockSize: count * each }}>
        {Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at).map((row) => (
          <div
            // A row that leaves the window lends its elements to one that comes.
            key={row % (last - first)}
            role="row"
            aria-rowindex={row + 2}
            aria-selected={isSelected?.(row)}
            className={`row ${className?.(row) ?? ""}`}
            style={{ transform: `translateY(${row * each}px)` }}
            onClick={(event) => onClick(event, row, move, toggle)}
          >
            {columns.map(({ id }, column) => {
              const { content, isWrong } = cell(row, column);
              const isActive = row === active.row && column === active.column;
              const classes = ["cell", isWrong ? "wrong" : "", isActive ? "active" : ""].filter(Boolean).join(" ");
              return (
                <div key={id} id={cellId({ row, column })} role="gridcell" aria-colindex={column + 1} aria-invalid={isWrong ? true : undefined} className={classes}>
                  {content}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function cellId({ row, column }: Place): string {
  return `cell-${row}-${column}`;
}

function onClick(event: MouseEvent, row: number, move: (to: Place) => void, toggle: SheetProps["toggle"]): void {
  const target = event.target as Element;
  if (target.closest("a,button,input") !== null) return;
  const column = Number(target.closest("[role=gridcell]")?.getAttribute("aria-colindex") ?? 1) - 1;
  move({ row, column });
  if (column === 0) toggle?.(row);
}

/** Where a key leads to, if anywhere. */
function moved(event: KeyboardEvent, { row, column }: Place, page: number, size: { rows: number; columns: number }): Place | undefined {
  const isRtl = getComputedStyle(event.currentTarget).direction === "rtl";
  const [next, former] = isRtl ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  const isWhole = event.ctrlKey || event.metaKey;
  const moves: Readonly<Record<string, Place>> = {
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    PageDown: { row: row + page, column },
    PageUp: { row: row - page, column },
    [next as string]: { row, column: column + 1 },
    [former as string]: { row, column: column - 1 },
    Home: isWhole ? { row: 0, column: 0 } : { row, column: 0 },
    End: isWhole ? { row: size.rows - 1, column } : { row, column: size.columns - 1 },
  };
  const to = moves[event.key];
  const within = (value: number, count: number) => Math.min(Math.max(0, value), count - 1);
  return to && { row: within(to.row, size.rows), column: within(to.column, size.columns) };
}

/** Scrolls sideways to the cell of the keyboard, once its row is drawn. */
function useCellInView(active: Place, isDrawn: boolean): void {
  const { row, column } = active;
  useEffect(() => {
    if (isDrawn && column > 0) document.getElementById(cellId({ row, column }))?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [row, column, isDrawn]);
}
