import { useEffect, useState } from "react";

/** Gives the focus back to the element that had it before a dialog, or to the list or the page where that element is gone. */
export function useFocusBack(opener?: Element | null): void {
  const [before] = useState(() => opener ?? document.activeElement);
  useEffect(
    () => () => {
      // The dialog keeps the focus until it is gone.
      requestAnimationFrame(() => {
        // Another page has taken it.
        if (document.activeElement?.id === "main") return;
        // A button of a selection that is gone can't have it.
        for (const element of [before, document.querySelector("[role=grid]"), document.getElementById("main")]) {
          if (!(element instanceof HTMLElement) || !element.isConnected || element === document.body) continue;
          element.focus({ preventScroll: element.id === "main" });
          if (document.activeElement === element) return;
        }
      });
    },
    [before],
  );
}
