import "../common/box.css";
import "./list.css";
import { Button } from "@fluentui/react-button";
import { BinRecycleRegular, PeopleRegular } from "@fluentui/react-icons";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import { ProgressBar } from "@fluentui/react-progress";
import { SearchBox } from "@fluentui/react-search";
import { Spinner } from "@fluentui/react-spinner";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { ActionId } from "../changes/actions.js";
import { useConnection } from "../connection/session.js";
import type { PageProps } from "../pages.js";
import { href } from "../route.js";
import { announce } from "../common/announce.js";
import { portalUser } from "../common/portal.js";
import { ProblemNote } from "../common/problem.js";
import { WaitingNote } from "../changes/waiting.js";
import { useNarrow } from "../common/window.js";
import { number, strings } from "../strings/index.js";
import { useQueryInAddress } from "./address.js";
import { COLUMNS, NARROW } from "./columns.js";
import { useColumns } from "./chosen.js";
import { Commands } from "./commands.js";
import { FilterBar } from "./filters.js";
import { Grid } from "./grid.js";
import type { Extra, Filters, Source } from "./model.js";
import { OpenPlan } from "./open-plan.js";
import { listOf, type ListState, type ListStore } from "./store.js";

const ActionDialog = lazy(() => import("../changes/action-dialog.js"));

/** How long the number of rows must stay before it is said, in milliseconds. */
const SETTLED = 600;

export default function Page({ query }: PageProps) {
  const connection = useConnection();
  const source: Source = query.get("view") === "deleted" ? "deleted" : "active";
  const [reading, setReading] = useState(0);
  // Another reading is another store.
  const store = useMemo(() => listOf(connection, source), [connection, source, reading]);
  const state = useSyncExternalStore(store.subscribe, () => store.state);
  const narrow = useNarrow();
  const [chosen, chooseColumns] = useColumns(source);
  const [action, act, close] = useAction();
  const shown = narrow ? NARROW[source] : chosen;
  const columns = useMemo(() => COLUMNS.filter(({ id }) => shown.includes(id)), [shown]);
  const context = useMemo(() => ({ skus: state.skus, narrow }), [state.skus, narrow]);
  const portal = usePortal(store, state);
  useExtrasOf(store, shown);
  useAnnouncedCount(state);
  useQueryInAddress(store, source, query);

  const refresh = useCallback(() => {
    store.isStale = true;
    setReading((n) => n + 1);
  }, [store]);

  return (
    <div className="list">
      <Title store={store} state={state} source={source} />
      <Commands
        store={store}
        selected={state.selected}
        shown={state.view.length}
        source={source}
        narrow={narrow}
        columns={chosen}
        chooseColumns={chooseColumns}
        refresh={refresh}
        act={act}
        portal={portal}
      />
      <div className="filters">
        <SearchBox
          value={state.query.text}
          placeholder={strings.list.search}
          aria-label={strings.list.search}
          onChange={(_, { value }) => store.query({ text: value })}
        />
        {source === "active" && <FilterBar store={store} query={state.query} facets={state.facets} extras={state.extras} skus={state.skus} />}
      </div>
      <Notes store={store} state={state} refresh={refresh} />
      {state.view.length > 0 ? <Grid store={store} state={state} columns={columns} context={context} /> : <Empty store={store} state={state} source={source} />}
      {action !== undefined && (
        <Suspense fallback={<Spinner />}>
          <ActionDialog {...action} list={store} close={close} />
        </Suspense>
      )}
    </div>
  );
}

function Title({ store, state, source }: { store: ListStore; state: ListState; source: Source }) {
  const { progress, gone, view, selected } = state;
  const there = progress.read - gone;
  const all = number(there);
  const text = strings.list;
  const count = !progress.ended
    ? text.reading(all)
    : progress.problem !== undefined && progress.read === 0
    ? ""
    : view.length === there
      ? text.count(there, all)
      : text.countOf(number(view.length), all);
  return (
    <>
      <div className="heading">
        <h1>{source === "active" ? strings.pages.users : text.bin}</h1>
        <span className="count">{selected > 0 ? text.countSelected(count, number(selected)) : count}</span>
        <span className="other">
          {source === "active" && <OpenPlan store={store} />}
          <Button
            as="a"
            appearance="subtle"
            icon={source === "active" ? <BinRecycleRegular /> : <PeopleRegular />}
            href={source === "active" ? `${href("users")}?view=deleted` : href("users")}
          >
            {source === "active" ? text.bin : text.active}
          </Button>
        </span>
      </div>
      {!progress.ended && <ProgressBar className="reading" aria-label={text.reading(all)} thickness="medium" />}
    </>
  );
}

/** The problems of reading, and of what else was asked for. */
function Notes({ store, state, refresh }: { store: ListStore; state: ListState; refresh: () => void }) {
  const { progress, extras } = state;
  const text = strings.filters;
  const titles = { blueprints: strings.columns.blueprint, governance: strings.columns.sponsors } as const;
  return (
    <>
      <WaitingNote waiting={state.waiting} />
      {state.failed !== undefined && <ProblemNote title={state.failed.title} problem={state.failed.problem} />}
      {progress.problem !== undefined && <ProblemNote title={strings.list.stopped} problem={progress.problem} again={refresh} />}
      {extras.governance === "reading" && <Note text={text.readingGovernance} />}
      {extras.blueprints === "reading" && <Note text={text.readingIdentities} />}
      {Object.entries(extras).map(([extra, is]) => {
        if (typeof is === "string") return null;
        if ("failed" in is) return <ProblemNote key={extra} problem={is.failed} again={() => void store.readExtra(extra as Extra)} />;
        return is.unread.map(({ message }, at) => <Note key={extra + at} text={text.notRead(titles[extra as keyof typeof titles], message)} />);
      })}
    </>
  );
}

function Note({ text }: { text: string }) {
  return (
    <MessageBar className="problem" layout="multiline">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  );
}

function Empty({ store, state, source }: { store: ListStore; state: ListState; source: Source }) {
  const text = strings.list;
  if (!state.progress.ended) return <Spinner className="waiting" label={source === "active" ? strings.app.loading : text.readingDeleted} />;
  if (state.progress.problem !== undefined) return null;
  if (state.progress.read > state.gone) {
    return (
      <div className="empty">
        <h2>{text.noMatch}</h2>
        <p>{text.noMatchBody}</p>
        <Button onClick={() => store.query({ text: "", filters: {} })}>{text.clearFilters}</Button>
      </div>
    );
  }
  if (source === "deleted") {
    return (
      <div className="empty">
        <h2>{text.emptyBin}</h2>
      </div>
    );
  }
  return (
    <div className="empty">
      <h2>{text.empty}</h2>
      <p>{text.emptyBody}</p>
      <a href={href("create")}>{text.createFirst}</a>
    </div>
  );
}

interface Action {
  readonly action: ActionId;
  /** The element that had the focus. */
  readonly opener: Element | null;
}

/** The action whose form is open. After it, the focus is where it was, or on the list where that is gone. */
function useAction(): readonly [Action | undefined, act: (action: ActionId) => void, close: () => void] {
  const [action, setAction] = useState<Action>();
  const former = useRef<Action>(undefined);
  useEffect(() => {
    const opener = former.current?.opener;
    former.current = action;
    if (action !== undefined || opener == null) return;
    const element = opener.isConnected ? opener : document.querySelector("[role=grid]");
    if (element instanceof HTMLElement) element.focus();
  }, [action]);
  const act = useCallback((next: ActionId) => setAction({ action: next, opener: document.activeElement }), []);
  return [action, act, useCallback(() => setAction(undefined), [])];
}

/** The address of the one selected agent user in the portal. */
function usePortal(store: ListStore, { selected, selection, view }: ListState): string | undefined {
  const connection = useConnection();
  if (selected !== 1) return undefined;
  const index = selection.indexOf(1);
  const row = store.row(view.indexOf(index));
  return row === undefined ? undefined : portalUser(row.id, connection);
}

/** Reads what the shown columns and the chosen filters need beside the list. */
function useExtrasOf(store: ListStore, shown: readonly string[]): void {
  const { progress, query } = store.state;
  const { ended } = progress;
  const wants = (column: "blueprint" | "sponsors" | "nextAction", filter: keyof Filters) => shown.includes(column) || query.filters[filter] !== undefined;
  const blueprints = wants("blueprint", "blueprint");
  const governance = wants("sponsors", "sponsor") || wants("nextAction", "nextAction");
  useEffect(() => {
    if (ended && blueprints) void store.readExtra("blueprints");
    if (ended && governance) void store.readExtra("governance");
  }, [store, ended, blueprints, governance]);
}

/** Says how many rows there are, once that has settled. */
function useAnnouncedCount({ view, progress, gone }: ListState): void {
  const { length } = view;
  const { ended, problem } = progress;
  const read = progress.read - gone;
  useEffect(() => {
    if (!ended) return undefined;
    const text = problem !== undefined ? strings.list.stopped : length === read ? strings.list.ended(read, number(read)) : strings.list.matches(length, number(length));
    const timer = setTimeout(() => announce(text), SETTLED);
    return () => clearTimeout(timer);
  }, [length, ended, read, problem]);
}
