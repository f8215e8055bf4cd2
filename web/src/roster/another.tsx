import { Button } from "@fluentui/react-button";
import { useState } from "react";
import { strings } from "../strings/index.js";
import type { RosterStore } from "./store.js";

/** Another file; of a run whose results were not saved, only after a second click. */
export function AnotherFile({ store, isAsked }: { store: RosterStore; isAsked: boolean }) {
  const text = strings.roster;
  const [asks, setAsks] = useState(false);
  if (!asks) return <Button onClick={() => (isAsked ? setAsks(true) : store.forget())}>{text.another}</Button>;
  return (
    <span className="asks" role="alert">
      {text.forgets}
      <Button onClick={() => store.forget()}>{text.another}</Button>
      <Button onClick={() => setAsks(false)}>{strings.app.cancel}</Button>
    </span>
  );
}
