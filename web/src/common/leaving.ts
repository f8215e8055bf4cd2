import { useEffect } from "react";

let holders = 0;

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Lets the browser ask before the page is left, until the function that it gives is called. */
export function holdPage(): () => void {
  if (holders++ === 0) addEventListener("beforeunload", ask);
  return () => {
    if (--holders === 0) removeEventListener("beforeunload", ask);
  };
}

/** Whether something would be lost with the page. */
export const isPageHeld = (): boolean => holders > 0;

/** Holds the page as long as `holds`. */
export function useHeldPage(holds: boolean): void {
  useEffect(() => (holds ? holdPage() : undefined), [holds]);
}
