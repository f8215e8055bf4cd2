import { Button } from "@fluentui/react-button";
import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-message-bar";
import { Select } from "@fluentui/react-select";
import type { PermissionSet, RosterValidation } from "agentuser";
import { useId } from "react";
import { Facts } from "../common/facts.js";
import { ProblemNote, ProblemText } from "../common/problem.js";
import { number, strings } from "../strings/index.js";
import { AnotherFile } from "./another.js";
import { FileButton } from "./choose.js";
import { FileSheet } from "./errors.js";
import { saveErrors } from "./files.js";
import type { RosterFile, RosterState, RosterStore } from "./store.js";

interface CheckedProps {
  readonly store: RosterStore;
  readonly state: RosterState;
  readonly file: RosterFile;
  readonly check: RosterValidation;
}

/** A file that was checked: its errors in their cells, or the way on to its plan. */
export function Checked({ store, state, file, check }: CheckedProps) {
  const { places, needed, domainsUnread } = state;
  const text = strings.roster;
  const { problem, remarks = [] } = check;
  const errors = places.listed.length + places.ofFile.length;
  const title = errors > 0 ? text.invalid(errors, number(errors)) : text.refused;
  return (
    <>
      {problem === undefined && (
        <MessageBar intent="success" layout="multiline" className="note">
          <MessageBarBody>
            <MessageBarTitle>{file.name}</MessageBarTitle> {text.valid(check.rows, number(check.rows))}
          </MessageBarBody>
        </MessageBar>
      )}
      {problem !== undefined && errors === 0 && <ProblemNote title={title} problem={problem} />}
      {problem !== undefined && errors > 0 && (
        <MessageBar intent="error" layout="multiline" className="note">
          <MessageBarBody>
            <MessageBarTitle>{file.name}</MessageBarTitle> {title} {text.mend}
            <FileErrors state={state} />
          </MessageBarBody>
        </MessageBar>
      )}
      {remarks.map(({ code, message }) => (
        <MessageBar key={code} intent="info" layout="multiline" className="note">
          <MessageBarBody>{message}</MessageBarBody>
        </MessageBar>
      ))}
      {domainsUnread !== undefined && (
        <MessageBar intent="warning" layout="multiline" className="note">
          <MessageBarBody>
            <MessageBarTitle>{text.domainsUnread}</MessageBarTitle> <ProblemText problem={domainsUnread} />
          </MessageBarBody>
        </MessageBar>
      )}
      <div className="tools">
        <DomainField store={store} state={state} />
        {problem === undefined ? (
          <>
            <Button appearance="primary" disabled={state.isReading} onClick={() => void store.plan()}>
              {strings.changes.next}
            </Button>
            <AnotherFile store={store} isAsked={false} />
          </>
        ) : (
          <>
            <FileButton store={store} label={text.again} />
            {errors > 0 && <Button onClick={() => saveErrors(file.name, places)}>{text.saveErrors}</Button>}
          </>
        )}
      </div>
      {problem === undefined && needed !== undefined && <Needed needed={needed.delegated} />}
      {file.table.rows.length > 0 && <FileSheet key={check.problem === undefined ? "valid" : "invalid"} table={file.table} places={places} />}
    </>
  );
}

/** The errors that belong to no cell, and those that are only counted. */
function FileErrors({ state: { places, check } }: { state: RosterState }) {
  const { rowErrorCounts = [] } = check?.problem ?? {};
  if (places.ofFile.length + rowErrorCounts.length === 0) return null;
  return (
    <ul>
      {places.ofFile.map(({ field, row, message, fix }, at) => (
        <li key={at}>
          {row === undefined ? field : strings.roster.errorAt(number(row), field)}: {message} {fix}
        </li>
      ))}
      {rowErrorCounts.map(({ code, field, count, firstRow }) => (
        <li key={`${code} ${field}`}>{strings.roster.counted(code, field, number(count), number(firstRow))}</li>
      ))}
    </ul>
  );
}

/** The domain of names that are derived, for rows that have no user principal name. */
function DomainField({ store, state: { domain, domains } }: { store: RosterStore; state: RosterState }) {
  const text = strings.roster;
  const id = useId();
  if (domains.length === 0) return null;
  return (
    <span className="labelled">
      <label htmlFor={id}>{text.domain}</label>
      <Select id={id} value={domain} onChange={(_, { value }) => void store.setDomain(value)}>
        <option value="">{text.noDomain}</option>
        {domains.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </span>
  );
}

/** The permissions that the rows need, before anything is asked of Graph. */
function Needed({ needed: { permissions, conditional = [], roles = [] } }: { needed: PermissionSet }) {
  const text = strings.roster;
  const all = [...new Set([...permissions, ...conditional.flatMap((one) => one.permissions)])];
  const allRoles = [...new Set([...roles, ...conditional.flatMap((one) => one.roles ?? [])])];
  return (
    <details className="needed">
      <summary>{text.needs(all.length, number(all.length))}</summary>
      <Facts
        of={[
          [text.permissions, all.join(", ")],
          [text.entraRoles, allRoles.join(", ")],
        ]}
      />
    </details>
  );
}
