import type { Access, AccessRole, AccessSource, Unread } from "agentuser";
import { inheritedOf, resourceName } from "../permissions/words.js";
import { list, number, strings } from "../strings/index.js";
import { useReading } from "./reading.js";
import { Section } from "./section.js";

type Known<Entry> = { known: { access: Entry; source: AccessSource }[] } | { unknown: Unread };

/** The rights of the agent user, and where they come from. */
export function AccessSection({ id }: { id: string }) {
  const access = useReading(id, (client, options) => client.access(id, options));
  return (
    <Section id="access" title={strings.user.access.title} reading={access}>
      {(value) => <Parts access={value} />}
    </Section>
  );
}

/** A part of the access, written for people. */
interface Part {
  readonly title: string;
  readonly entries: readonly { readonly name: string; readonly source: AccessSource }[];
  readonly unread?: Unread;
}

function part<Entry>(title: string, of: Known<Entry>, name: (entry: Entry) => string): Part {
  if ("unknown" in of) return { title, entries: [], unread: of.unknown };
  return { title, entries: of.known.map(({ access, source }) => ({ name: name(access), source })) };
}

function partsOf(access: Access): readonly Part[] {
  const text = strings.user.access;
  const words = (...parts: readonly (string | undefined)[]) => parts.filter(Boolean).join(" ");
  const role = ({ displayName, roleDefinitionId, directoryScopeId = "/" }: AccessRole) =>
    words(displayName ?? roleDefinitionId, directoryScopeId === "/" ? "" : text.confined(directoryScopeId));
  return [
    part(text.roles, access.roles, role),
    part(text.eligibleRoles, access.eligibleRoles, role),
    part(text.delegated, access.delegated, ({ scopes, resourceDisplayName, resourceId = "" }) => words(list(scopes), text.of(resourceDisplayName ?? resourceId))),
    part(text.appRoles, access.appRoles, ({ appRole, appRoleId, resourceDisplayName, resourceId = "" }) =>
      words(appRole ?? appRoleId, text.of(resourceDisplayName ?? resourceId)),
    ),
    part(text.inheritable, access.inheritable, (inherited) => text.inherits(inheritedOf(inherited), resourceName(inherited.resourceAppId))),
    part(text.groups, access.groups, ({ displayName, id, isAssignableToRole }) =>
      words(displayName ?? id, isAssignableToRole === true ? text.assignable : ""),
    ),
  ];
}

function Parts({ access }: { access: Access }) {
  const text = strings.user.access;
  const parts = partsOf(access);
  const empty = parts.filter(({ entries, unread }) => entries.length === 0 && unread === undefined);
  return (
    <>
      {parts.map(({ title, entries, unread }) => (
        <div key={title}>
          {unread !== undefined && (
            <>
              <h3>{title}</h3>
              <p className="not-read">{strings.user.notReadBecause(unread.message, unread.permissions ?? [])}</p>
            </>
          )}
          {entries.length > 0 && (
            <>
              <h3>{text.counted(title, number(entries.length))}</h3>
              <Entries entries={entries} />
            </>
          )}
        </div>
      ))}
      {empty.length > 0 && <p className="nothing">{text.none(list(empty.map(({ title }) => title)))}</p>}
    </>
  );
}

function Entries({ entries }: Pick<Part, "entries">) {
  return (
    <ul className="entries">
      {entries.map(({ name, source }, at) => (
        <li key={at}>
          <span className="two">
            <span>{name}</span>
            <small>{sourceText(source)}</small>
          </span>
        </li>
      ))}
    </ul>
  );
}

function sourceText({ kind, displayName, id }: AccessSource): string {
  return strings.user.access.sources[kind](displayName ?? id ?? "");
}
