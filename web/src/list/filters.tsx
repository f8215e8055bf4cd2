import { Button } from "@fluentui/react-button";
import { Menu, MenuDivider, MenuGroup, MenuGroupHeader, MenuItem, MenuItemRadio, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-menu";
import { ChevronDownRegular, DismissRegular } from "@fluentui/react-icons";
import { memo } from "react";
import { IN_PLACE } from "../common/menu.js";
import { number, strings } from "../strings/index.js";
import { actionName } from "./columns.js";
import type { Extra, Facets, Filters } from "./model.js";
import type { ExtraState, ListState, ListStore } from "./store.js";

/** How many values a menu offers; more are found by the search. */
const OFFERED = 100;

/** A filter whose values come from the rows. */
interface Facet {
  readonly of: keyof Facets;
  readonly title: string;
  /** The values of it are read first. */
  readonly extra?: Extra;
  readonly name: (value: string, skus: ListState["skus"]) => string;
}

const FACETS: readonly Facet[] = [
  { of: "license", title: strings.columns.licenses, name: (value, skus) => (value === "" ? strings.filters.noLicense : (skus.get(value) ?? value)) },
  { of: "domain", title: strings.columns.domain, name: (value) => value || strings.list.none },
  { of: "blueprint", title: strings.columns.blueprint, extra: "blueprints", name: (value) => value || strings.list.none },
  { of: "sponsor", title: strings.columns.sponsors, extra: "governance", name: (value) => value || strings.filters.noSponsor },
  { of: "nextAction", title: strings.filters.nextAction, extra: "governance", name: actionName },
];

const STATUS = [
  ["enabled", strings.list.enabled],
  ["disabled", strings.list.disabled],
] as const;

const ANY = "\u0000any";

type FilterBarProps = { readonly store: ListStore } & Pick<ListState, "query" | "facets" | "extras" | "skus">;

/** The filters, each a menu that says which value it holds. */
export const FilterBar = memo(function FilterBar({ store, query, facets, extras, skus }: FilterBarProps) {
  const { filters, text } = query;
  const set = (change: Filters) => store.query({ filters: without(filters, change) });
  return (
    <>
      <FilterMenu title={strings.columns.status} chosen={filters.status} options={STATUS} choose={(status) => set({ status: status as "enabled" })} />
      {FACETS.map((facet) => (
        <FilterMenu
          key={facet.of}
          title={facet.title}
          chosen={filters[facet.of]}
          nameOf={(value) => facet.name(value, skus)}
          options={(facets?.[facet.of] ?? []).map(([value, count]) => [value, facet.name(value, skus), count])}
          {...(facet.extra === undefined ? {} : { extra: facet.extra, extraState: extras[facet.extra] })}
          choose={(value) => set({ [facet.of]: value })}
          store={store}
        />
      ))}
      {(text !== "" || Object.keys(filters).length > 0) && (
        <Button appearance="subtle" icon={<DismissRegular />} onClick={() => store.query({ text: "", filters: {} })}>
          {strings.list.clearFilters}
        </Button>
      )}
    </>
  );
});

/** The filters with a change, and without those that hold nothing. */
function without(filters: Filters, change: { readonly [Name in keyof Filters]?: Filters[Name] | undefined }): Filters {
  return Object.fromEntries(Object.entries({ ...filters, ...change }).filter(([, value]) => value !== undefined && value !== ANY));
}

interface FilterMenuProps {
  readonly title: string;
  readonly chosen: string | undefined;
  readonly options: readonly (readonly [value: string, name: string, count?: number])[];
  readonly choose: (value: string) => void;
  /** The name of a value that is not among the options, which are counted when the menu is opened. */
  readonly nameOf?: (value: string) => string;
  readonly store?: ListStore;
  readonly extra?: Extra;
  readonly extraState?: ExtraState;
}

function FilterMenu({ title, chosen, options, choose, nameOf = (one) => one, store, extra, extraState = "read" }: FilterMenuProps) {
  const text = strings.filters;
  const value = chosen === undefined ? undefined : (options.find(([one]) => one === chosen)?.[1] ?? nameOf(chosen));
  const hidden = options.length - OFFERED;
  return (
    <Menu {...IN_PLACE}
      checkedValues={{ value: [chosen ?? ANY] }}
      onCheckedValueChange={(_, { checkedItems }) => choose(checkedItems[0] ?? ANY)}
      onOpenChange={(_, { open }) => open && void store?.readFacets()}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button shape="circular" size="small" appearance={value === undefined ? "outline" : "primary"} icon={<ChevronDownRegular />} iconPosition="after">
          {value === undefined ? text.any(title) : text.is(title, value)}
        </Button>
      </MenuTrigger>
      <MenuPopover className="values">
        <MenuList>
          <MenuItemRadio name="value" value={ANY}>
            {text.all}
          </MenuItemRadio>
          {options.slice(0, OFFERED).map(([one, name, count]) => (
            <MenuItemRadio key={one} name="value" value={one} secondaryContent={count === undefined ? null : number(count)}>
              {name}
            </MenuItemRadio>
          ))}
          {hidden > 0 && (
            <MenuGroup>
              <MenuGroupHeader>{text.hidden(number(hidden))}</MenuGroupHeader>
            </MenuGroup>
          )}
          {extra !== undefined && extraState !== "read" && (
            <>
              <MenuDivider />
              <MenuItem persistOnClick disabled={extraState === "reading"} onClick={() => void store?.readExtra(extra)}>
                {extraState === "reading" ? text.reading : extra === "blueprints" ? text.readBlueprints : text.readGovernance}
              </MenuItem>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
