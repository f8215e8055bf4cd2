import { useSyncExternalStore } from "react";

interface Message {
  readonly id: number;
  readonly text: string;
}

/** How many messages stay in the live region: one that is replaced before a screen reader takes it up would never be read. */
const KEPT = 5;

let said: readonly Message[] = [];
let last = 0;
let listener = () => {};

/** Tells a screen reader something that others see. The same text again is said again. */
export function announce(text: string): void {
  last += 1;
  said = [...said.slice(1 - KEPT), { id: last, text }];
  listener();
}

function subscribe(changed: () => void): () => void {
  listener = changed;
  return () => (listener = () => {});
}

/** The place that screen readers listen to: they read what is added to it. The shell has it once. */
export function LiveRegion() {
  return (
    <div role="status" aria-live="polite" aria-atomic="false" className="unseen">
      {useSyncExternalStore(subscribe, () => said).map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
