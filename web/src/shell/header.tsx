import { Button } from "@fluentui/react-button";
import { Menu, MenuItem, MenuItemRadio, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-menu";
import { lazy, Suspense, useState } from "react";
import { DarkThemeRegular, PersonCircleRegular } from "@fluentui/react-icons";
import { signOut, useSession } from "../connection/session.js";
import { isPageHeld } from "../common/leaving.js";
import { href } from "../route.js";
import { IN_PLACE } from "../common/menu.js";
import { PageBoundary } from "./boundary.js";
import { strings } from "../strings/index.js";
import { setTheme, type ThemeChoice, useThemeChoice } from "../theme.js";

const SignOutDialog = lazy(() => import("./sign-out.js"));

/** The product, where it is connected to, and what concerns every page. */
export function Header() {
  const session = useSession();
  const connection = session.state === "connected" ? session.connection : undefined;
  const [isAsking, ask] = useState(false);
  const place =
    connection === undefined ? undefined : connection.kind === "tenant" ? strings.clouds[connection.cloud] : strings.connection.simulator;
  return (
    <>
      <header className="bar">
        <a className="product" href={href("users")}>
          {strings.app.product}
        </a>
        {place !== undefined && <span className={`place ${connection?.kind ?? ""}`}>{place}</span>}
        {connection?.tenantId !== undefined && <span className="tenant">{strings.app.tenant(connection.tenantId)}</span>}
        <span className="space" />
        <ThemeMenu />
        {connection !== undefined && connection.kind === "tenant" && (
          <Menu {...IN_PLACE}>
            <MenuTrigger disableButtonEnhancement>
              <Button appearance="transparent" icon={<PersonCircleRegular />} aria-label={strings.app.account} />
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                <MenuItem onClick={() => (isPageHeld() ? ask(true) : void signOut())} secondaryContent={connection.account?.userName ?? null}>
                  {strings.app.signOut}
                </MenuItem>
              </MenuList>
            </MenuPopover>
          </Menu>
        )}
      </header>
      {isAsking && (
        <PageBoundary title={strings.connection.signOutFailed}>
          <Suspense>
            <SignOutDialog close={() => ask(false)} />
          </Suspense>
        </PageBoundary>
      )}
    </>
  );
}

function ThemeMenu() {
  const choice = useThemeChoice();
  return (
    <Menu {...IN_PLACE} checkedValues={{ theme: [choice] }} onCheckedValueChange={(_, { checkedItems }) => setTheme(checkedItems[0] as ThemeChoice)}>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="transparent" icon={<DarkThemeRegular />} aria-label={strings.app.theme} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItemRadio name="theme" value="light">
            {strings.app.themeLight}
          </MenuItemRadio>
          <MenuItemRadio name="theme" value="dark">
            {strings.app.themeDark}
          </MenuItemRadio>
          <MenuItemRadio name="theme" value="system">
            {strings.app.themeSystem}
          </MenuItemRadio>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
