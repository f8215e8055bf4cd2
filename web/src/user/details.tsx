import { Button } from "@fluentui/react-button";
import { EditRegular } from "@fluentui/react-icons";
import { Spinner } from "@fluentui/react-spinner";
import type { AgentUser, AgentUserChanges, Violation } from "agentuser";
import { Fragment, Suspense, useState } from "react";
import { PageBoundary } from "../shell/boundary.js";
import { date, moment, strings } from "../strings/index.js";
import { ChangeDialog, useDialog } from "./change-dialog.js";
import { useHeldPage } from "../common/leaving.js";
import { MemberField } from "./member-field.js";
import { GROUPS, kindOf, type MemberId, typed, written } from "./members.js";
import { Card } from "./section.js";
import { useRules } from "./rules.js";

interface DetailsProps {
  readonly user: AgentUser;
  readonly changed: () => void;
}

/** The button that opens the form, to which the focus comes back. */
const EDIT = "details-edit";

/** The members of the agent user: read, and edited in place. */
export function DetailsSection({ user, changed }: DetailsProps) {
  const [isEdited, setEdited] = useState(false);
  const end = () => {
    setEdited(false);
    requestAnimationFrame(() => document.getElementById(EDIT)?.focus());
  };
  const text = strings.user.details;
  const actions = !isEdited && (
    <Button id={EDIT} size="small" icon={<EditRegular />} onClick={() => setEdited(true)}>
      {text.edit}
    </Button>
  );
  return (
    <Card id="details" title={text.title} actions={actions}>
      {isEdited ? (
        <PageBoundary title={text.editFailed}>
          <Suspense fallback={<Loading user={user} />}>
            <Editor
              user={user}
              changed={changed}
              close={(isChanged) => {
                end();
                if (isChanged) changed();
              }}
            />
          </Suspense>
        </PageBoundary>
      ) : (
        <Shown user={user} />
      )}
    </Card>
  );
}

/** The members stay while the rules of the form are loaded. */
function Loading({ user }: { user: AgentUser }) {
  return (
    <>
      <Spinner size="tiny" label={strings.app.loading} labelPosition="after" className="loading-form" />
      <Shown user={user} />
    </>
  );
}

function Shown({ user }: { user: AgentUser }) {
  const text = strings.user.details;
  return (
    <div className="member-groups">
      {GROUPS.map(([group, members]) => (
        <div key={group}>
          <h3>{strings.memberGroups[group]}</h3>
          <dl className="facts">
            {members.map(({ id }) => (
              <Fact key={id} name={strings.members[id]} value={kindOf(id) === "date" ? date(typed(user, id)) : typed(user, id)} />
            ))}
            {group === "identity" && <Fact name={text.created} value={moment(user.createdDateTime)} />}
            {group === "contact" && <Fact name={text.proxyAddresses} value={(user.proxyAddresses ?? []).join("\n")} />}
          </dl>
        </div>
      ))}
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className={value === "" ? "unset" : undefined}>
      <dt>{name}</dt>
      <dd className="lines">{value ? <Breakable text={value} /> : <span className="nothing">{strings.user.noValue}</span>}</dd>
    </div>
  );
}

/** A text whose addresses go on in the next line after their `@`, and not in the middle of a domain. */
function Breakable({ text }: { text: string }) {
  return text.split(/(?<=@)/).map((part, at) => (
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

type Typed = Partial<Record<MemberId, string>>;

function Editor({ user, changed, close }: DetailsProps & { close: (isChanged: boolean) => void }) {
  const [values, setValues] = useState<Typed>({});
  const [isReviewed, review, leaveReview] = useDialog();
  const check = useRules();
  const edited = (Object.entries(values) as [MemberId, string][]).filter(([id, value]) => value !== typed(user, id));
  const broken = new Map(edited.flatMap(([id, value]): [MemberId, readonly Violation[]][] => {
    const violations = check(id, written(id, value));
    return violations.length === 0 ? [] : [[id, violations]];
  }));
  useHeldPage(edited.length > 0);
  const text = strings.user.details;
  const changes = Object.fromEntries(edited.map(([id, value]) => [id, written(id, value)])) as AgentUserChanges;
  const submit = (event: { preventDefault(): void }) => {
    event.preventDefault();
    if (edited.length > 0 && broken.size === 0) review();
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className="member-groups">
        {GROUPS.map(([group, members], at) => (
          <fieldset key={group}>
            <legend>{strings.memberGroups[group]}</legend>
            {members.map(({ id }, place) => (
              <MemberField
                key={id}
                id={id}
                value={values[id] ?? typed(user, id)}
                violations={broken.get(id) ?? []}
                autoFocus={at === 0 && place === 0}
                change={(value) => setValues((now) => ({ ...now, [id]: value }))}
              />
            ))}
          </fieldset>
        ))}
      </div>
      <div className="form-end">
        <span role="status">{text.edited(edited.length, String(edited.length))}</span>
        <Button onClick={() => close(false)}>{strings.app.cancel}</Button>
        <Button type="submit" appearance="primary" disabledFocusable={edited.length === 0 || broken.size > 0}>
          {strings.changes.next}
        </Button>
      </div>
      {isReviewed && (
        <ChangeDialog
          title={text.reviewTitle}
          intro={text.reviewIntro}
          change={(client, options) => client.update(user.id ?? "", changes, options)}
          close={(isChanged, isMade) => {
            leaveReview();
            // The typed value stays where it could not be sent.
            if (isMade) close(true);
            else if (isChanged) changed();
          }}
        />
      )}
    </form>
  );
}
