import { Button } from "@fluentui/react-button";
import { Field } from "@fluentui/react-field";
import { Input } from "@fluentui/react-input";
import type { DirectoryObject } from "agentuser";
import { useState } from "react";
import { RemoveButton } from "../common/remove.js";
import { strings } from "../strings/index.js";
import type { Change } from "./change.js";
import { ChangeDialog } from "./change-dialog.js";
import { useReading } from "./reading.js";
import { Card, Part, Read } from "./section.js";

interface PeopleProps {
  readonly id: string;
  /** The agent identity, where there is one. */
  readonly parent: string | undefined;
  readonly changed: () => void;
}

type Action = { readonly kind: "setManager" | "clearManager" | "addSponsor" } | { readonly kind: "removeSponsor"; readonly sponsor: DirectoryObject };

/** The manager and the sponsors; and the sponsors and owners of the agent identity, which are others. */
export function PeopleSection({ id, parent, changed }: PeopleProps) {
  const manager = useReading(id, (client, options) => client.manager(id, options));
  const sponsors = useReading(id, (client, options) => client.sponsors(id, options));
  const identitySponsors = useReading(parent, (client, options) => client.identitySponsors(parent ?? "", options));
  const owners = useReading(parent, (client, options) => client.identityOwners(parent ?? "", options));
  const [action, setAction] = useState<Action>();
  const readings = parent === undefined ? [manager, sponsors] : [manager, sponsors, identitySponsors, owners];
  const text = strings.user.people;
  return (
    <Card id="people" title={text.title} again={() => readings.forEach(({ again }) => again())} isBusy={readings.some(({ step }) => step === "reading")}>
      <Part
        title={text.manager}
        actions={
          <>
            <Button size="small" onClick={() => setAction({ kind: "setManager" })}>
              {manager.value ? text.change : text.set}
            </Button>
            {manager.value && (
              <Button size="small" appearance="subtle" onClick={() => setAction({ kind: "clearManager" })}>
                {text.remove}
              </Button>
            )}
          </>
        }
      >
        <Read reading={manager}>{(value) => <People people={value === null ? [] : [value]} none={text.noManager} />}</Read>
      </Part>
      <Part
        title={text.sponsors}
        actions={
          <Button size="small" onClick={() => setAction({ kind: "addSponsor" })}>
            {text.addSponsor}
          </Button>
        }
      >
        <Read reading={sponsors}>
          {(value) => <People people={value} none={text.noSponsors} remove={(sponsor) => setAction({ kind: "removeSponsor", sponsor })} />}
        </Read>
      </Part>
      {parent !== undefined && (
        <>
          <Part title={text.identitySponsors}>
            <Read reading={identitySponsors}>{(value) => <People people={value} none={text.noSponsors} />}</Read>
          </Part>
          <Part title={text.identityOwners}>
            <Read reading={owners}>{(value) => <People people={value} none={text.noOwners} />}</Read>
          </Part>
        </>
      )}
      {action !== undefined && (
        <PersonDialog
          id={id}
          action={action}
          close={(isChanged) => {
            setAction(undefined);
            if (isChanged) changed();
          }}
        />
      )}
    </Card>
  );
}

export function nameOf({ displayName, userPrincipalName, id }: DirectoryObject): string {
  return displayName ?? userPrincipalName ?? id ?? "";
}

interface ListProps {
  readonly people: readonly DirectoryObject[];
  readonly none: string;
  readonly remove?: (person: DirectoryObject) => void;
}

function People({ people, none, remove }: ListProps) {
  if (people.length === 0) return <p className="nothing">{none}</p>;
  return (
    <ul className="entries">
      {people.map((person) => (
        <li key={person.id}>
          <span className="two">
            <span>
              {nameOf(person)}
              {person.accountEnabled === false && ` (${strings.list.disabled})`}
            </span>
            <small>{isGroup(person) ? strings.user.people.group : person.userPrincipalName}</small>
          </span>
          {remove !== undefined && <RemoveButton label={strings.user.removeOf(nameOf(person))} remove={() => remove(person)} />}
        </li>
      ))}
    </ul>
  );
}

function isGroup(object: DirectoryObject): boolean {
  return object["@odata.type"] === "#microsoft.graph.group";
}

function PersonDialog({ id, action, close }: { id: string; action: Action; close: (isChanged: boolean) => void }) {
  const [typed, setTyped] = useState("");
  const text = strings.user.people;
  if (action.kind === "clearManager") {
    return <ChangeDialog title={text.clearTitle} change={(client, options) => client.clearManager(id, options)} close={close} />;
  }
  if (action.kind === "removeSponsor") {
    const { sponsor } = action;
    const named = isGroup(sponsor) ? `group:${sponsor.id}` : (sponsor.id ?? "");
    return (
      <ChangeDialog title={text.removeTitle(nameOf(sponsor))} intro={text.removeIntro} change={(client, options) => client.removeSponsor(id, named, options)} close={close} />
    );
  }
  const isManager = action.kind === "setManager";
  const person = typed.trim();
  const change: Change = (client, options) => (isManager ? client.setManager(id, person, options) : client.addSponsor(id, person, options));
  return (
    <ChangeDialog
      title={isManager ? text.managerTitle : text.sponsorTitle}
      intro={isManager ? text.managerIntro : text.sponsorIntro}
      change={person === "" ? undefined : change}
      close={close}
    >
      <Field label={isManager ? text.manager : text.sponsor} hint={isManager ? text.personHint : strings.actions.personHint} required>
        <Input value={typed} autoFocus autoComplete="off" onChange={(_, data) => setTyped(data.value)} />
      </Field>
    </ChangeDialog>
  );
}
