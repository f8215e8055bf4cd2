// The parts of the page of one agent user that an address leads to: `#/users/ID?part=people`.
import { useEffect } from "react";
import { useRoute } from "../route.js";

export type UserPart = "commands" | "chain" | "details" | "readiness" | "people" | "lifecycle" | "findings" | "licenses" | "groups" | "permissions" | "access";

/** Takes the focus to a part of the page. */
export function showPart(part: UserPart): void {
  const element = document.getElementById(part);
  if (element === null) return;
  // Only now it can have the focus: a click into it is not a reason for its frame.
  element.tabIndex = -1;
  element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  element.scrollIntoView({ block: "start" });
  element.focus({ preventScroll: true });
}

/** A part takes the focus where the address leads to it. */
export function usePartOfAddress(part: string): void {
  const isWanted = useRoute().query.get("part") === part;
  useEffect(() => {
    if (!isWanted) return undefined;
    // A new page takes the focus itself in the same step.
    const frame = requestAnimationFrame(() => showPart(part as UserPart));
    return () => cancelAnimationFrame(frame);
  }, [isWanted, part]);
}
