import { useEffect, useState } from "react";
import { usePackage } from "../connection/module.js";
import { useReading } from "../user/reading.js";
import type { Form, Names } from "./row.js";

/** How long a name must stay before Graph is asked for it, in milliseconds. */
const SETTLED = 500;
/** How many names are tried by themselves. */
const ALTERNATIVES = 20;

export interface Suggestion {
  readonly names: Names | undefined;
  /** The user principal name that the form has now, and whether a user has it: undefined while that is not known. */
  readonly isTaken: boolean | undefined;
  /** Names that were suggested before and are taken. */
  readonly taken: readonly string[];
}

/** Names derived from the display name. One that a user has already is followed by the next one. */
export function useNames({ displayName, domain, userPrincipalName }: Form): Suggestion {
  const { derive, validateMember } = usePackage();
  const base = `${displayName.trim()}@${domain}`;
  const [state, setState] = useState({ base, alternative: 1, taken: [] as readonly string[] });
  const { alternative, taken } = state.base === base ? state : { alternative: 1, taken: [] };
  const names = displayName.trim() === "" ? undefined : derive(displayName, { ...(domain === "" ? {} : { domain }), ...(alternative > 1 ? { alternative } : {}) });
  const name = userPrincipalName ?? names?.userPrincipalName ?? "";
  const settled = useSettled(name);
  const isValid = settled !== "" && validateMember("userPrincipalName", settled).length === 0;
  const found = useReading(isValid ? settled : undefined, async (client, options) => ({ name: settled, isTaken: await isThere(() => client.get(settled, options)) }));
  const isTaken = found.step === "read" && found.value?.name === name ? found.value.isTaken : undefined;
  const isNext = isTaken === true && userPrincipalName === undefined && alternative < ALTERNATIVES;
  useEffect(() => {
    if (isNext) setState({ base, alternative: alternative + 1, taken: [...taken, name] });
  }, [isNext, base, name]);
  return { names, isTaken, taken };
}

/** Whether there is a user: another one than an agent user is one, too. */
async function isThere(look: () => Promise<unknown>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === "NotFound") return false;
    if (code === "NotAnAgentUser") return true;
    throw error;
  }
}

/** A value once it has stayed for a while. */
export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
