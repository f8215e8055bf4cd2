import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type MouseEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { go } from "../route.js";
import { number, strings } from "../strings/index.js";
import { announce } from "../common/announce.js";
import { type DrawnWindow, useRowInView, useWindowOf } from "../common/virtual.js";
import type { CellContext, Column } from "./columns.js";
import type { Row, Sort } from "./model.js";
import type { ListState, ListStore } from "./store.js";

/** The height of a row in pixels. It is fixed, so two divisions say which rows are in view: no library is needed. */
const HEIGHT = { wide: 40, narrow: 56 };

/** Rows drawn above and below those in view. */
const BEYOND = 8;

/** How many rows are scrolled by before others are drawn: fewer than there are beyond. */
const STEP = 4;

/** The width of the box of each row, in pixels. */
const BOX = 36;

interface GridProps {
  readonly store: ListStore;
  readonly state: ListState;
  readonly columns: readonly Column[];
  readonly context: CellContext;
}

/** The rows, of which only those in view are drawn. The focus stays on the grid: `aria-activedescendant` names the row. */
export function Grid({ store, state, columns, context }: GridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [{ top, height }, setWindow] = useState<DrawnWindow>({ top: 0, height: 600 });
  const { view, active, query } = state;
  useSyncExternalStore(store.subscribeRows, () => store.arrivals);
  const each = context.narrow ? HEIGHT.narrow : HEIGHT.wide;
  const first = Math.max(0, Math.floor(top / each) - BEYOND);
  const last = Math.min(view.length, Math.ceil((top + height) / each) + BEYOND);
  useWindowOf(scroller, each * STEP, setWindow);
  useRowInView(scroller, active, each);
  useTopAfter(scroller, store, query);

  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={strings.list.grid}
      aria-multiselectable
      aria-rowcount={view.length + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={active >= first && active < last ? `row-${active}` : undefined}
      style={tracks(columns)}
      onKeyDown={(event) => onKey(event, store, Math.max(1, Math.floor(height / each) - STEP - 2))}
    >
      <Head store={store} state={state} columns={columns} />
      <div role="rowgroup" className="rows" style={{ blockSize: view.length * each }}>
        {Array.from({ length: last - first }, (_, at) => first + at).map((place) => (
          <GridRow
            // A row that leaves the window lends its elements to one that comes.
            key={place % (last - first)}
            place={place}
            offset={place * each}
            row={store.row(place)}
            isSelected={store.isSelected(place)}
            isActive={place === active}
            columns={columns}
            context={context}
            store={store}
          />
        ))}
      </div>
    </div>
  );
}

/** The columns as tracks, and the least width of a row: without it, rows would have to be measured. */
function tracks(columns: readonly Column[]): CSSProperties {
  const least = columns.reduce((sum, { width: [pixels] }) => sum + pixels, BOX);
  const all = columns.map(({ width: [pixels, share] }) => `minmax(${pixels}px, ${share}fr)`);
  return { "--columns": [`${BOX}px`, ...all].join(" "), "--least": `${least}px` } as CSSProperties;
}

function Head({ store, state, columns }: Pick<GridProps, "store" | "state" | "columns">) {
  const { view, selection, selected, query } = state;
  const box = useRef<HTMLInputElement>(null);
  // Rows that are selected may be hidden by the query.
  const isAll = useMemo(() => view.length > 0 && view.every((index) => selection[index] === 1), [view, selection]);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = selected > 0 && !isAll;
  });
  return (
    <div role="rowgroup" className="head">
      <div role="row" aria-rowindex={1} className="row">
        <div role="columnheader" aria-colindex={1} className="check">
          <input
            ref={box}
            type="checkbox"
            aria-label={strings.list.selectAll}
            checked={isAll}
            onChange={() => (isAll ? store.clearSelection() : store.selectAll())}
          />
        </div>
        {columns.map(({ id }, at) => {
          const by = query.sort?.column === id ? query.sort : undefined;
          const direction = by === undefined ? "none" : by.descending ? "descending" : "ascending";
          return (
            <div key={id} role="columnheader" aria-colindex={at + 2} aria-sort={direction} className="cell">
              <button type="button" onClick={() => sort(store, { column: id, descending: by !== undefined && !by.descending })}>
                <span>{strings.columns[id]}</span>
                <span aria-hidden className={`arrow ${direction}`} />
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function sort(store: ListStore, by: Sort): void {
  store.query({ sort: by });
  const name = strings.columns[by.column];
  announce(by.descending ? strings.list.sortedDown(name) : strings.list.sortedUp(name));
}

interface RowProps {
  readonly place: number;
  readonly offset: number;
  readonly row: Row | undefined;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  readonly columns: readonly Column[];
  readonly context: CellContext;
  readonly store: ListStore;
}

const GridRow = memo(function GridRow({ place, offset, row, isSelected, isActive, columns, context, store }: RowProps) {
  const click = (event: MouseEvent) => {
    if ((event.target as Element).closest("a") !== null) return;
    if (event.shiftKey) store.move(place, true);
    else store.toggle(place);
  };
  return (
    <div
      id={`row-${place}`}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isSelected}
      aria-busy={row === undefined}
      className={isActive ? "row active" : "row"}
      style={{ transform: `translateY(${offset}px)` }}
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onClick={click}
    >
      <div role="gridcell" aria-colindex={1} className="check">
        <span aria-hidden className="box" />
      </div>
      {columns.map(({ id, cell }, at) => (
        <div key={id} role="gridcell" aria-colindex={at + 2} className="cell">
          {row && cell(row, context)}
        </div>
      ))}
    </div>
  );
});

/** Every key of the grid; those of its buttons and links stay theirs. */
function onKey(event: KeyboardEvent, store: ListStore, page: number): void {
  const { active, view } = store.state;
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: view.length - 1,
  };
  const isOnGrid = event.target === event.currentTarget;
  const to = moves[event.key];
  if (!isOnGrid && to === undefined) return;
  if (event.altKey || view.length === 0) return;
  if (to !== undefined) store.move(to, event.shiftKey);
  else if (event.key === " ") store.toggle(Math.max(0, active));
  else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) store.selectAll();
  else if (event.key === "Escape" && store.state.selected > 0) store.clearSelection();
  else if (event.key === "Enter" && active >= 0) {
    const row = store.row(active);
    if (row !== undefined) go("users", row.id);
  } else return;
  event.preventDefault();
  const { selected } = store.state;
  if (selected > 0 && event.key !== "Enter") announce(strings.list.selected(number(selected)));
}

/** Another query begins at its first row; a list that is shown again begins where it was. */
function useTopAfter(scroller: RefObject<HTMLDivElement | null>, store: ListStore, query: ListState["query"]): void {
  const former = useRef(query);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    element.scrollTop = store.scrollTop;
    return () => {
      store.scrollTop = element.scrollTop;
    };
  }, [scroller, store]);
  useEffect(() => {
    if (former.current === query) return;
    former.current = query;
    if (scroller.current !== null) scroller.current.scrollTop = 0;
  }, [scroller, query]);
}
