import { useSyncExternalStore } from "react";

let said = "";
let listener = () => {};

/** Tells a screen reader something that others see. The same text again is said again. */
export function announce(text: string): void {
  said = said === text ? `${text}\u00a0` : text;
  listener();
}

function subscribe(changed: () => void): () => void {
  listener = changed;
  return () => (listener = () => {});
}

/** The place that screen readers listen to. The shell has it once. */
export function LiveRegion() {
  return (
    <div role="status" aria-live="polite" className="unseen">
      {useSyncExternalStore(subscribe, () => said)}
    </div>
  );
}
