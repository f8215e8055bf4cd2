import { Button } from "@fluentui/react-button";
import { MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-message-bar";
import { usePersonWanted } from "../connection/session.js";
import { strings } from "../strings/index.js";

/** Asks the person to sign in where no token comes without that. What waits for it goes on by itself. */
export function SignInAgain() {
  const person = usePersonWanted();
  if (person === undefined) return null;
  return (
    <MessageBar intent="warning" layout="multiline" className="problem">
      <MessageBarBody>{strings.connection.again}</MessageBarBody>
      <MessageBarActions>
        <Button onClick={() => void person.come()}>{strings.connection.signInAgain}</Button>
      </MessageBarActions>
    </MessageBar>
  );
}
