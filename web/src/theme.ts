import { useSyncExternalStore } from "react";
import { type Theme, webDarkTheme, webLightTheme } from "@fluentui/react-theme";

export type ThemeChoice = "light" | "dark" | "system";

const KEY = "agentuser.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

/** The choice that this browser remembers; storage may be forbidden. */
function remembered(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

let choice = remembered();

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  dark.addEventListener("change", changed);
  return () => {
    listeners.delete(changed);
    dark.removeEventListener("change", changed);
  };
}

export function setTheme(next: ThemeChoice): void {
  choice = next;
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // The choice holds until the page is left.
  }
  tell();
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, () => choice);
}

export function useTheme(): Theme {
  const isDark = useSyncExternalStore(subscribe, () => (choice === "system" ? dark.matches : choice === "dark"));
  return isDark ? webDarkTheme : webLightTheme;
}
