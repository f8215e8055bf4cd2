import { Button } from "@fluentui/react-button";
import type { Lifecycle } from "agentuser";
import { actionName } from "../list/columns.js";
import { moment, strings } from "../strings/index.js";
import { ChangeDialog, useDialog } from "./change-dialog.js";
import { useReading } from "./reading.js";
import { Section } from "./section.js";

/** The next action of Microsoft's lifecycle policies on the agent identity, and attesting it. */
export function LifecycleSection({ parent, changed }: { parent: string | undefined; changed: () => void }) {
  const lifecycle = useReading(parent, (client, options) => client.lifecycle(parent ?? "", options));
  const [isOpen, open, close] = useDialog();
  const text = strings.user.lifecycle;
  const attest = parent !== undefined && (
    <Button size="small" onClick={open}>
      {text.attest}
    </Button>
  );
  return (
    <>
      <Section id="lifecycle" title={text.title} reading={lifecycle} actions={attest}>
        {(value) => <Ahead lifecycle={value} />}
      </Section>
      {isOpen && (
        <ChangeDialog
          title={text.attestTitle}
          intro={text.attestIntro}
          change={(client, options) => client.attest(parent ?? "", options)}
          close={(isChanged) => {
            close();
            if (isChanged) changed();
          }}
        />
      )}
    </>
  );
}

function Ahead({ lifecycle: { nextAction, nextActionDateTime, policies, remarks = [] } }: { lifecycle: Lifecycle }) {
  const text = strings.user.lifecycle;
  const isHard = nextAction === "disable" || nextAction === "delete";
  return (
    <>
      <p className={isHard ? "next-action bad" : "next-action"}>
        {nextAction === undefined ? text.none : text.next(actionName(nextAction), moment(nextActionDateTime))}
      </p>
      {remarks.map(({ code, message }) => (
        <p key={code}>{message}</p>
      ))}
      {policies.length === 0 ? (
        <p className="nothing">{text.noPolicies}</p>
      ) : (
        <ul className="entries">
          {policies.map(({ id, displayName, compliance, rules = [], relationship }) => (
            <li key={id}>
              <span className="two">
                <span>{displayName ?? id}</span>
                <small>{[...rules, compliance?.status ?? "", relationship === "effective" ? "" : (relationship ?? "")].filter(Boolean).join(", ")}</small>
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
