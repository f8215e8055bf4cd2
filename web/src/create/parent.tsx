import { Combobox, Option } from "@fluentui/react-combobox";
import { Field } from "@fluentui/react-field";
import type { AgentUserEvent, Blueprint, Problem, ServicePrincipal } from "agentuser";
import { useEffect, useMemo, useState } from "react";
import { waitOf, type Waiting } from "../common/waiting.js";
import { WaitingNote } from "../changes/waiting.js";
import { useClient } from "../connection/session.js";
import { href } from "../route.js";
import { problemOf } from "../common/problem.js";
import { number, strings } from "../strings/index.js";
import { useReading } from "../user/reading.js";
import { Read, SectionProblem } from "../user/section.js";

/** How many agent identities are offered. More are found by typing. */
const OFFERED = 50;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface ParentProps {
  /** The object id of the chosen agent identity. */
  readonly parent: string;
  /** The text by which they are narrowed at first. */
  readonly search: string;
  readonly choose: (id: string) => void;
  /** Why what is chosen can't be used, once the form was sent. */
  readonly broken: string;
}

/** Chooses the agent identity of the agent user, among those that have none. An object id can be typed, too. */
export function ParentPicker({ parent, search, choose, broken }: ParentProps) {
  const { identities, isRead, problem, waiting, again } = useIdentities();
  const blueprints = useReading("blueprints", (client, options) => client.listBlueprints(options));
  const names = useMemo(() => blueprintNames(blueprints.value ?? []), [blueprints.value]);
  const [typed, setTyped] = useState(parent || search);
  // A chosen one stands in the field by its name: then the others are still offered.
  const wanted = parent === "" || ID.test(typed.trim()) ? typed : "";
  const offered = useMemo(() => matching(identities, names, wanted), [identities, names, wanted]);
  const text = strings.create;
  const shown = offered.slice(0, OFFERED);
  const isTypedId = ID.test(typed.trim()) && typed.trim() !== search && !offered.some(({ id }) => id === typed.trim());
  return (
    <>
      <Field
        label={text.parent}
        required
        hint={isRead ? text.parentsRead(identities.length, number(identities.length)) : text.parentsReading(number(identities.length))}
        validationState={broken === "" ? "none" : "error"}
        validationMessage={broken || null}
      >
        <Combobox
          freeform
          inlinePopup
          listbox={{ className: "identities" }}
          placeholder={text.parentSearch}
          value={typed}
          selectedOptions={[parent]}
          onInput={(event) => {
            const { value } = event.target as HTMLInputElement;
            setTyped(value);
            choose(ID.test(value.trim()) ? value.trim() : "");
          }}
          onOptionSelect={(_, { optionText, optionValue = "" }) => {
            setTyped(optionText ?? optionValue);
            choose(optionValue);
          }}
        >
          {shown.map((identity) => (
            <Option key={identity.id} value={identity.id ?? ""} text={identity.displayName ?? identity.id ?? ""}>
              <span className="identity">
                <span>{identity.displayName ?? strings.list.unnamed}</span>
                <small>{[names.get(identity.agentIdentityBlueprintId ?? "") ?? "", identity.accountEnabled === false ? strings.list.disabled : "", identity.id].filter(Boolean).join(" · ")}</small>
              </span>
            </Option>
          ))}
          {isTypedId && <Option value={typed.trim()}>{typed.trim()}</Option>}
          {offered.length > OFFERED && (
            <Option disabled value="more">
              {text.parentMore(number(offered.length - OFFERED))}
            </Option>
          )}
          {offered.length === 0 && !isTypedId && (
            <Option disabled value="none">
              {text.parentNone}
            </Option>
          )}
        </Combobox>
      </Field>
      {!isRead && <WaitingNote waiting={waiting} />}
      {problem !== undefined && <SectionProblem problem={problem} again={again} />}
      {parent !== "" && <Verified key={parent} parent={parent} />}
    </>
  );
}

/** Whether the chosen agent identity can be the parent, by Graph. */
function Verified({ parent }: { parent: string }) {
  const text = strings.create;
  const verified = useReading(parent, async (client, options) => {
    const [identity, user] = await Promise.all([client.verifyParent(parent, options), client.findByParent(parent, options)]);
    return { identity, user };
  });
  return (
    <div className="verified" role="status">
      <Read reading={verified} label={text.verifying}>
        {({ identity, user }) =>
          user === null ? (
            <p className="good">{text.verified(identity.displayName ?? parent)}</p>
          ) : (
            <p className="bad">
              {text.occupied} <a href={href("users", user.id ?? "")}>{user.displayName ?? user.userPrincipalName}</a>
            </p>
          )
        }
      </Read>
    </div>
  );
}

function blueprintNames(blueprints: readonly Blueprint[]): ReadonlyMap<string, string> {
  return new Map(blueprints.map(({ appId, displayName }) => [appId ?? "", displayName ?? ""]));
}

/** The agent identities that have the typed text in their name, blueprint or id. */
function matching(identities: readonly ServicePrincipal[], names: ReadonlyMap<string, string>, typed: string): readonly ServicePrincipal[] {
  const wanted = typed.trim().toLocaleLowerCase();
  if (wanted === "") return identities;
  const has = (value: string | null | undefined) => value?.toLocaleLowerCase().includes(wanted) === true;
  return identities.filter(({ id, displayName, agentIdentityBlueprintId }) => has(displayName) || has(id) || has(agentIdentityBlueprintId) || has(names.get(agentIdentityBlueprintId ?? "")));
}

interface IdentitiesState {
  readonly identities: readonly ServicePrincipal[];
  readonly isRead: boolean;
  readonly problem?: Problem | string;
  readonly waiting?: Waiting;
}

/** The agent identities without an agent user, page by page. */
function useIdentities() {
  const client = useClient();
  const [state, setState] = useState<IdentitiesState>({ identities: [], isRead: false });
  const [asked, ask] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const become = (next: (former: IdentitiesState) => IdentitiesState) => {
      if (!controller.signal.aborted) setState(next);
    };
    const onProgress = (event: AgentUserEvent) => {
      const waiting = waitOf(event);
      if (waiting !== undefined) become((former) => ({ ...former, waiting }));
    };
    const read = async () => {
      const list = client.listIdentities({ withoutAgentUser: true }, { signal: controller.signal, onProgress });
      for await (const page of list.pages()) become(({ identities }) => ({ identities: [...identities, ...page], isRead: false }));
    };
    setState({ identities: [], isRead: false });
    read().then(
      () => become(({ identities }) => ({ identities, isRead: true })),
      (error: unknown) => become(({ identities }) => ({ identities, isRead: true, problem: problemOf(error) })),
    );
    return () => controller.abort();
  }, [client, asked]);
  return { ...state, again: () => ask((n) => n + 1) };
}
