import { AddRegular, ClipboardTaskListLtrRegular, PeopleRegular, PersonStarRegular, SettingsRegular, TableRegular } from "@fluentui/react-icons";
import type { ComponentType } from "react";
import { PAGES } from "../pages.js";
import { href, useRoute } from "../route.js";
import { strings } from "../strings/index.js";

const ICONS: Readonly<Record<string, ComponentType>> = {
  users: PeopleRegular,
  create: AddRegular,
  roster: TableRegular,
  audit: ClipboardTaskListLtrRegular,
  mine: PersonStarRegular,
  settings: SettingsRegular,
};

/** The pages, beside the page on wide windows and below it on narrow ones. */
export function Navigation() {
  const { path } = useRoute();
  const current = path[0] ?? "users";
  return (
    <nav className="pages" aria-label={strings.app.navigation}>
      {PAGES.map(({ at, title }) => {
        const Icon = ICONS[at] ?? PeopleRegular;
        return (
          <a key={at} href={href(at)} title={strings.pages[title]} aria-current={at === current ? "page" : undefined}>
            <Icon />
            <span>{strings.pages[title]}</span>
          </a>
        );
      })}
    </nav>
  );
}
