import { Button } from "@fluentui/react-button";
import { MessageBar, MessageBarBody } from "@fluentui/react-message-bar";
import { SearchBox } from "@fluentui/react-search";
import { Select } from "@fluentui/react-select";
import type { AuditSeverity, Finding } from "agentuser";
import { type ReactNode, useState } from "react";
import { Facts } from "../common/facts.js";
import { moment, number, strings } from "../strings/index.js";
import { type Filters, filtered, grouped, isFiltered, keyOf, NO_FILTERS, SEVERITIES, sorted } from "./findings.js";
import { RuleFindings } from "./rule.js";
import { AcceptedSection, GoneSection, NotCheckedSection, RuleTable } from "./sections.js";
import type { AuditResult, AuditState, AuditStore } from "./store.js";

interface ResultProps {
  readonly store: AuditStore;
  readonly state: AuditState;
  readonly result: AuditResult;
  readonly query: URLSearchParams;
  /** Plans the fix of findings; absent without a connection. */
  readonly mend: ((findings: readonly Finding[]) => Promise<void>) | undefined;
}

/** An audit that has ended: its numbers, and its findings from the worst on. */
export function Result({ store, state, result, query, mend }: ResultProps) {
  const text = strings.audit;
  const { report, older } = result;
  const { open, accepted, notChecked } = sorted(report);
  const [filters, setFilters] = useState<Filters>(() => asked(query));
  const shown = filtered(open, filters);
  const chosen = open.filter((one) => state.selected.has(keyOf(one)));
  const plan = mend && ((findings: readonly Finding[]) => void mend(findings).catch((error: unknown) => store.fail(strings.changes.planFailed, error)));
  const compared = (comparison: string) => number(open.filter((one) => one.comparison === comparison).length);
  return (
    <div className="audit-result">
      {state.isStale && <Note>{text.stale}</Note>}
      {result.snapshot === undefined && <Note>{text.reportOnly}</Note>}
      <About result={result} />
      {older !== undefined && <p>{text.compared(older.name, compared("new"), compared("unchanged"), number(report.gone?.length ?? 0))}</p>}
      <Totals open={open} accepted={accepted.length} notChecked={new Set(notChecked.map(({ rule }) => rule)).size} filters={filters} choose={setFilters} />
      <h2 id="findings" tabIndex={-1}>
        {text.results} <span className="count">{shown.length === open.length ? number(open.length) : strings.list.countOf(number(shown.length), number(open.length))}</span>
      </h2>
      {open.length > 0 && <FilterBar open={open} filters={filters} choose={setFilters} isCompared={older !== undefined} />}
      {open.length === 0 && <Empty title={text.clean} body={notChecked.length > 0 ? text.cleanButBody : text.cleanBody} />}
      {open.length > 0 && shown.length === 0 && (
        <Empty title={text.noMatch}>
          <Button onClick={() => setFilters(NO_FILTERS)}>{text.clearFilters}</Button>
        </Empty>
      )}
      {[...grouped(shown, ({ rule }) => rule)].map(([rule, findings]) => (
        <RuleFindings key={rule} rule={rule} findings={findings} result={result} store={store} selected={state.selected} mend={plan} />
      ))}
      <NotCheckedSection findings={notChecked} report={report} />
      <AcceptedSection findings={accepted} />
      <GoneSection result={result} />
      <RuleTable report={report} />
      {chosen.length > 0 && <SelectionBar store={store} chosen={chosen} plan={plan && (() => plan(chosen))} />}
    </div>
  );
}

/** The filters that an address asks for: `#/audit?severity=high&rule=idle`. */
function asked(query: URLSearchParams): Filters {
  const wanted = query.getAll("severity");
  return { ...NO_FILTERS, severities: new Set(SEVERITIES.filter((one) => wanted.includes(one))), rule: query.get("rule") ?? "" };
}

function Note({ children }: { children: string }) {
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>{children}</MessageBarBody>
    </MessageBar>
  );
}

function Empty({ title, body, children }: { title: string; body?: string; children?: ReactNode }) {
  return (
    <div className="nothing">
      <h3>{title}</h3>
      {body !== undefined && <p>{body}</p>}
      {children}
    </div>
  );
}

function About({ result: { report, file } }: { result: AuditResult }) {
  const text = strings.audit;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [text.file, file],
    [text.tenant, report.tenantId],
    [text.account, report.account],
    [text.takenAt, moment(report.takenAt)],
    [text.judgedAt, moment(report.judgedAt) === moment(report.takenAt) ? undefined : moment(report.judgedAt)],
    [text.agentUsers, number(report.agentUsers)],
  ];
  return (
    <Facts className="audit-facts" of={facts} />
  );
}

interface TotalsProps {
  readonly open: readonly Finding[];
  readonly accepted: number;
  readonly notChecked: number;
  readonly filters: Filters;
  readonly choose: (filters: Filters) => void;
}

/** The numbers. Those of the severities are filters, too. */
function Totals({ open, accepted, notChecked, filters, choose }: TotalsProps) {
  const text = strings.audit;
  const toggle = (severity: AuditSeverity) => {
    const chosen = new Set(filters.severities);
    if (!chosen.delete(severity)) chosen.add(severity);
    choose({ ...filters, severities: chosen });
  };
  return (
    <div className="totals" role="group" aria-label={text.filters}>
      {SEVERITIES.map((severity) => {
        const count = number(open.filter((one) => one.severity === severity).length);
        return (
          <button
            key={severity}
            type="button"
            className={`total ${severity}`}
            aria-pressed={filters.severities.has(severity)}
            onClick={() => toggle(severity)}
          >
            <b>{count}</b> <span>{text.severities[severity]}</span>
          </button>
        );
      })}
      <Jump to="not-checked" count={notChecked} title={text.notCheckedCount} />
      <Jump to="accepted" count={accepted} title={text.acceptedCount} />
    </div>
  );
}

/** A number that leads to its section. The address is the page's, so that a link can't. */
function Jump({ to, count, title }: { to: string; count: number; title: string }) {
  const jump = () => document.getElementById(to)?.scrollIntoView();
  return (
    <button type="button" className="total" disabled={count === 0} onClick={jump}>
      <b>{number(count)}</b> <span>{title}</span>
    </button>
  );
}

interface FilterBarProps {
  readonly open: readonly Finding[];
  readonly filters: Filters;
  readonly choose: (filters: Filters) => void;
  readonly isCompared: boolean;
}

function FilterBar({ open, filters, choose, isCompared }: FilterBarProps) {
  const text = strings.audit;
  const rules = grouped(open, ({ rule }) => rule);
  return (
    <div className="filters" role="search">
      <SearchBox
        aria-label={text.search}
        placeholder={text.search}
        value={filters.search}
        onChange={(_, { value }) => choose({ ...filters, search: value })}
      />
      <Select aria-label={text.rule} value={filters.rule} onChange={(_, { value }) => choose({ ...filters, rule: value })}>
        <option value="">{text.anyRule}</option>
        {[...rules].map(([rule, { length }]) => (
          <option key={rule} value={rule}>
            {`${rule} (${number(length)})`}
          </option>
        ))}
      </Select>
      {isCompared && (
        <Select aria-label={text.comparison} value={filters.comparison} onChange={(_, { value }) => choose({ ...filters, comparison: value })}>
          <option value="">{text.anyComparison}</option>
          <option value="new">{text.new}</option>
          <option value="unchanged">{text.unchanged}</option>
        </Select>
      )}
      {isFiltered(filters) && (
        <Button appearance="subtle" onClick={() => choose(NO_FILTERS)}>
          {text.clearFilters}
        </Button>
      )}
    </div>
  );
}

/** The selected findings, and what can be done about them: also of those that a filter hides. */
function SelectionBar({ store, chosen, plan }: { store: AuditStore; chosen: readonly Finding[]; plan: (() => void) | undefined }) {
  const text = strings.audit;
  return (
    <div className="selection" role="region" aria-label={text.selected(chosen.length, number(chosen.length))}>
      <span>{text.selected(chosen.length, number(chosen.length))}</span>
      <Button appearance="primary" disabled={plan === undefined} onClick={plan}>
        {text.mend}
      </Button>
      <Button appearance="subtle" onClick={() => store.clearSelection()}>
        {text.clearSelection}
      </Button>
      {plan === undefined && <span>{text.mendOffline}</span>}
    </div>
  );
}
