import { Button } from "@fluentui/react-button";
import { Field } from "@fluentui/react-field";
import { Input } from "@fluentui/react-input";
import type { Group } from "agentuser";
import { useState } from "react";
import { RemoveButton } from "../common/remove.js";
import { strings } from "../strings/index.js";
import { ChangeDialog } from "./change-dialog.js";
import { useReading } from "./reading.js";
import { Section } from "./section.js";

type Action = { readonly kind: "add" } | { readonly kind: "remove"; readonly group: Group };

/** The groups that the agent user is a direct member of. */
export function GroupsSection({ id, changed }: { id: string; changed: () => void }) {
  const groups = useReading(id, (client, options) => client.groups(id, options));
  const [action, setAction] = useState<Action>();
  const text = strings.user.groups;
  const actions = (
    <Button size="small" onClick={() => setAction({ kind: "add" })}>
      {text.add}
    </Button>
  );
  return (
    <>
      <Section id="groups" title={text.title} reading={groups} actions={actions}>
        {(value) => <Groups groups={value} remove={(group) => setAction({ kind: "remove", group })} />}
      </Section>
      {action !== undefined && (
        <GroupDialog
          id={id}
          action={action}
          close={(isChanged) => {
            setAction(undefined);
            if (isChanged) changed();
          }}
        />
      )}
    </>
  );
}

function Groups({ groups, remove }: { groups: readonly Group[]; remove: (group: Group) => void }) {
  const text = strings.user.groups;
  if (groups.length === 0) return <p className="nothing">{text.none}</p>;
  return (
    <ul className="entries">
      {groups.map((group) => {
        const name = group.displayName ?? group.id ?? "";
        const isDynamic = group.groupTypes?.includes("DynamicMembership") === true;
        return (
          <li key={group.id}>
            <span className="two">
              <span>{name}</span>
              <small>{kindsOf(group).join(", ")}</small>
            </span>
            {!isDynamic && <RemoveButton label={text.removeFrom(name)} remove={() => remove(group)} />}
          </li>
        );
      })}
    </ul>
  );
}

/** The kinds of a group that matter before its members change. */
function kindsOf({ groupTypes = [], securityEnabled, isAssignableToRole, onPremisesSyncEnabled, assignedLicenses = [] }: Group): string[] {
  const text = strings.user.groups;
  return [
    groupTypes.includes("Unified") ? text.microsoft365 : securityEnabled === true ? text.security : "",
    groupTypes.includes("DynamicMembership") ? text.dynamic : "",
    isAssignableToRole === true ? text.roleAssignable : "",
    onPremisesSyncEnabled === true ? text.synced : "",
    assignedLicenses.length > 0 ? text.assignsLicenses : "",
  ].filter(Boolean);
}

function GroupDialog({ id, action, close }: { id: string; action: Action; close: (isChanged: boolean) => void }) {
  const [typed, setTyped] = useState("");
  const text = strings.user.groups;
  if (action.kind === "remove") {
    const { group } = action;
    return (
      <ChangeDialog
        title={text.removeFrom(group.displayName ?? group.id ?? "")}
        intro={text.removeIntro}
        change={(client, options) => client.removeFromGroup(id, group.id ?? "", options)}
        close={close}
      />
    );
  }
  const named = typed.trim();
  return (
    <ChangeDialog
      title={text.addTitle}
      intro={text.addIntro}
      change={named === "" ? undefined : (client, options) => client.addToGroup(id, named, options)}
      close={close}
    >
      <Field label={text.group} hint={text.hint} required>
        <Input value={typed} autoFocus autoComplete="off" onChange={(_, data) => setTyped(data.value)} />
      </Field>
    </ChangeDialog>
  );
}
