import { Button } from "@fluentui/react-button";
import {
  ArrowClockwiseRegular,
  CheckmarkCircleRegular,
  OpenRegular,
  PersonDeleteRegular,
  SignOutRegular,
  SubtractCircleRegular,
} from "@fluentui/react-icons";
import type { AgentUser, RetiredUntil } from "agentuser";
import { type ReactElement, useState } from "react";
import type { Choices } from "../changes/actions.js";
import { isFilled, RetireForm } from "../changes/forms.js";
import { useConnection } from "../connection/session.js";
import { portalUser } from "../common/portal.js";
import { strings } from "../strings/index.js";
import type { Change } from "./change.js";
import { ChangeDialog } from "./change-dialog.js";
import { usePartOfAddress } from "./parts.js";

interface CommandsProps {
  readonly user: AgentUser;
  readonly changed: () => void;
  readonly again: () => void;
}

type Command = "enable" | "disable" | "sessions" | "retire";

/** The commands on the agent user as a whole. */
export function UserCommands({ user, changed, again }: CommandsProps) {
  const connection = useConnection();
  const [command, setCommand] = useState<Command>();
  const id = user.id ?? "";
  const portal = portalUser(id, connection);
  usePartOfAddress("commands");
  const text = strings.actions;
  const button = (of: Command, title: string, icon: ReactElement) => (
    <Button appearance="subtle" icon={icon} onClick={() => setCommand(of)}>
      {title}
    </Button>
  );
  const close = (isChanged: boolean) => {
    setCommand(undefined);
    if (isChanged) changed();
  };
  return (
    <div className="commands" id="commands">
      {user.accountEnabled === false
        ? button("enable", text.enable, <CheckmarkCircleRegular />)
        : button("disable", text.disable, <SubtractCircleRegular />)}
      {button("sessions", strings.user.endSessions, <SignOutRegular />)}
      {button("retire", text.retire, <PersonDeleteRegular />)}
      <Button appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={again}>
        {strings.list.refresh}
      </Button>
      {portal !== undefined && (
        <Button as="a" appearance="subtle" icon={<OpenRegular />} href={portal} target="_blank" rel="noreferrer">
          {strings.list.viewInEntra}
        </Button>
      )}
      {command === "retire" && <Retire id={id} close={close} />}
      {command !== undefined && command !== "retire" && <Plain command={command} id={id} close={close} />}
    </div>
  );
}

type Close = (isChanged: boolean) => void;

/** A command that needs no form. */
function Plain({ command, id, close }: { command: Exclude<Command, "retire">; id: string; close: Close }) {
  const text = strings.user;
  const of: Readonly<Record<typeof command, readonly [title: string, intro: string, change: Change]>> = {
    enable: [text.enableTitle, text.enableIntro, (client, options) => client.update(id, { accountEnabled: true }, options)],
    disable: [text.disableTitle, text.disableIntro, (client, options) => client.update(id, { accountEnabled: false }, options)],
    sessions: [text.endSessions, text.sessionsIntro, (client, options) => client.revokeSessions(id, options)],
  };
  const [title, intro, change] = of[command];
  return <ChangeDialog title={title} intro={intro} change={change} close={close} />;
}

function Retire({ id, close }: { id: string; close: Close }) {
  const [choices, setChoices] = useState<Choices>({});
  const { until = "deleted", freeSeats, leaveGroups, acceptDataLoss } = choices;
  const change: Change = (client, options) =>
    client.retire(id, { ...options, until: until as RetiredUntil, freeSeats, leaveGroups, acceptDataLoss });
  return (
    <ChangeDialog
      title={strings.user.retireTitle}
      intro={strings.user.retireIntro}
      change={isFilled("retire", choices) ? change : undefined}
      close={close}
    >
      <RetireForm choices={choices} choose={(more) => setChoices({ ...choices, ...more })} />
    </ChangeDialog>
  );
}
